import { checkSentence, err, GroupId, NAME_LIMIT, ok, type Offer, type Result, type StatementId } from '@auzolan/core'
import { type Cbor, decodeCbor, encodeCbor, itemTypes, readRun, type Verifier } from '@auzolan/trust'
import { groupRow } from '../answers/answer.ts'
import type { Group } from '../group/group.ts'
import { type Fresh, freshFrom, freshIn, proven } from '../lineage/news.ts'
import { type CarriedRecord, carriedIn, provesRecord } from '../lineage/records.ts'
import { picked, type Unit, unitsOf } from '../lineage/units.ts'
import type { BroughtRecords, Refusal } from '../peer.ts'
import { memberOf } from '../workspace/ancestry.ts'
import { type Bringing, carrying, inEntries } from './bringing.ts'
import { lineOf } from './lines.ts'

/** What travels to another group, by whatever way. */
interface Gift {
  readonly to: GroupId
  readonly from: GroupId
  readonly name: string
  readonly why: string
  readonly records: readonly CarriedRecord[]
}

/** Puts what was picked before another group, in which this person may write. */
export const offerTo = async (
  to: Group,
  from: Group,
  { units, why }: { readonly units: readonly string[]; readonly why: string },
  verifier: Verifier,
): Promise<Result<StatementId, Refusal>> => {
  const gift = await giftOf(to, from, units, why, verifier)
  return gift.ok ? deliver(to, gift.value) : gift
}

/** The same as a file, for who is not in the other group: somebody who is takes it in there. */
export const offerFile = async (
  to: Group,
  from: Group,
  { units, why }: { readonly units: readonly string[]; readonly why: string },
  verifier: Verifier,
): Promise<Result<Uint8Array, Refusal>> => {
  const gift = await giftOf(to, from, units, why, verifier)
  return gift.ok ? ok(encodeGift(gift.value)) : gift
}

/** Takes such a file in: what it holds becomes an offer by whoever does. Every record is checked first. */
export const takeOfferFile = async (
  groups: readonly Group[],
  file: Blob,
  verifier: Verifier,
): Promise<Result<{ readonly group: GroupId; readonly offer: StatementId }, Refusal>> => {
  if (file.size > FILE_BYTES) return err({ type: 'too large file' })
  const gift = decodeGift(new Uint8Array(await file.arrayBuffer()))
  if (!gift) return err({ type: 'not such a file' })
  for (const record of gift.records) if (!(await provesRecord(record, verifier))) return err({ type: 'damaged file' })
  const group = groups.find(({ id }) => id === gift.to)
  if (!group) return err({ type: 'not for this device' })
  const known = group.workspace.exchange.offers.find(({ from, why }) => from === gift.from && why === gift.why)
  const same = known && (await recordsOf(group, known)).length === gift.records.length
  if (same) return ok({ group: group.id, offer: known.id })
  const offer = await deliver(group, gift)
  return offer.ok ? ok({ group: group.id, offer: offer.value }) : offer
}

/** Takes in what was picked of an offer, and says so. */
export const acceptOffer = async (
  group: Group,
  id: StatementId,
  { units, thanks }: { readonly units: readonly string[]; readonly thanks: string },
  bringing: Bringing,
): Promise<Result<BroughtRecords, Refusal>> => {
  const offer = group.workspace.exchange.offers.find((each) => each.id === id)
  const words = lineOf('thanks', checkSentence(thanks))
  if (!offer) return err({ type: 'no such thing' })
  if (!words.ok) return words
  const offered = await offeredUnits(group, offer)
  const wanted = picked(offered, units, group)
  const taken = await bringing.adopt(group, wanted, id)
  if (!taken.ok) return taken
  const some = wanted.length === 0 ? 'none' : 'some'
  const answer = await group.say({
    kind: 'answer',
    offer: id,
    taken: wanted.length === offered.length && offered.length > 0 ? 'all' : some,
    thanks: words.value,
  })
  return answer.ok ? taken : answer
}

/** What of an offer is not in the group yet. */
export const offeredUnits = async (group: Group, offer: Offer): Promise<readonly Unit[]> => {
  const fresh = (await recordsOf(group, offer)).flatMap((record) => freshFrom(record, group.workspace) ?? [])
  return unitsOf([...new Map(fresh.map((each): [StatementId, Fresh] => [each.id, each])).values()])
}

