import { err, ok, type Result } from '@auzolan/core'
import { type Cbor, decodeCbor, encodeCbor } from '@auzolan/trust'
import { MAX_KEPT_BYTES, MAX_PROOFS, MAX_VISITS } from './limits.ts'

/** A relay key, and its signature over this connection. */
export interface RelayProof {
  readonly relay: Uint8Array
  readonly signature: Uint8Array
}

/** What a device and a keeper say to each other (`docs/formats/keeper.md`). `number`: the device's, for one group on one link. */
export type KeepMessage =
  /** By the keeper, first: it is one. */
  | { readonly say: 'desk'; readonly nonce: Uint8Array }
  | { readonly say: 'enter'; readonly number: number; readonly proofs: readonly RelayProof[] }
  /** `which`: the proof that was known. `shelf`: another one is another start. `handed`: the keys of the first proof's epoch lie there. */
  | {
      readonly say: 'in'
      readonly number: number
      readonly which: number
      readonly shelf: Uint8Array
      readonly handed: boolean
    }
  | { readonly say: 'out'; readonly number: number }
  /** The relay key of a later epoch, signed by the one that was known. */
  | { readonly say: 'next'; readonly number: number; readonly relay: Uint8Array; readonly signature: Uint8Array }
  | { readonly say: 'get'; readonly number: number; readonly after: number }
  /** `relay`: it hands the keys of that relay key's epoch; `null`: a pack. */
  | {
      readonly say: 'pack'
      readonly number: number
      readonly at: number
      readonly relay: Uint8Array | null
      readonly bytes: Uint8Array
    }
  | { readonly say: 'end'; readonly number: number }
  | {
      readonly say: 'put'
      readonly number: number
      readonly relay: Uint8Array | null
      readonly bytes: Uint8Array
    }
  | { readonly say: 'kept'; readonly number: number; readonly at: number }
  | { readonly say: 'refused'; readonly number: number; readonly why: string }
  /** By the keeper: something was left by another. */
  | { readonly say: 'news'; readonly number: number }

export const encodeKeepMessage = (message: KeepMessage): Uint8Array => encodeCbor(fieldsOf(message))

const fieldsOf = (message: KeepMessage): readonly Cbor[] => {
  switch (message.say) {
    case 'desk':
      return [message.say, message.nonce]
    case 'enter':
      return [message.say, message.number, message.proofs.map(({ relay, signature }) => [relay, signature])]
    case 'in':
      return [message.say, message.number, message.which, message.shelf, message.handed]
    case 'next':
      return [message.say, message.number, message.relay, message.signature]
    case 'get':
      return [message.say, message.number, message.after]
    case 'pack':
      return [message.say, message.number, message.at, message.relay, message.bytes]
    case 'put':
      return [message.say, message.number, message.relay, message.bytes]
    case 'kept':
      return [message.say, message.number, message.at]
    case 'refused':
      return [message.say, message.number, message.why]
    case 'out':
    case 'end':
    case 'news':
      return [message.say, message.number]
  }
}

/** Reads a frame of the other side. Fields behind those known are left for later versions. */
export const decodeKeepMessage = (payload: Uint8Array): Result<KeepMessage, { readonly type: 'message' }> => {
  const decoded = decodeCbor(payload)
  const fields = decoded.ok && Array.isArray(decoded.value) ? (decoded.value as readonly unknown[]) : []
  const message = read(fields)
  return message ? ok(message) : err({ type: 'message' })
}

const read = ([say, first, second, third, fourth]: readonly unknown[]): KeepMessage | undefined => {
  if (say === 'desk') return isBytes(first, NONCE_BYTES) ? { say, nonce: first } : undefined
  if (!isCount(first) || first >= MAX_VISITS) return undefined
  const number = first
  switch (say) {
    case 'enter': {
      const proofs = readProofs(second)
      return proofs && { say, number, proofs }
    }
    case 'in':
      return isCount(second) && second < MAX_PROOFS && isBytes(third, SHELF_BYTES) && typeof fourth === 'boolean'
        ? { say, number, which: second, shelf: third, handed: fourth }
        : undefined
    case 'next':
      return isBytes(second, RELAY_BYTES) && isBytes(third, SIGNATURE_BYTES)
        ? { say, number, relay: second, signature: third }
        : undefined
    case 'get':
      return isCount(second) ? { say, number, after: second } : undefined
    case 'pack':
      return isCount(second) && isRelay(third) && isContent(fourth)
        ? { say, number, at: second, relay: third, bytes: fourth }
        : undefined
    case 'put':
      return isRelay(second) && isContent(third) ? { say, number, relay: second, bytes: third } : undefined
    case 'kept':
      return isCount(second) ? { say, number, at: second } : undefined
    case 'refused':
      return typeof second === 'string' ? { say, number, why: second.slice(0, WHY_CHARACTERS) } : undefined
    case 'out':
    case 'end':
    case 'news':
      return { say, number }
    default:
      return undefined
  }
}

const readProofs = (list: unknown): readonly RelayProof[] | undefined => {
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_PROOFS) return undefined
  const proofs: RelayProof[] = []
  for (const each of list as readonly unknown[]) {
    const [relay, signature] = Array.isArray(each) ? (each as readonly unknown[]) : []
    if (!isBytes(relay, RELAY_BYTES) || !isBytes(signature, SIGNATURE_BYTES)) return undefined
    proofs.push({ relay, signature })
  }
  return proofs
}

const isBytes = (value: unknown, length: number): value is Uint8Array =>
  value instanceof Uint8Array && value.length === length
const isRelay = (value: unknown): value is Uint8Array | null => value === null || isBytes(value, RELAY_BYTES)
const isContent = (value: unknown): value is Uint8Array =>
  value instanceof Uint8Array && value.length > 0 && value.length <= MAX_KEPT_BYTES
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

export const NONCE_BYTES = 32
export const SHELF_BYTES = 16
const RELAY_BYTES = 32
const SIGNATURE_BYTES = 64
const WHY_CHARACTERS = 40
