import { type DeviceId, err, type GroupId, ok, type Result } from '@auzolan/core'
import {
  controlLimits,
  encodeSheet,
  makeRecoveryRequest,
  makeSheet,
  parseDeviceLink,
  parseInvitation,
  parseSheet,
  sheetLines,
} from '@auzolan/trust'
import { groupRow } from '../answers/answer.ts'
import { liveSheets } from '../answers/sheets.ts'
import type { Group } from '../group/group.ts'
import type { Groups } from '../group/groups.ts'
import type { DeviceLinkPreview, InvitationFault, MadeSheet, PeerOptions, Refusal } from '../peer.ts'
import { within } from './lines.ts'
import { hintsOf, whoToLookFor } from './where.ts'

interface Where {
  readonly peers: readonly Uint8Array[]
  readonly hints: readonly string[]
}
const NOWHERE: Where = { peers: [], hints: [] }

/** Recovery sheets: made while all is well, read when every device is lost (`TRUST.md` T7). */
export class Recovery {
  readonly #options: PeerOptions
  readonly #groups: Groups

  constructor(options: PeerOptions, groups: Groups) {
    this.#options = options
    this.#groups = groups
  }

  /** Makes a sheet and ends the earlier ones of this person. Its secret is in the answer alone. */
  async make(group: Group, helpers: readonly string[]): Promise<Result<MadeSheet, Refusal>> {
    const { entropy, network, appAddress = '' } = this.#options
    const { me } = group
    if (!me) return err({ type: 'not a member' })
    const secret = entropy.bytes(16)
    const made = await makeSheet(group.id, me, secret)
    const earlier = liveSheets(group).map(([sheet]) => sheet)
    const known = await group.decide(made)
    if (!known.ok) return known
    for (const sheet of earlier) await group.decide({ kind: 'revokeDevice', device: sheet })
    // A sheet that names nobody to look for finds nobody.
    await network.introduced
    const sheet = {
      group: group.id,
      secret,
      groupName: (await groupRow(group)).name.slice(0, controlLimits.name),
      myName: group.myName,
      peers: whoToLookFor(group, network.self),
      hints: hintsOf(helpers),
    }
    return ok({ id: made.sheet, link: `${appAddress}#/recover/${encodeSheet(sheet)}`, lines: sheetLines(sheet) })
  }

  /** Nobody comes in by it any more, where that is known. */
  async cancel(group: Group, sheet: DeviceId): Promise<Result<null, Refusal>> {
    if (!liveSheets(group).some(([live]) => live === sheet)) return err({ type: 'no such thing' })
    const entry = await group.decide({ kind: 'revokeDevice', device: sheet })
    return entry.ok ? ok(null) : entry
  }

  async read(text: string): Promise<Result<DeviceLinkPreview, InvitationFault>> {
    const sheet = parseSheet(text)
    if (!sheet.ok) return sheet
    const { group, groupName, myName } = sheet.value
    if (await this.#groups.isIn(group)) return err({ type: 'already a member', group })
    return ok({ group, groupName, myName })
  }

  /** Keeps a signed request to come back in; sessions carry it to whoever of the group is met. `near`: a link that says where to look. */
  async use(text: string, called: string, near: string): Promise<Result<GroupId, Refusal>> {
    const preview = await this.read(text)
    const sheet = parseSheet(text)
    const label = within('label', called.trim(), controlLimits.name)
    if (!preview.ok) return preview
    if (!sheet.ok) return sheet
    if (!label.ok) return label
    const { group, secret, groupName, peers, hints } = sheet.value
    const where = near.trim() === '' ? ok(NOWHERE) : whereOf(near, group)
    if (!where.ok) return where
    const keys = await this.#groups.unusedKeys(group)
    return this.#groups.ask({
      group,
      device: keys.device,
      name: groupName,
      secret,
      proof: await makeRecoveryRequest(group, secret, keys, label.value),
      peers: [...where.value.peers, ...peers],
      addresses: [...where.value.hints, ...hints],
      from: null,
    })
  }
}

/** What an invitation, or a link for a further device, says of where its group is. It is not used up by that. */
const whereOf = (text: string, group: GroupId): Result<Where, InvitationFault> => {
  const invitation = parseInvitation(text)
  const link = invitation.ok ? invitation : parseDeviceLink(text)
  if (!link.ok) return link.error.type === 'not an invitation' ? invitation : link
  return link.value.group === group ? ok(link.value) : err({ type: 'other group' })
}
