import { ControlId, DeviceId, type Result, err, ok } from '@auzolan/core'
import { type Frame, type FrameType, peerIdBytes, peerIdText } from '@auzolan/network'
import { type Cbor, decodeCbor, decodeRun, encodeCbor, encodeRun, entryLimits } from '@auzolan/trust'
import { decodeShown, encodeShown, type Shown } from '../log/ending.ts'
import type { Parcel } from '../log/feed-store.ts'
import { decodeSegment } from '../log/segment.ts'
import type { FrontierLine } from '../log/feeds.ts'

/**
 * What two peers say to each other after the link stands. `index` is the number its sender gave the group in `member`; nothing here is believed
 * of its sender, only what signatures prove.
 */
export type Message =
  /** 32 random bytes, once, by each side. */
  | { readonly say: 'nonce'; readonly nonce: Uint8Array }
  /** One tag for each group, mixed with random ones: tells nothing to who does not know the group. */
  | { readonly say: 'tags'; readonly tags: readonly Uint8Array[] }
  | {
      readonly say: 'member'
      readonly tag: Uint8Array
      readonly index: number
      readonly device: DeviceId
      readonly signature: Uint8Array
    }
  | {
      readonly say: 'join'
      readonly tag: Uint8Array
      readonly request: Uint8Array
      readonly byInvite: Uint8Array
      readonly byDevice: Uint8Array
    }
  /** Heard; a person has to answer. */
  | { readonly say: 'asked'; readonly tag: Uint8Array }
  | { readonly say: 'admitted'; readonly tag: Uint8Array }
  | { readonly say: 'refused'; readonly tag: Uint8Array; readonly why: string }
  /** `lines` only when the digests differ. */
  | {
      readonly say: 'frontier'
      readonly index: number
      readonly digest: Uint8Array
      readonly lines: readonly FrontierLine[] | null
    }
  | { readonly say: 'entries'; readonly index: number; readonly parcel: Parcel }
  /** `taken`: bytes of entries frames worked through on this link so far. `lines`: feeds that moved. */
  | {
      readonly say: 'have'
      readonly index: number
      readonly taken: number
      readonly lines: readonly { readonly device: DeviceId; readonly seq: number }[]
    }
  /** `to`: only up to there, what was held once and cannot be read any more; `null`: all from there on. */
  | {
      readonly say: 'want'
      readonly index: number
      readonly device: DeviceId
      readonly from: number
      readonly to: number | null
    }
  /** One signed entry the sender holds, where the other seems to hold another one of that place. */
  | { readonly say: 'claim'; readonly index: number; readonly header: Uint8Array; readonly signature: Uint8Array }
  /** Proof that a device signed two entries for one place. */
  | { readonly say: 'evidence'; readonly index: number; readonly evidence: Uint8Array }
  /** Control entries that something here builds on, by a device that signed two for one place. */
  | { readonly say: 'lacks'; readonly index: number; readonly ids: readonly ControlId[] }
  /** Control entries of such devices, without their feeds. */
  | { readonly say: 'alone'; readonly index: number; readonly entries: readonly Shown[] }
  /** The other device's part in the group has ended: nothing more is said of it. `why`: a word, which `at` and its past prove. */
  | { readonly say: 'ending'; readonly index: number; readonly why: string; readonly at: readonly ControlId[] }
  /** `known`: the newest control entries held, by who asks to be shown the rest; `null`: nothing is missing. */
  | { readonly say: 'heard'; readonly index: number; readonly known: readonly ControlId[] | null }
  | { readonly say: 'shown'; readonly index: number; readonly proof: readonly Shown[]; readonly more: boolean }
  /** Devices of the group, by peer id, that the sender is connected to now and would introduce. In place of those it said before. */
  | { readonly say: 'near'; readonly index: number; readonly peers: readonly string[] }