/** Everything that whoever made the offer put into it. */
export const recordsOf = async ({ workspace }: Group, { id, by }: Offer): Promise<readonly CarriedRecord[]> => {
  const records: CarriedRecord[] = []
  for (const { device, seq } of workspace.exchange.placesOf(id)) {
    const source = workspace.sources.find(({ log }) => log.seqOf(device) > 0)
    if (!source || memberOf(workspace.sources, device) !== by) continue
    const run = await source.log.runHolding(device, seq)
    const entries = run && readRun(source.log.group, run)
    const entry = entries?.ok ? entries.value.find((each) => each.seq === seq) : undefined
    for (const [index, item] of entry?.items.entries() ?? []) {
      if (item.type !== itemTypes.statement) continue
      const record = carriedIn(item, entry?.items[index + 1], id)
      if (record) records.push(record)
    }
  }
  return records
}

const giftOf = async (
  to: Group,
  from: Group,
  keys: readonly string[],
  why: string,
  verifier: Verifier,
): Promise<Result<Gift, Refusal>> => {
  const words = lineOf('why', checkSentence(why))
  if (!words.ok) return words
  const units = picked(unitsOf(await freshIn(from.workspace, to.workspace)), keys, to)
  const records = await proven(
    units.flatMap(({ fresh }) => fresh).filter(({ said }) => said?.text !== null),
    verifier,
  )
  if (records.length === 0) return err({ type: 'no such thing' })
  const { name } = await groupRow(from)
  return ok({
    to: to.id,
    from: from.id,
    name: name.slice(0, NAME_LIMIT),
    why: words.value,
    records: records.map(({ record }) => record),
  })
}

const deliver = async (to: Group, { from, name, why, records }: Gift): Promise<Result<StatementId, Refusal>> => {
  const offer = await to.say({ kind: 'offer', from, name, why })
  if (!offer.ok) return offer
  for (const some of inEntries(records)) {
    const said = await to.sayAll(
      some.map((record) => carrying({ kind: 'offered', offer: offer.value, ...record.proof }, record)),
    )
    if (!said.ok) return said
  }
  return offer
}

const encodeGift = ({ to, from, name, why, records }: Gift): Uint8Array =>
  encodeCbor([
    FORMAT,
    GroupId.toBytes(to),
    GroupId.toBytes(from),
    name,
    why,
    records.map(({ proof, text }): Cbor => [
      proof.header,
      proof.signature,
      proof.index,
      proof.item,
      proof.name,
      ...(text ? [text] : []),
    ]),
  ])

/** `undefined`: not what this app writes. What the records say is proven one by one. */
const decodeGift = (bytes: Uint8Array): Gift | undefined => {
  const decoded = decodeCbor(bytes, { depth: 3, length: FILE_BYTES })
  if (!decoded.ok || !Array.isArray(decoded.value)) return undefined
  const [format, to, from, name, why, list] = decoded.value as readonly unknown[]
  if (format !== FORMAT || !isBytes(to, GroupId.length) || !isBytes(from, GroupId.length)) return undefined
  if (typeof name !== 'string' || name.length > NAME_LIMIT || typeof why !== 'string' || !Array.isArray(list))
    return undefined
  const reason = checkSentence(why)
  if (!reason.ok) return undefined
  const records: CarriedRecord[] = []
  for (const each of list as readonly unknown[]) {
    const [header, signature, index, item, author, text] = Array.isArray(each) ? (each as readonly unknown[]) : []
    if (!isBytes(header) || !isBytes(signature, SIGNATURE_BYTES) || !isBytes(item)) return undefined
    if (!Number.isSafeInteger(index) || typeof author !== 'string' || author.length > NAME_LIMIT) return undefined
    if (text !== undefined && !isBytes(text)) return undefined
    records.push({ proof: { header, signature, index: index as number, item, name: author }, text })
  }
  return { to: GroupId.fromBytes(to), from: GroupId.fromBytes(from), name, why: reason.value, records }
}

const isBytes = (value: unknown, length?: number): value is Uint8Array =>
  value instanceof Uint8Array && (length === undefined || value.length === length)

const FORMAT = 'auzolan/offer/1'
const SIGNATURE_BYTES = 64
/** Some ten thousand records; what is larger is a copy of the group. */
const FILE_BYTES = 32 * 1024 * 1024
