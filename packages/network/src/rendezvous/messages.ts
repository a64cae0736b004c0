import { concatBytes, err, ok, type Result } from '@auzolan/core'
import { peerIdBytes, peerIdText } from '../peer-text.ts'

/** `docs/formats/rendezvous.md`. */
export const RENDEZVOUS_PROTOCOL = '/auzolan/rendezvous/1'

/** A sign that only those who know a group's key can make, left at a machine they all reach. */
export interface Sign {
  /** 32 bytes; the same for all of one group. */
  readonly tag: Uint8Array
  /** 16 bytes; what shows the others that whoever left it is one of them. */
  readonly note: Uint8Array
}

/** Somebody who left the same tag. `note`: not checked. */
export interface SignOf {
  readonly peer: string
  readonly note: Uint8Array
}

export const TAG_BYTES = 32
export const NOTE_BYTES = 16
/** Signs of one peer: two days and a few keys for each of a dozen groups. */
export const MAX_SIGNS = 64
/** Peers told for one sign, the newest: those then tell of each other. */
export const MAX_TOLD = 32
const MAX_PEER_BYTES = 64
const VERSION = 1

/** The largest payloads that keep to these numbers, in bytes. */
export const MAX_ASKED_BYTES = 2 + MAX_SIGNS * (TAG_BYTES + NOTE_BYTES)
export const MAX_ANSWER_BYTES = 2 + MAX_SIGNS * (1 + MAX_TOLD * (1 + MAX_PEER_BYTES + NOTE_BYTES))

export interface RendezvousFault {
  readonly type: 'not read' | 'newer version'
}

/** `version:1 count:1 (tag:32 note:16)*`, and nothing behind. */
export const encodeSigns = (signs: readonly Sign[]): Uint8Array => {
  if (signs.length > MAX_SIGNS) throw new RangeError(`at most ${MAX_SIGNS} signs are left`)
  return concatBytes(Uint8Array.of(VERSION, signs.length), ...signs.flatMap(({ tag, note }) => [tag, note]))
}

export const decodeSigns = (bytes: Uint8Array): Result<readonly Sign[], RendezvousFault> => {
  const [version = 0, count = 0] = bytes
  if (version > VERSION) return err({ type: 'newer version' })
  if (version < 1 || count > MAX_SIGNS || bytes.length !== 2 + count * (TAG_BYTES + NOTE_BYTES)) return err(notRead)
  return ok(
    Array.from({ length: count }, (_, at) => {
      const from = 2 + at * (TAG_BYTES + NOTE_BYTES)
      const noteFrom = from + TAG_BYTES
      return { tag: bytes.slice(from, noteFrom), note: bytes.slice(noteFrom, noteFrom + NOTE_BYTES) }
    }),
  )
}

/** `version:1 count:1`, then for each sign in the order asked `count:1 (length:1 peer note:16)*`. */
export const encodeAnswer = (answer: readonly (readonly SignOf[])[]): Uint8Array => {
  if (answer.length > MAX_SIGNS || answer.some(({ length }) => length > MAX_TOLD))
    throw new RangeError('more was to be told than a rendezvous tells')
  const parts = answer.flatMap((told) => [
    Uint8Array.of(told.length),
    ...told.flatMap(({ peer, note }) => {
      const id = peerIdBytes(peer)
      if (!id) throw new TypeError('a peer is told by its id')
      return [Uint8Array.of(id.length), id, note]
    }),
  ])
  return concatBytes(Uint8Array.of(VERSION, answer.length), ...parts)
}

/** What a machine answered that nobody has to believe. `asked`: how many signs were left. */
export const decodeAnswer = (
  bytes: Uint8Array,
  asked: number,
): Result<readonly (readonly SignOf[])[], RendezvousFault> => {
  const [version = 0, count] = bytes
  if (version > VERSION) return err({ type: 'newer version' })
  if (version < 1 || count !== asked || count > MAX_SIGNS) return err(notRead)
  const answer: SignOf[][] = []
  let at = 2
  for (let sign = 0; sign < asked; sign++) {
    const told: SignOf[] = []
    const many = bytes[at++]
    if (many === undefined || many > MAX_TOLD) return err(notRead)
    for (let one = 0; one < many; one++) {
      const noteFrom = at + 1 + (bytes[at] ?? 0)
      const peer = peerIdText(bytes.subarray(at + 1, noteFrom))
      const note = bytes.slice(noteFrom, noteFrom + NOTE_BYTES)
      if (peer === undefined || note.length !== NOTE_BYTES) return err(notRead)
      told.push({ peer, note })
      at = noteFrom + NOTE_BYTES
    }
    answer.push(told)
  }
  return at === bytes.length ? ok(answer) : err(notRead)
}

const notRead: RendezvousFault = { type: 'not read' }
