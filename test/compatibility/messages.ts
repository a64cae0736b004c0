import { ControlId, type DeviceId } from '@auzolan/core'
import type { Run, SignedJoinRequest } from '@auzolan/trust'
import type { KeepMessage } from '../../packages/peer/src/keeper/messages.ts'
import type { Message } from '../../packages/peer/src/sync/messages.ts'

const filled = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)

/** What messages are made of. */
export interface Said {
  readonly device: DeviceId
  readonly chain: Uint8Array
  readonly run: Run
  readonly asked: SignedJoinRequest
  readonly signed: { readonly header: Uint8Array; readonly signature: Uint8Array }
  readonly evidence: Uint8Array
}

/** All that two peers say: a kind without one is a fault of types. */
export const messagesOf = ({ device, chain, run, asked, signed, evidence }: Said): readonly Message[] => {
  const tag = filled(16, 7)
  const ids = [ControlId.fromBytes(filled(32, 4)), ControlId.fromBytes(filled(32, 5))]
  const shown = [{ ...signed, item: filled(30, 6) }]
  const said: { readonly [Say in Message['say']]: readonly Extract<Message, { readonly say: Say }>[] } = {
    nonce: [{ say: 'nonce', nonce: filled(32, 1) }],
    tags: [{ say: 'tags', tags: [tag, filled(16, 8)] }],
    member: [{ say: 'member', tag, index: 1, device, signature: filled(64, 2) }],
    join: [{ say: 'join', tag, ...asked }],
    admitted: [{ say: 'admitted', tag }],
    refused: [{ say: 'refused', tag, why: 'used' }],
    frontier: [
      { say: 'frontier', index: 1, digest: filled(32, 3), lines: null },
      { say: 'frontier', index: 1, digest: filled(32, 3), lines: [{ device, seq: 2, chain }] },
    ],
    entries: [{ say: 'entries', index: 1, parcel: { run } }],
    have: [{ say: 'have', index: 1, taken: 1000, lines: [{ device, seq: 2 }] }],
    want: [
      { say: 'want', index: 1, device, from: 2, to: null },
      { say: 'want', index: 1, device, from: 2, to: 2 },
    ],
    claim: [{ say: 'claim', index: 1, ...signed }],
    evidence: [{ say: 'evidence', index: 1, evidence }],
    asked: [{ say: 'asked', tag }],
    lacks: [{ say: 'lacks', index: 1, ids }],
    alone: [{ say: 'alone', index: 1, entries: shown }],
    ending: [{ say: 'ending', index: 1, why: 'removed', at: ids }],
    heard: [
      { say: 'heard', index: 1, known: ids },
      { say: 'heard', index: 1, known: null },
    ],
    shown: [{ say: 'shown', index: 1, proof: shown, more: true }],
    near: [{ say: 'near', index: 1, peers: ['12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5'] }],
  }
  return Object.values<readonly Message[]>(said).flat()
}

/** All that a device and a keeper say. */
export const keepMessages = (): readonly KeepMessage[] => {
  const proof = { relay: filled(32, 1), signature: filled(64, 2) }
  const said: { readonly [Say in KeepMessage['say']]: readonly Extract<KeepMessage, { readonly say: Say }>[] } = {
    desk: [{ say: 'desk', nonce: filled(32, 3) }],
    enter: [{ say: 'enter', number: 1, proofs: [proof] }],
    in: [{ say: 'in', number: 1, which: 0, shelf: filled(16, 4), handed: true }],
    out: [{ say: 'out', number: 1 }],
    next: [{ say: 'next', number: 1, ...proof }],
    get: [{ say: 'get', number: 1, after: 300 }],
    pack: [
      { say: 'pack', number: 1, at: 301, relay: null, bytes: filled(40, 5) },
      { say: 'pack', number: 1, at: 302, relay: proof.relay, bytes: filled(40, 6) },
    ],
    end: [{ say: 'end', number: 1 }],
    put: [
      { say: 'put', number: 1, relay: null, bytes: filled(40, 5) },
      { say: 'put', number: 1, relay: proof.relay, bytes: filled(40, 6) },
    ],
    kept: [{ say: 'kept', number: 1, at: 301 }],
    refused: [{ say: 'refused', number: 1, why: 'full' }],
    news: [{ say: 'news', number: 1 }],
  }
  return Object.values<readonly KeepMessage[]>(said).flat()
}
