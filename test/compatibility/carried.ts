import { ControlId, cutIntoCodes, type GroupId, type Instant, MemberId, toHex } from '@auzolan/core'
import {
  certificate,
  type Control,
  ControlLog,
  type DeviceKeys,
  encodeControl,
  encodeDeviceLink,
  encodeKeeperInvitation,
  encodePackKeys,
  encodeSheet,
  type Entry,
  EpochKeys,
  type FeedTip,
  itemTypes,
  makeDeviceRequest,
  makeEpoch,
  makeRecoveryRequest,
  makeSheet,
  openVerifier,
  type Run,
  sealPack,
  sheetLines,
  signEntry,
} from '@auzolan/trust'
import { encodeContent } from '../../packages/peer/src/pack/content.ts'

const at = 1_800_000_000_000 as Instant
const filled = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)
/** Not random, so that the bytes are the same each time. */
const entropy = { bytes: (length: number) => filled(length, 5) }

/** What is carried by people, keepers, files and paper: texts as they are, bytes in hex. */
export const carriedOf = async (founding: Founded, ada: DeviceKeys, ben: DeviceKeys, run: Run) => {
  const { group } = founding
  const member = MemberId.fromBytes(filled(32, 4))
  const where = { peers: [filled(38, 8)], hints: ['/ip4/192.168.1.20/tcp/4001/ws'] }
  const secret = filled(16, 3)
  const link = { group, member, device: ada.device, secret, groupName: 'Elm', myName: 'Ada', ...where }
  const sheet = { group, secret, groupName: 'Elm', myName: 'Ada', ...where }
  const recipients = [ada, ben].map(({ device, box }) => ({ device, box }))
  const earlier = { epoch: ControlId.fromBytes(filled(32, 1)), key: filled(32, 2) }
  const { control: epoch, key } = await makeEpoch(group, recipients, [earlier], entropy)
  const id = ControlId.fromBytes(filled(32, 6))
  const keys = new EpochKeys(id, key)
  const content = encodeContent({ group, heads: [id], parcels: [{ run }], proofs: [], alone: [] })
  const codes = cutIntoCodes('copy', filled(301, 9))
  return {
    ownDevice: encodeDeviceLink({ purpose: 'own', ...link }),
    lostDevice: encodeDeviceLink({ purpose: 'lost', ...link }),
    deviceRequest: toHex((await makeDeviceRequest(link, ben, 'phone')).request),
    sheet: encodeSheet(sheet),
    sheetLines: sheetLines(sheet),
    sheetProof: toHex((await makeSheet(group, member, secret)).proof),
    recoveryRequest: toHex((await makeRecoveryRequest(group, secret, ben, 'phone')).request),
    keeper: encodeKeeperInvitation([keys.relayKey()]),
    epochCommitment: toHex(epoch.commitment),
    epochWraps: toHex(epoch.wraps),
    epochBefore: epoch.before.map(({ wrap }) => toHex(wrap)),
    content: toHex(content),
    pack: toHex(await sealPack(keys, content, at, entropy)),
    packKeys: toHex(await encodePackKeys(group, { id, key, keys }, recipients, entropy)),
    codes: codes.ok ? codes.value : [],
    certificate: toHex(await decisionOf(founding, ada)),
  }
}

interface Founded {
  readonly group: GroupId
  readonly entry: Entry
  readonly tip: FeedTip
}

/** The file of a decision that its founder made alone. */
const decisionOf = async ({ group, entry, tip: founded }: Founded, ada: DeviceKeys): Promise<Uint8Array> => {
  const log = new ControlLog(group, await openVerifier())
  await log.judge(entry)
  let tip = founded
  const say = async (control: Control): Promise<ControlId> => {
    const items = [{ type: itemTypes.control, bytes: encodeControl(control) }]
    const signed = await signEntry(tip, group, ada, { at, heads: log.heads, items })
    await log.judge(signed.entry)
    tip = signed.tip
    return signed.entry.id as ControlId
  }
  const proposal = await say({ kind: 'propose', action: { kind: 'rename', name: 'Elm', purpose: '' }, reason: '' })
  await say({ kind: 'ballot', proposal, vote: 'yes' })
  const file = certificate(log, await say({ kind: 'enact', proposal, close: null }))
  if (!file.ok) throw new Error(file.error.type)
  return file.value
}