export const encodeMessage = (message: Message): Frame => {
  switch (message.say) {
    case 'nonce':
      return frame('proof', ['nonce', message.nonce])
    case 'tags':
      return frame('proof', ['tags', message.tags])
    case 'member':
      return frame('proof', ['member', message.tag, message.index, DeviceId.toBytes(message.device), message.signature])
    case 'join':
      return frame('join', [message.tag, message.request, message.byInvite, message.byDevice])
    case 'asked':
      return frame('proof', ['asked', message.tag])
    case 'admitted':
      return frame('admitted', [message.tag])
    case 'refused':
      return frame('refused', [message.tag, message.why])
    case 'frontier':
      return frame('frontier', [
        message.index,
        message.digest,
        message.lines &&
          message.lines.map(({ device, seq, chain }) => [
            DeviceId.toBytes(device),
            seq,
            chain.subarray(0, CHAIN_PREFIX_BYTES),
          ]),
      ])
    case 'entries':
      return frame(
        'entries',
        message.parcel.segment
          ? [message.index, SEGMENT, message.parcel.segment]
          : [message.index, PLAIN, encodeRun(message.parcel.run)],
      )
    case 'have':
      return frame('have', [
        message.index,
        message.taken,
        message.lines.map(({ device, seq }) => [DeviceId.toBytes(device), seq]),
      ])
    case 'want':
      return frame('want', [message.index, DeviceId.toBytes(message.device), message.from, message.to])
    case 'claim':
      return frame('evidence', [message.index, CLAIM, message.header, message.signature])
    case 'evidence':
      return frame('evidence', [message.index, PROOF, message.evidence])
    case 'lacks':
      return frame('evidence', [message.index, LACKS, message.ids.map(ControlId.toBytes)])
    case 'alone':
      return frame('evidence', [message.index, ALONE, encodeShown(message.entries)])
    case 'ending':
      return frame('ending', [message.index, ENDING, message.why, message.at.map(ControlId.toBytes)])
    case 'heard':
      return frame('ending', [message.index, HEARD, message.known && message.known.map(ControlId.toBytes)])
    case 'shown':
      return frame('ending', [message.index, SHOWN, encodeShown(message.proof), message.more])
    case 'near':
      return frame('near', [message.index, message.peers.slice(0, MAX_NEAR).flatMap((peer) => peerIdBytes(peer) ?? [])])
  }
}

/** Reads a frame from another peer. What does not fit closes the link with its reason. */
export const decodeMessage = ({ type, payload }: Frame): Result<Message, MessageFault> => {
  const decoded = decodeCbor(payload)
  if (!decoded.ok || !Array.isArray(decoded.value)) return bad(type, 'not a list')
  const fields = decoded.value as readonly unknown[]
  switch (type) {
    case 'proof':
      return readProof(fields)
    case 'join': {
      const [tag, request, byInvite, byDevice] = fields
      return isBytes(tag, TAG_BYTES) && isBytes(request) && isBytes(byInvite, 64) && isBytes(byDevice, 64)
        ? ok({ say: 'join', tag, request, byInvite, byDevice })
        : bad(type, 'a field')
    }
    case 'admitted':
      return isBytes(fields[0], TAG_BYTES) ? ok({ say: 'admitted', tag: fields[0] }) : bad(type, 'tag')
    case 'refused': {
      const [tag, why] = fields
      return isBytes(tag, TAG_BYTES) && typeof why === 'string'
        ? ok({ say: 'refused', tag, why: why.slice(0, 100) })
        : bad(type, 'a field')
    }
    case 'frontier':
      return readFrontier(fields)
    case 'entries':
      return readEntries(fields)
    case 'have': {
      const [index, taken, list] = fields
      if (!isIndex(index) || !isCount(taken) || !Array.isArray(list) || list.length > MAX_LINES)
        return bad(type, 'a field')
      const lines = list.map((line: unknown) =>
        Array.isArray(line) && isBytes(line[0], 32) && isCount(line[1])
          ? { device: DeviceId.fromBytes(line[0]), seq: line[1] }
          : undefined,
      )
      return lines.every((line) => line !== undefined) ? ok({ say: 'have', index, taken, lines }) : bad(type, 'a line')
    }
    case 'want': {
      const [index, device, from, to] = fields
      if (!isIndex(index) || !isBytes(device, 32) || !isCount(from) || !(to === null || isCount(to)))
        return bad(type, 'a field')
      return ok({ say: 'want', index, device: DeviceId.fromBytes(device), from, to })
    }
    case 'evidence':
      return readEvidence(fields)
    case 'ending':
      return readEnding(fields)
    case 'near':
      return readNear(fields)
    default:
      return bad(type, 'not expected here')
  }
}

export interface MessageFault {
  readonly type: 'message'
  readonly detail: string
}

const readProof = (fields: readonly unknown[]): Result<Message, MessageFault> => {
  const [say, first, index, device, signature] = fields
  if (say === 'nonce' && isBytes(first, 32)) return ok({ say, nonce: first })
  if (say === 'asked' && isBytes(first, TAG_BYTES)) return ok({ say, tag: first })
  if (
    say === 'tags' &&
    Array.isArray(first) &&
    first.length <= MAX_TAGS &&
    first.every((tag): tag is Uint8Array => isBytes(tag, TAG_BYTES))
  )
    return ok({ say, tags: first })
  if (say === 'member' && isBytes(first, TAG_BYTES) && isIndex(index) && isBytes(device, 32) && isBytes(signature, 64))
    return ok({ say, tag: first, index, device: DeviceId.fromBytes(device), signature })
  return bad('proof', String(say).slice(0, 20))
}

