import { err, ok, type Result } from '@auzolan/core'
import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import type { ComponentLogger, PeerId, Upgrader } from '@libp2p/interface'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { pEvent } from 'p-event'
import { ChannelConnection } from './channel-connection.ts'
import { type CodeFault, encodeNearbyCode, parseNearbyCode } from './code.ts'
import { answerOf, describe } from './session-description.ts'

/** Two devices in one room that read each other's code off the screen, in any order, are connected: nobody in between. */
export interface Nearby {
  begin(): Promise<Result<NearbyMeeting, NearbyUnready>>
}

export type NearbyUnready =
  /** This device is on no network on which anybody could reach it, or does not tell this page. */
  | { readonly type: 'no network' }
  /** Another tab of the app holds the network. */
  | { readonly type: 'other tab' }

/** One attempt. Its code is good once, and only as long as the page stays. */
export interface NearbyMeeting {
  /** For a screen, or to paste. */
  readonly code: string
  /** Resolves once both have read the other's and are connected. */
  meet(code: string): Promise<Result<NearbyMet, NearbyFault>>
  stop(): void
}

export interface NearbyMet {
  /** libp2p peer id as text, proven. */
  readonly peer: string
  /** The same three numbers (0 to 255) on both screens, if each read what the other showed. */
  readonly numbers: readonly [number, number, number]
  /** Ends the connection: the numbers were not the same. */
  hangUp(): void
}

export type NearbyFault =
  | CodeFault
  /** The code that this very device shows. */
  | { readonly type: 'own code' }
  /** They have not read ours, or are on another network. */
  | { readonly type: 'not reached' }
  | { readonly type: 'stopped' }

export interface NearbyComponents {
  readonly peerId: PeerId
  readonly upgrader: Upgrader
  readonly logger: ComponentLogger
}

/** Host candidates are there after a tenth of a second; a browser that finds none need not be waited for. */
const GATHER_WITHIN_MS = 3_000
/** Time for two people to turn their phones to each other, twice. */
const REACHED_WITHIN_MS = 120_000
const UPGRADE_WITHIN_MS = 10_000

/**
 * WebRTC between two pages without any server (`NETWORK.md` 3): both make an offer and each other's answer out of the codes, then speak noise and
 * yamux over one data channel. Noise proves the key that was in the code, whatever carried it.
 */
export class NearbyService implements Nearby {
  readonly [Symbol.toStringTag] = 'nearby'
  readonly #components: NearbyComponents

  constructor(components: NearbyComponents) {
    this.#components = components
  }

  async begin(): Promise<Result<NearbyMeeting, NearbyUnready>> {
    if (!('RTCPeerConnection' in globalThis)) return err({ type: 'no network' })
    const connection = new RTCPeerConnection({ iceServers: [] })
    const channel = connection.createDataChannel('', { negotiated: true, id: 0 })
    await connection.setLocalDescription()
    if (connection.iceGatheringState !== 'complete')
      await pEvent(connection, 'icegatheringstatechange', {
        filter: () => connection.iceGatheringState === 'complete',
        timeout: GATHER_WITHIN_MS,
      }).catch(() => undefined)
    const description = describe(connection.localDescription?.sdp ?? '')
    const key = this.#components.peerId.publicKey?.raw
    if (!key) throw new Error('a peer knows its own key')
    if (description)
      return ok(new Meeting(this.#components, connection, channel, encodeNearbyCode({ key, ...description })))
    connection.close()
    return err({ type: 'no network' })
  }
}

class Meeting implements NearbyMeeting {
  readonly code: string
  readonly #components: NearbyComponents
  readonly #connection: RTCPeerConnection
  readonly #channel: RTCDataChannel
  readonly #stopped = new AbortController()

  constructor(components: NearbyComponents, connection: RTCPeerConnection, channel: RTCDataChannel, code: string) {
    this.#components = components
    this.#connection = connection
    this.#channel = channel
    this.code = code
  }

  async meet(text: string): Promise<Result<NearbyMet, NearbyFault>> {
    const code = parseNearbyCode(text)
    if (!code.ok) return code
    const { peerId } = this.#components
    const peer = peerOf(code.value.key)
    if (!peer) return err({ type: 'not a code' })
    if (peerId.equals(peer)) return err({ type: 'own code' })
    const first = peerId.toString() < peer.toString()
    try {
      await this.#connection.setRemoteDescription({
        type: 'answer',
        sdp: answerOf(code.value, first ? 'passive' : 'active'),
      })
      await this.#opened()
      const numbers = await matching([this.code, encodeNearbyCode(code.value)])
      return ok({ peer: peer.toString(), numbers, hangUp: await this.#upgrade(peer, first) })
    } catch {
      const stopped = this.#stopped.signal.aborted
      this.stop()
      return err({ type: stopped ? 'stopped' : 'not reached' })
    }
  }

  stop(): void {
    this.#stopped.abort()
    if (!this.#upgraded) this.#connection.close()
  }
  #upgraded = false

  async #opened(): Promise<void> {
    if (this.#channel.readyState === 'open') return
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(REACHED_WITHIN_MS)])
    await pEvent(this.#channel, 'open', { rejectionEvents: ['close', 'error'], signal })
  }

  /** Of both, the one with the smaller id leads. Answers how to end it. */
  async #upgrade(peer: PeerId, first: boolean): Promise<() => void> {
    const { upgrader, logger } = this.#components
    const bytes = new ChannelConnection({
      connection: this.#connection,
      channel: this.#channel,
      // Nowhere: libp2p wants an address, and reads from its end whom to expect.
      remoteAddr: multiaddr(`/dns4/nearby.invalid/udp/9/webrtc/p2p/${peer.toString()}`),
      direction: first ? 'outbound' : 'inbound',
      log: logger.forComponent('auzolan:nearby'),
    })
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(UPGRADE_WITHIN_MS)])
    const upgraded = await upgrader.upgradeOutbound(bytes, { signal, initiator: first })
    this.#upgraded = true
    return () => upgraded.abort(new Error('not whom they should be'))
  }
}

const peerOf = (key: Uint8Array): PeerId | undefined => {
  try {
    const read = publicKeyFromRaw(key)
    return read.type === 'Ed25519' ? peerIdFromPublicKey(read) : undefined
  } catch {
    return undefined
  }
}

/** The first bytes of a digest over both codes. */
const matching = async (codes: readonly [string, string]): Promise<NearbyMet['numbers']> => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode([...codes].sort().join(' ')))
  const [one = 0, two = 0, three = 0] = new Uint8Array(digest)
  return [one, two, three]
}
