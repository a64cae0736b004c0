import { type DeviceId, err, type GroupId, type Instant, type MemberId, ok, type Result } from '@auzolan/core'
import { peerIdBytes } from '@auzolan/network'
import { controlLimits, encodeDeviceLink, invitationKeys, makeDeviceRequest, parseDeviceLink } from '@auzolan/trust'
import { groupRow } from '../answers/answer.ts'
import { liveSheets } from '../answers/sheets.ts'
import type { Group } from '../group/group.ts'
import type { Groups } from '../group/groups.ts'
import type { DeviceLinkPreview, InvitationFault, OpenedLink, PeerOptions, Refusal } from '../peer.ts'
import { within } from './lines.ts'
import { hintsOf, whoToLookFor } from './where.ts'

/** Milliseconds a link is good for: time to fetch the other device, and too little to pass a photograph of the code around. */
const LINK_LASTS = 10 * 60 * 1000

/** One person with several devices: linking one more, and locking one out. */
export class Devices {
  readonly #options: PeerOptions
  readonly #groups: Groups

  constructor(options: PeerOptions, groups: Groups) {
    this.#options = options
    this.#groups = groups
  }

  /** Opens a link for an own device, or for somebody who has lost theirs. Its secret is in the link alone, and is gone with it. */
  async open(group: Group, helpers: readonly string[], lost?: MemberId): Promise<Result<OpenedLink, Refusal>> {
    const { entropy, network, clock, appAddress = '' } = this.#options
    const { me, keys } = group
    if (group.isRevoked) return err({ type: 'device revoked' })
    if (group.isFrozen) return err({ type: 'device frozen' })
    if (group.isRewound) return err({ type: 'device rewound' })
    if (!me || !group.isActive(keys.device)) return err({ type: 'not a member' })
    const member = lost ?? me
    const person = group.workspace.log.state.members.get(member)
    if (!person || person.left || person.removed) return err({ type: 'no such thing' })
    const secret = entropy.bytes(16)
    const { publicKey } = await invitationKeys(secret)
    // A link that names nobody to look for finds nobody.
    await network.introduced
    const self = peerIdBytes(network.self)
    const link = encodeDeviceLink({
      purpose: lost ? 'lost' : 'own',
      group: group.id,
      member,
      device: keys.device,
      secret,
      groupName: (await groupRow(group)).name.slice(0, controlLimits.name),
      myName: lost ? (group.workspace.board.name(lost) ?? person.name) : group.myName,
      // An own device asks this one alone; the group may decide while this one is away.
      peers: lost ? whoToLookFor(group, network.self) : self ? [self] : [],
      hints: hintsOf(helpers),
    })
    const until = (clock.now() + LINK_LASTS) as Instant
    group.linking.open(publicKey, until, member)
    return ok({ link: `${appAddress}#/device/${link}`, until })
  }

  async read(text: string): Promise<Result<DeviceLinkPreview, InvitationFault>> {
    const link = parseDeviceLink(text)
    if (!link.ok) return link
    const { group, groupName, myName, purpose } = link.value
    if (await this.#groups.isIn(group)) return err({ type: 'already a member', group })
    return ok({ group, groupName, myName, lost: purpose === 'lost' })
  }

  /** Keeps a signed request to come in as one more device of its person; the session carries it to the device that showed the link. */
  async use(text: string, called: string): Promise<Result<GroupId, Refusal>> {
    const link = parseDeviceLink(text)
    const label = within('label', called.trim(), controlLimits.name)
    if (!link.ok) return link
    if (!label.ok) return label
    const { group, device: from, groupName, secret, peers, hints } = link.value
    if (await this.#groups.isIn(group)) return err({ type: 'already a member', group })
    const keys = await this.#groups.unusedKeys(group)
    const proof = await makeDeviceRequest(link.value, keys, label.value)
    return this.#groups.ask({
      group,
      device: keys.device,
      name: groupName,
      secret,
      proof,
      peers,
      addresses: hints,
      from,
    })
  }

  /** What the device wrote before stays; what it writes from now on does not count, nor does a recovery sheet made on it. */
  async revoke(group: Group, device: DeviceId): Promise<Result<null, Refusal>> {
    const { log } = group.workspace
    const known = log.state.devices.get(device)
    if (!known || known.revoked || device === group.keys.device) return err({ type: 'no such thing' })
    if (known.member !== group.me) return err({ type: 'not yours' })
    const held = await log.held([device])
    const entry = await group.decide({ kind: 'revokeDevice', device, ...(held.length > 0 ? { held } : {}) })
    if (!entry.ok) return entry
    // Whoever has the lost device could have made a way back for themselves.
    for (const [sheet, { by }] of liveSheets(group))
      if (by === device) await group.decide({ kind: 'revokeDevice', device: sheet })
    return ok(null)
  }
}
