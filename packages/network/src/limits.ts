const KiB = 1024
const MiB = 1024 * KiB

/** `send` resolves while less than this waits, in bytes: a few of the largest frames, so that the line never runs dry. */
export const SEND_RESOLVES_BELOW_BYTES = 4 * MiB

/** More than this waiting to be sent ends the link, in bytes: whoever ignores `send` must not fill the memory. */
export const MAX_QUEUED_BYTES = 16 * MiB

/** Bytes a receiver lets be on their way before it has handled any; WebRTC and WebSocket cannot be told to pause. */
export const RECEIVE_WINDOW_BYTES = 4 * MiB

/** What every receiver grants before its hello has arrived, in bytes: saves the opener a round trip. */
export const FIRST_WINDOW_BYTES = 256 * KiB

/** What a frame counts for beside its payload, in bytes: about what keeping it costs, so that tiny frames are bounded too. */
export const FRAME_OVERHEAD_BYTES = 64

/** Payload of a hello, at most, in bytes: version, sizes and a short name. */
export const MAX_HELLO_BYTES = 256

/** A hello later than this after the stream opened is none, in milliseconds. */
export const HELLO_WITHIN_MS = 5_000
/** Looks in which that time passes: of a time in which this side stood still, with the hello waiting to be read, only one counts. */
export const HELLO_LOOKS = 5

/** Nothing sent for this long: say ping, in milliseconds. Three fit into the silence that ends a link, and a phone may rest in between. */
export const PING_AFTER_MS = 10_000
/** The same where somebody looks at who is there, in milliseconds: with the time for the answer, what is shown is never older than 5 s. */
export const PING_WATCHED_MS = 2_000
/** Nothing heard for so long after a ping: the other side is shown as not answering, in milliseconds. The link stays. */
export const ANSWER_WITHIN_MS = 2_500
/** Whoever is being sent something says at least so often that it arrives, in milliseconds: a ping may wait behind a megabyte. */
export const SIGN_EVERY_MS = 2_000

/** Not one byte for this long ends the link, in milliseconds. */
export const SILENT_AFTER_MS = 30_000

/** What one peer may send on end, in bytes: the fastest path measured does less (`NETWORK.md` 2). */
export const INBOUND_BYTES_PER_SECOND = 32 * MiB
export const INBOUND_BYTES_BURST = 64 * MiB

/** Frames of one peer: a peer catching up sends hundreds a second, so this is only met by a flood. */
export const INBOUND_FRAMES_PER_SECOND = 10_000
export const INBOUND_FRAMES_BURST = 20_000
