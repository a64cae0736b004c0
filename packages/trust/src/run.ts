import { concatBytes, DeviceId, ok, type Result } from '@auzolan/core'
import { CborReader } from './cbor.ts'
import { encodeCbor, NULL } from './cbor-writer.ts'
import { entryLimits, itemTypes, SIGNATURE_LENGTH, type Entry } from './entry.ts'

/** Contiguous entries of one feed, as a frame or a stored segment holds them. */
export interface Run {
  readonly device: DeviceId
  /** seq of the first. */
  readonly from: number
  readonly count: number
  /** Packed entries one after the other. */
  readonly packed: Uint8Array
  /** 64 bytes an entry; 64 zeros: not held. */
  readonly signatures: Uint8Array
  /** One for each text, in order; `null`: withdrawn. */
  readonly bodies: readonly (Uint8Array | null)[]
}

export interface RunFault {
  readonly type:
    | 'cbor' // not strict CBOR, or not a run
    | 'gap' // does not begin where the feed ends
    | 'version' // made by a newer app
    | 'heads'
    | 'item'
    | 'limit'
    | 'signature'
    | 'signature missing'
    | 'body' // a text that is not the one named
    | 'key' // another device's run, or no key to trust
  readonly detail: string
  readonly seq?: number
  readonly version?: number
}

/** Limits of `docs/formats/entry.md`: one frame. */
export const runLimits = { entries: 4096, bytes: 1024 * 1024 } as const

/** A text's place in its packed entry: head, type, digest, length. */
const NAMED_TEXT_BYTES = 37

/** Throws where the entries are none, or not one feed's in order. */
export const runOf = (entries: readonly Entry[]): Run => {
  const first = entries[0]
  if (!first) throw new Error('a run has at least one entry')
  if (!entries.every(({ device, seq }, at) => device === first.device && seq === first.seq + at)) {
    throw new Error('a run is contiguous entries of one feed')
  }
  return {
    device: first.device,
    from: first.seq,
    count: entries.length,
    packed: concatBytes(...entries.map(({ packed }) => packed)),
    signatures: concatBytes(...entries.map(({ signature }) => signature ?? notHeld)),
    bodies: entries.flatMap(({ items }) =>
      items.filter(({ type }) => type === itemTypes.text).map(({ bytes }) => bytes),
    ),
  }
}

const notHeld = new Uint8Array(SIGNATURE_LENGTH)

export const encodeRun = ({ device, from, count, packed, signatures, bodies }: Run): Uint8Array =>
  encodeCbor([DeviceId.toBytes(device), from, count, packed, signatures, bodies])

/** A run as it claims to be. Its parts are views into `bytes`; what they say is for `checkRun`. */
export const decodeRun = (bytes: Uint8Array): Result<Run, RunFault> => {
  if (bytes.length > runLimits.bytes) return fault('limit', `a run of ${bytes.length} bytes`)
  const reader = new CborReader(bytes, 0)
  const string = (): Uint8Array | undefined => {
    const start = reader.byteString()
    return start < 0 ? undefined : bytes.subarray(start, reader.at)
  }
  if (reader.array() !== 6) return fault('cbor', 'not an array of six')
  const device = string()
  if (device?.length !== DeviceId.length) return fault('cbor', 'no device')
  const [from, count] = [reader.unsigned(), reader.unsigned()]
  if (from < 1 || count < 0) return fault('cbor', 'no place in a feed')
  const [packed, signatures] = [string(), string()]
  if (!packed || !signatures) return fault('cbor', 'no entries or no signatures')
  const number = reader.array()
  if (number < 0) return fault('cbor', 'no list of bodies')
  if (number * NAMED_TEXT_BYTES > packed.length) return fault('body', 'more bodies than texts can be named')
  const bodies: (Uint8Array | null)[] = []
  for (let index = 0; index < number; index++) {
    if (bytes[reader.at] === NULL) {
      reader.at += 1
      bodies.push(null)
      continue
    }
    const body = string()
    if (!body) return fault('cbor', 'a body is bytes or null')
    if (body.length > entryLimits.text) return fault('limit', `a text of ${body.length} bytes`)
    bodies.push(body)
  }
  if (reader.at !== bytes.length) return fault('cbor', 'trailing bytes')
  const run: Run = { device: DeviceId.fromBytes(device), from, count, packed, signatures, bodies }
  return checkOutline(run) ?? ok(run)
}

/** What must hold of a run's parts before its entries are read. */
export const checkOutline = ({ from, count, signatures }: Run): { ok: false; error: RunFault } | undefined => {
  if (count < 1 || count > runLimits.entries) return fault('limit', `a run of ${count} entries`)
  if (!Number.isSafeInteger(from + count)) return fault('limit', 'a seq beyond 2^53')
  if (signatures.length !== SIGNATURE_LENGTH * count) return fault('signature missing', 'not 64 bytes for each entry')
  return undefined
}

export const fault = (type: RunFault['type'], detail: string, seq?: number): { ok: false; error: RunFault } => ({
  ok: false,
  error: seq === undefined ? { type, detail } : { type, detail, seq },
})
