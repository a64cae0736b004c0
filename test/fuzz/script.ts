import { type ControlId, DeviceId, equalBytes, type GroupId, type Instant, MemberId } from '@auzolan/core'
import * as trust from '@auzolan/trust'
import { controlItem } from '../../packages/peer/src/log/control-record.ts'

/** Says yes to every key and signature: what is looked for lies behind them. */
export const trusting: trust.Verifier = { verify: async () => true, goodKey: () => true, native: false }

/** Steps of one script: more take longer and reach nothing new. */
const MOST_STEPS = 48
/** Numbers of a step's author from here on say that the entry stands in the place of the author's last one. */
const TWIN = 16

const filled = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)
const marked = (mark: number, number: number): Uint8Array => {
  const bytes = filled(32, 0)
  bytes.set([mark, number])
  return bytes
}

/**
 * A script is CBOR: `[[who, [step, …], control], …]`, who said what after which steps; the first founds the group. Ids cannot be guessed, so a
 * control's fields name what they mean by these stand-ins: 32 bytes that begin with a mark and a number, else zeros.
 */
export const standIn = {
  /** The entry of a step. */
  entry: (step: number) => marked(0xee, step),
  device: (who: number) => marked(0xdd, who),
  /** A founder. */
  member: (who: number) => marked(0xcc, who),
  /** Who came in by `request`. */
  newcomer: (who: number) => marked(0xcb, who),
  /** The bytes of a request to join, and of one to come back by the sheet of device 9. */
  request: (who: number) => ['request', who],
  recovery: (who: number) => ['recovery', who],
}

const deviceOf = (who: number): DeviceId => DeviceId.fromBytes(filled(32, 1 + (who % TWIN)))
export const inviteKey = filled(32, 0x77)

class Play {
  readonly entries: trust.Entry[] = []
  private readonly places = new Map<DeviceId, number>()

  step(line: trust.Cbor): void {
    if (!Array.isArray(line)) return
    const [who, after, control] = line as readonly trust.Cbor[]
    if (typeof who !== 'number' || who < 0 || !Array.isArray(after) || control === undefined) return
    const device = deviceOf(who)
    const seq = (this.places.get(device) ?? 0) + (who < TWIN || !this.places.has(device) ? 1 : 0)
    const heads = [...new Set(after.map((step) => this.idAt(typeof step === 'number' ? step : 0)))].sort()
    const founding = this.entries.length === 0
    if (founding ? seq !== 1 : heads.length === 0 || heads.includes(undefined as never)) return
    const entry: trust.Entry = {
      group: (this.entries[0]?.id ?? '00'.repeat(32)) as GroupId,
      device,
      seq,
      prev: filled(32, 0),
      heads: founding ? [] : heads.slice(0, trust.entryLimits.heads),
      at: 0 as Instant,
      items: [controlItem(trust.encodeCbor(this.filledIn(control)))],
      packed: filled(0, 0),
      signature: filled(64, 0),
      id: null,
    }
    const id = trust.entryId(entry)
    this.places.set(device, seq)
    this.entries.push({ ...entry, id, ...(founding ? { group: id as string as GroupId } : {}) })
  }

  private idAt(step: number): ControlId {
    return this.entries[step % Math.max(1, this.entries.length)]?.id as ControlId
  }

  /** The same value with what the stand-ins mean. */
  private filledIn(value: trust.Cbor): trust.Cbor {
    if (value instanceof Uint8Array) return this.meantBy(value)
    if (!Array.isArray(value)) return value
    const list = value as readonly trust.Cbor[]
    const [kind, who] = list
    return (kind === 'request' || kind === 'recovery') && typeof who === 'number' && list.length === 2
      ? this.request(who, kind)
      : list.map((inner) => this.filledIn(inner))
  }

  private meantBy(bytes: Uint8Array): Uint8Array {
    const [mark = 0, number = 0] = bytes
    if (bytes.length !== 32 || !equalBytes(bytes, marked(mark, number))) return bytes
    if (mark === 0xee)
      return this.entries.length === 0 ? bytes : MemberId.toBytes(this.idAt(number) as string as MemberId)
    if (mark === 0xdd) return DeviceId.toBytes(deviceOf(number))
    if (mark === 0xcc) return MemberId.toBytes(trust.memberOfFounder(deviceOf(number)))
    return mark === 0xcb ? MemberId.toBytes(trust.memberOfRequest(this.request(number))) : bytes
  }

  private request(who: number, kind: 'request' | 'recovery' = 'request'): Uint8Array {
    const group = MemberId.toBytes((this.entries[0]?.id ?? '00'.repeat(32)) as MemberId)
    const keys = [DeviceId.toBytes(deviceOf(who)), filled(32, 9)]
    return kind === 'request'
      ? trust.encodeCbor(['auzolan/join/1', group, inviteKey, ...keys, 'Gari', filled(16, 5)])
      : trust.encodeCbor(['auzolan/recovery/1', group, DeviceId.toBytes(deviceOf(9)), ...keys, 'phone'])
  }
}

/** Plays a script in its order and in the other, and throws where the two logs do not say the same. Answers with the kinds that were accepted. */
export const playScript = async (bytes: Uint8Array): Promise<readonly string[]> => {
  const script = trust.decodeCbor(bytes)
  if (!script.ok || !Array.isArray(script.value)) return []
  const play = new Play()
  for (const line of (script.value as readonly trust.Cbor[]).slice(0, MOST_STEPS)) play.step(line)
  const [founding] = play.entries
  if (!founding) return []
  const [forth, back] = [await logOf(play.entries), await logOf(play.entries.toReversed())]
  if (forth.size !== back.size) throw new Error(`${forth.size} entries taken in forth, ${back.size} back`)
  if (forth.size === 0) return []
  if (trust.stateDigest(forth.state()) !== trust.stateDigest(back.state())) throw new Error('two orders, two states')
  for (const { id } of play.entries)
    if (id && JSON.stringify(forth.why(id)) !== JSON.stringify(back.why(id)))
      throw new Error(`${JSON.stringify(forth.why(id))} or ${JSON.stringify(back.why(id))}`)
  if (forth.proposals().length !== back.proposals().length) throw new Error('two orders, other proposals')
  for (const { id } of forth.epochs()) for (const { device } of play.entries) forth.wrapsFor(device, id)
  for (const { id, phase } of forth.proposals()) if (phase === 'sealed') forth.confirmationOf(id)
  return play.entries.flatMap(({ id }) => (id && forth.get(id)?.control.kind) || [])
}

const logOf = async (entries: readonly trust.Entry[]): Promise<trust.ControlLog> => {
  const log = new trust.ControlLog(entries.find(({ heads }) => heads.length === 0)?.group as GroupId, trusting)
  let waiting = entries
  for (let before = -1; waiting.length !== before;) {
    before = waiting.length
    const still: trust.Entry[] = []
    for (const entry of waiting) if ((await log.judge(entry)).is === 'waiting') still.push(entry)
    waiting = still
  }
  return log
}
