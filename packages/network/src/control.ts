import { err, ok, type Result } from '@auzolan/core'
import { type CloseReason, frameTypes, MAX_FRAME_BYTES } from './network.ts'
import { encodeWireFrame } from './frames.ts'
import { FIRST_WINDOW_BYTES, MAX_HELLO_BYTES, RECEIVE_WINDOW_BYTES } from './limits.ts'

/** What links say to each other; whoever uses a link never sees these. */

/** Version of the link's own protocol. A side that says more is told nothing and left: it speaks what we cannot read. */
export const LINK_VERSION = 1

/** On the wire only: the receiver has handled this much, so as much more may be sent. */
export const CREDIT_TYPE = 14

export interface Hello {
  readonly version: number
  /** Largest payload this side reads, in bytes. */
  readonly maxFrame: number
  /** Bytes this side lets be on their way unhandled. */
  readonly window: number
  /** Name and version of the software, for people who look for a fault. */
  readonly agent: string
}

const AGENT_BYTES = 64
const HELLO_FIXED_BYTES = 9

/** `version:1 maxFrame:4 window:4 agent:utf-8`, numbers big-endian. Later versions may append. */
export const encodeHello = (agent: string): Uint8Array => {
  const text = new TextEncoder().encode(agent).slice(0, AGENT_BYTES)
  const payload = new Uint8Array(HELLO_FIXED_BYTES + text.length)
  const view = new DataView(payload.buffer)
  view.setUint8(0, LINK_VERSION)
  view.setUint32(1, MAX_FRAME_BYTES)
  view.setUint32(5, RECEIVE_WINDOW_BYTES)
  payload.set(text, HELLO_FIXED_BYTES)
  return encodeWireFrame(frameTypes.hello, payload)
}

/** Reads the other side's hello. Fails with the reason to close for: it is newer, or no hello at all. */
export const parseHello = (payload: Uint8Array): Result<Hello, CloseReason> => {
  const version = payload[0] ?? 0
  if (version > LINK_VERSION) return err({ type: 'newer version', version })
  if (version < 1 || payload.length < HELLO_FIXED_BYTES || payload.length > MAX_HELLO_BYTES) return err(badHello)
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length)
  const maxFrame = view.getUint32(1)
  const window = view.getUint32(5)
  if (maxFrame < MAX_FRAME_BYTES || window < FIRST_WINDOW_BYTES) return err(badHello)
  const agent = new TextDecoder().decode(payload.subarray(HELLO_FIXED_BYTES, HELLO_FIXED_BYTES + AGENT_BYTES))
  return ok({ version, maxFrame, window: Math.min(window, RECEIVE_WINDOW_BYTES), agent })
}
const badHello: CloseReason = { type: 'protocol', detail: 'not a hello' }

/** `handled:4`, the bytes handled since the last credit. */
export const encodeCredit = (handled: number): Uint8Array => {
  const payload = new Uint8Array(4)
  new DataView(payload.buffer).setUint32(0, handled)
  return encodeWireFrame(CREDIT_TYPE, payload)
}

export const parseCredit = (payload: Uint8Array): number | undefined =>
  payload.length === 4 ? new DataView(payload.buffer, payload.byteOffset, 4).getUint32(0) : undefined

/** Codes on the wire never change their meaning. */
const codeOfReason = {
  bye: 0,
  lost: 1,
  replaced: 2,
  silent: 3,
  protocol: 4,
  'newer version': 5,
  'over quota': 6,
  stopped: 7,
  'not a member': 8,
} as const satisfies Record<CloseReason['type'], number>

const DETAIL_BYTES = 200

/** `code:1`, then the number (4 bytes) or text (utf-8) that belongs to the reason. */
export const encodeBye = (reason: CloseReason): Uint8Array => {
  const rest = byeDetail(reason)
  const payload = new Uint8Array(1 + rest.length)
  payload[0] = codeOfReason[reason.type]
  payload.set(rest, 1)
  return encodeWireFrame(frameTypes.bye, payload)
}

const byeDetail = (reason: CloseReason): Uint8Array => {
  switch (reason.type) {
    case 'silent':
      return numberBytes(reason.milliseconds)
    case 'newer version':
      return numberBytes(reason.version)
    case 'protocol':
    case 'over quota':
      return new TextEncoder().encode(reason.detail).slice(0, DETAIL_BYTES)
    case 'bye':
    case 'lost':
    case 'replaced':
    case 'stopped':
    case 'not a member':
      return new Uint8Array()
  }
}

const numberBytes = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, Math.min(Math.max(0, Math.round(value)), 0xffff_ffff))
  return bytes
}

/** Why the other side left. A reason this version does not know is a plain bye. */
export const parseBye = (payload: Uint8Array): CloseReason => {
  const rest = payload.subarray(1, 1 + DETAIL_BYTES)
  const number = rest.length >= 4 ? new DataView(rest.buffer, rest.byteOffset, 4).getUint32(0) : 0
  switch (payload[0]) {
    case codeOfReason.lost:
      return { type: 'lost' }
    case codeOfReason.replaced:
      return { type: 'replaced' }
    case codeOfReason.silent:
      return { type: 'silent', milliseconds: number }
    case codeOfReason.protocol:
      return { type: 'protocol', detail: new TextDecoder().decode(rest) }
    case codeOfReason['newer version']:
      return { type: 'newer version', version: number }
    case codeOfReason['over quota']:
      return { type: 'over quota', detail: new TextDecoder().decode(rest) }
    case codeOfReason.stopped:
      return { type: 'stopped' }
    case codeOfReason['not a member']:
      return { type: 'not a member' }
    default:
      return { type: 'bye' }
  }
}
