import {
  checkName,
  type ControlId,
  DeviceId,
  err,
  type GroupId,
  type Instant,
  NAMELESS,
  ok,
  type Result,
} from '@auzolan/core'
import { peerIdBytes } from '@auzolan/network'
import { controlLimits, encodeInvitation, invitationKeys, makeJoinRequest, parseInvitation } from '@auzolan/trust'
import { groupRow } from '../answers/answer.ts'
import type { Group } from '../group/group.ts'
import type { Groups } from '../group/groups.ts'
import { linksKey } from '../log/layout.ts'
import type { InvitationFault, InvitationPreview, PeerOptions, Refusal } from '../peer.ts'
import { readTexts, writeTexts } from '../log/texts.ts'
import { lineOf, within } from './lines.ts'
import { hintsOf } from './where.ts'

/** Making, showing, reading and using invitations. Their secrets lie in the links, which only their maker keeps. */
export class Invitations {
  readonly #options: PeerOptions
  readonly #groups: Groups
  readonly #links = new Map<GroupId, Promise<Map<string, string>>>()

  constructor(options: PeerOptions, groups: Groups) {
    this.#options = options
    this.#groups = groups
  }

  async make(
    group: Group,
    draft: { readonly uses: number; readonly note?: string; readonly expires?: Instant; readonly askFirst?: boolean },
    helpers: readonly string[],
  ): Promise<Result<{ readonly id: ControlId; readonly link: string }, Refusal>> {
    const { store, entropy, network } = this.#options
    const { uses, expires = null } = draft
    const note = within('note', draft.note ?? '', controlLimits.note)
    if (!note.ok) return note
    if (!Number.isInteger(uses) || uses < 1 || uses > controlLimits.uses)
      return err({ type: 'too long', field: 'uses', limit: controlLimits.uses })
    const secret = entropy.bytes(16)
    const { publicKey } = await invitationKeys(secret)
    // Said before the invitation is: whoever knows that one, knows this.
    const asks = draft.askFirst ? await group.say({ kind: 'askFirst', key: DeviceId.fromBytes(publicKey) }) : undefined
    if (asks?.ok === false) return asks
    const decided = await group.decide({ kind: 'invite', key: publicKey, uses, expires, note: note.value })
    if (!decided.ok) return decided
    const id = decided.value.id as ControlId
    // A link that names nobody to look for finds nobody.
    await network.introduced
    const self = peerIdBytes(network.self)
    const link = encodeInvitation({
      group: group.id,
      secret,
      groupName: (await groupRow(group)).name.slice(0, controlLimits.name),
      inviterName: group.myName,
      expires,
      peers: self ? [self] : [],
      hints: hintsOf(helpers),
    })
    const links = (await this.#linksOf(group.id)).set(id, link)
    await store.write([{ do: 'put', key: linksKey(group.id), value: writeTexts([...links].flat()) }], {
      durability: 'strict',
    })
    return ok({ id, link: this.#whole(link) })
  }

  /** Whole links by invitation, of those this device made. */
  async links(group: GroupId): Promise<ReadonlyMap<string, string>> {
    return new Map([...(await this.#linksOf(group))].map(([invitation, link]) => [invitation, this.#whole(link)]))
  }

  /** Who was removed, or whose admission fell, may come in again as somebody new; a device that was locked out belongs to who is in. */
  async read(text: string): Promise<Result<InvitationPreview, InvitationFault>> {
    const invitation = parseInvitation(text)
    if (!invitation.ok) return invitation
    const { group, groupName, inviterName, expires } = invitation.value
    if (this.#groups.record(group)?.standing === 'member') {
      const end = await this.#groups.endOf(group)
      if (end === 'revoked') return err({ type: 'locked out' })
      if (!end)
        return err((await this.#groups.isSetAside(group)) ? { type: 'rewound' } : { type: 'already a member', group })
    }
    if (expires !== null && expires < this.#options.clock.now()) return err({ type: 'ended', at: expires })
    return ok({ group, groupName, inviterName, expires })
  }

  /** Keeps a signed request to be let in; sessions carry it to whoever of the group is met. */
  async use(text: string, myName: string): Promise<Result<GroupId, Refusal>> {
    const preview = await this.read(text)
    const invitation = parseInvitation(text)
    const name = lineOf('name', checkName(myName))
    if (!preview.ok) return preview
    if (!invitation.ok) return invitation
    if (!name.ok) return name
    const { group, secret, groupName, peers, hints } = invitation.value
    const keys = await this.#groups.unusedKeys(group)
    const proof = await makeJoinRequest(invitation.value, keys, name.value || NAMELESS, this.#options.entropy)
    return this.#groups.ask({
      group,
      device: keys.device,
      name: groupName,
      secret,
      proof,
      peers,
      addresses: hints,
      from: null,
    })
  }

  #whole(link: string): string {
    return `${this.#options.appAddress ?? ''}#/join/${link}`
  }

  /** One map for all who ask, also while it is being read. */
  #linksOf(id: GroupId): Promise<Map<string, string>> {
    const known = this.#links.get(id)
    if (known) return known
    const links = this.#readLinks(id)
    this.#links.set(id, links)
    links.catch(() => this.#links.delete(id))
    return links
  }

  async #readLinks(id: GroupId): Promise<Map<string, string>> {
    const texts = readTexts(await this.#options.store.get(linksKey(id)))
    const links = new Map<string, string>()
    for (let at = 0; at + 1 < texts.length; at += 2) links.set(texts[at] as string, texts[at + 1] as string)
    return links
  }
}
