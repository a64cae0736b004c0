import { type DeviceId, err, type GroupId, type Instant, ok, type Result } from '@auzolan/core'
import { peerIdBytes, peerIdText } from '@auzolan/network'
import {
  controlLimits,
  encodeDeviceLink,
  invitationKeys,
  invitationLimits,
  type KeyStore,
  makeDeviceRequest,
  parseDeviceLink,
} from '@auzolan/trust'
import { groupRow } from '../answers/answer.ts'
import type { Group } from '../group/group.ts'
import type { Groups } from '../group/groups.ts'
import type { DeviceLinkPreview, InvitationFault, OpenedLink, PeerOptions, Refusal } from '../peer.ts'
import { within } from './lines.ts'

/** Milliseconds a link is good for: time to fetch the other device, and too little to pass a photograph of the code around. */
const LINK_LASTS = 10 * 60 * 1000

/** One person with several devices: linking one more, and locking one out. */
export class Devices {
  readonly #options: PeerOptions
  readonly #keys: KeyStore
  readonly #groups: Groups

  constructor(options: PeerOptions, keys: KeyStore, groups: Groups) {
    this.#options = options
    this.#keys = keys
    this.#groups = groups
  }

  /** Opens a link. Its secret is in the link alone, and is gone with it. */
  async open(group: Group, helpers: readonly string[]): Promise<Result<OpenedLink, Refusal>> {
    const { entropy, network, clock, appAddress = '' } = this.#options
    const { me, keys } = group
    if (group.isRevoked) return err({ type: 'device revoked' })
    if (!me || !group.isActive(keys.device)) return err({ type: 'not a member' })
    const secret = entropy.bytes(16)
    const { publicKey } = await invitationKeys(secret)
    // A link that names nobody to look for finds nobody.
    await network.introduced
    const self = peerIdBytes(network.self)
    const link = encodeDeviceLink({
      group: group.id,
      member: me,
      device: keys.device,
      secret,
      groupName: (await groupRow(group)).name.slice(0, controlLimits.name),
      myName: group.myName,
      peers: self ? [self] : [],
      hints: helpers.filter(({ length }) => length <= invitationLimits.hint).slice(0, invitationLimits.hints),
    })
    const until = (clock.now() + LINK_LASTS) as Instant
    group.linking.open(publicKey, until)
    return ok({ link: `${appAddress}#/device/${link}`, until })
  }

  async read(text: string): Promise<Result<DeviceLinkPreview, InvitationFault>> {
    const link = parseDeviceLink(text)
    if (!link.ok) return link
    const { group, groupName, myName } = link.value
    if (await this.#isIn(group)) return err({ type: 'already a member', group })
    return ok({ group, groupName, myName })
  }

  /** Keeps a signed request to come in as one more device of its person; the session carries it to the device that showed the link. */
  async use(text: string, called: string): Promise<Result<GroupId, Refusal>> {
    const link = parseDeviceLink(text)
    const label = within('label', called.trim(), controlLimits.name)
    if (!link.ok) return link
    if (!label.ok) return label
    const { group } = link.value
    if (await this.#isIn(group)) return err({ type: 'already a member', group })
    const keys = await this.#keysFor(group)
    return this.#groups.add({
      group,
      standing: 'joining',
      device: keys.device,
      name: link.value.groupName,
      since: this.#options.clock.now(),
      example: false,
      joining: {
        secret: link.value.secret,
        proof: await makeDeviceRequest(link.value, keys, label.value),
        peers: link.value.peers.flatMap((peer) => peerIdText(peer) ?? []),
        addresses: link.value.hints,
        from: link.value.device,
      },
    })
  }

  async #isIn(id: GroupId): Promise<boolean> {
    const group = await this.#groups.get(id)
    return group?.isActive(group.keys.device) ?? false
  }

  /** Keys that were never in the group: one that was revoked does not come in again. */
  async #keysFor(id: GroupId): ReturnType<KeyStore['create']> {
    const group = await this.#groups.get(id)
    const isUnused = group?.record.standing === 'joining' && !group.isRevoked
    return (isUnused && (await this.#keys.open(group.keys.device))) || this.#keys.create()
  }

  /** What this device wrote before stays; what it writes from now on does not count. */
  async revoke(group: Group, device: DeviceId): Promise<Result<null, Refusal>> {
    const { state } = group.workspace.log
    const known = state.devices.get(device)
    if (!known || known.revoked || device === group.keys.device) return err({ type: 'no such thing' })
    if (known.member !== group.me) return err({ type: 'not yours' })
    const entry = await group.decide({ kind: 'revokeDevice', device })
    return entry.ok ? ok(null) : entry
  }
}
