import type { Logger, MessageStreamDirection } from '@libp2p/interface'
import { AbstractMultiaddrConnection, type SendResult } from '@libp2p/utils'
import type { Multiaddr } from '@multiformats/multiaddr'

/** Bytes in one message: what every WebRTC stack takes (RFC 8831 6.6), with room for its own lengths. */
const MAX_MESSAGE_BYTES = 16 * 1024 - 64
/** Nobody who speaks this sends more at once. */
const MAX_RECEIVED_BYTES = 64 * 1024
/** Bytes that wait in the browser before more is held back here, and down to where they must have gone before it goes on. */
const MOST_WAITING_BYTES = 1024 * 1024
const DRAINED_BYTES = 256 * 1024

export interface ChannelParts {
  readonly connection: RTCPeerConnection
  /** Open. */
  readonly channel: RTCDataChannel
  /** Ends in the id that the other side has to prove. */
  readonly remoteAddr: Multiaddr
  readonly direction: MessageStreamDirection
  readonly log: Logger
}

/** One data channel as the bytes under a libp2p connection. */
export class ChannelConnection extends AbstractMultiaddrConnection {
  readonly #connection: RTCPeerConnection
  readonly #channel: RTCDataChannel

  constructor({ connection, channel, ...init }: ChannelParts) {
    super({ ...init, maxMessageSize: MAX_MESSAGE_BYTES })
    this.#connection = connection
    this.#channel = channel
    channel.binaryType = 'arraybuffer'
    channel.bufferedAmountLowThreshold = DRAINED_BYTES
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer && data.byteLength <= MAX_RECEIVED_BYTES) this.onData(new Uint8Array(data))
      else this.abort(new Error('not a message of ours'))
    }
    channel.onbufferedamountlow = () => this.safeDispatchEvent('drain')
    channel.onclose = () => this.#ended()
    connection.onconnectionstatechange = () => {
      if (connection.connectionState === 'failed' || connection.connectionState === 'closed') this.#ended()
    }
  }

  override sendData(data: Parameters<AbstractMultiaddrConnection['sendData']>[0]): SendResult {
    for (const part of data) this.#channel.send(part as Uint8Array<ArrayBuffer>)
    return { sentBytes: data.byteLength, canSendMore: this.#channel.bufferedAmount < MOST_WAITING_BYTES }
  }

  override sendReset(): void {
    this.#hangUp()
  }

  override async sendClose(): Promise<void> {
    this.#hangUp()
  }

  // A data channel cannot be told to wait; links grant each other credit instead.
  override sendPause(): void {}
  override sendResume(): void {}

  #ended(): void {
    this.#hangUp()
    this.onTransportClosed()
  }

  #hangUp(): void {
    this.#channel.close()
    this.#connection.close()
  }
}