const readFrontier = (fields: readonly unknown[]): Result<Message, MessageFault> => {
  const [index, digest, list] = fields
  if (!isIndex(index) || !isBytes(digest, 32)) return bad('frontier', 'a field')
  if (list === null) return ok({ say: 'frontier', index, digest, lines: null })
  if (!Array.isArray(list) || list.length > MAX_LINES) return bad('frontier', 'lines')
  const lines: FrontierLine[] = []
  for (const line of list as readonly unknown[]) {
    if (!Array.isArray(line) || !isBytes(line[0], 32) || !isCount(line[1]) || !isBytes(line[2], CHAIN_PREFIX_BYTES))
      return bad('frontier', 'a line')
    lines.push({ device: DeviceId.fromBytes(line[0]), seq: line[1], chain: line[2] })
  }
  return ok({ say: 'frontier', index, digest, lines })
}

const readEntries = (fields: readonly unknown[]): Result<Message, MessageFault> => {
  const [index, form, bytes] = fields
  if (!isIndex(index) || !isBytes(bytes)) return bad('entries', 'a field')
  const run = form === SEGMENT ? decodeSegment(bytes) : form === PLAIN ? decodeRun(bytes) : undefined
  if (!run) return bad('entries', 'unknown form')
  if (!run.ok) return bad('entries', run.error.detail)
  return ok({
    say: 'entries',
    index,
    parcel: form === SEGMENT ? { run: run.value, segment: bytes } : { run: run.value },
  })
}

const readEvidence = (fields: readonly unknown[]): Result<Message, MessageFault> => {
  const [index, form, first, signature] = fields
  if (!isIndex(index)) return bad('evidence', 'a field')
  if (form === CLAIM && isBytes(first) && isBytes(signature, 64))
    return ok({ say: 'claim', index, header: first, signature })
  if (form === PROOF && isBytes(first)) return ok({ say: 'evidence', index, evidence: first })
  if (form === LACKS && isIds(first, MAX_LACKING))
    return ok({ say: 'lacks', index, ids: first.map(ControlId.fromBytes) })
  const entries = form === ALONE ? decodeShown(first) : undefined
  return entries ? ok({ say: 'alone', index, entries }) : bad('evidence', 'unknown form')
}

const readEnding = (fields: readonly unknown[]): Result<Message, MessageFault> => {
  const [index, form, first, second] = fields
  if (!isIndex(index)) return bad('ending', 'a field')
  if (form === ENDING && typeof first === 'string' && isIds(second))
    return ok({ say: 'ending', index, why: first.slice(0, 20), at: second.map(ControlId.fromBytes) })
  if (form === HEARD && (first === null || isIds(first)))
    return ok({ say: 'heard', index, known: first && first.map(ControlId.fromBytes) })
  const proof = form === SHOWN ? decodeShown(first) : undefined
  return proof && typeof second === 'boolean'
    ? ok({ say: 'shown', index, proof, more: second })
    : bad('ending', 'unknown form')
}

const readNear = ([index, list]: readonly unknown[]): Result<Message, MessageFault> => {
  if (!isIndex(index) || !Array.isArray(list) || list.length > MAX_NEAR) return bad('near', 'a field')
  const peers = (list as readonly unknown[]).map(peerIdText)
  return peers.every((peer) => peer !== undefined) ? ok({ say: 'near', index, peers }) : bad('near', 'a peer')
}

const frame = (type: FrameType, fields: readonly Cbor[]): Frame => ({ type, payload: encodeCbor(fields) })
const bad = (type: string, detail: string) => err<MessageFault>({ type: 'message', detail: `${type}: ${detail}` })
const isBytes = (value: unknown, length?: number): value is Uint8Array =>
  value instanceof Uint8Array && (length === undefined || value.length === length)
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const isIds = (value: unknown, most: number = entryLimits.heads): value is readonly Uint8Array[] =>
  Array.isArray(value) && value.length <= most && value.every((id) => isBytes(id, 32))
const isIndex = (value: unknown): value is number => isCount(value) && value < MAX_TAGS

const SEGMENT = 1
const PLAIN = 0
const CLAIM = 0
const PROOF = 1
const LACKS = 2
const ALONE = 3
const ENDING = 0
const HEARD = 1
const SHOWN = 2
export const TAG_BYTES = 16
/** Enough to notice that two feeds of one length differ; the proof is exchanged separately. */
export const CHAIN_PREFIX_BYTES = 8
/** Groups and open invitations one peer shows on one link. */
export const MAX_TAGS = 256
/** Entries asked for in one message; more are asked for in several. */
export const MAX_LACKING = 64
/** Peers named in one `near`: more than a room of people meets in. */
export const MAX_NEAR = 64
/** Feeds of one group: a thousand members with four devices each. */
const MAX_LINES = 4096
