/** The part of a Vite plugin this one is. Vite itself is not loaded for it. */
export interface BuildPlugin {
  readonly name: string
  readonly enforce: 'pre'
  readonly transform: (code: string, id: string) => string | undefined
  readonly buildEnd: (error?: Error) => void
}

/** In @libp2p/webrtc 6.0.33. Each must be found exactly once. */
const replacements: readonly (readonly [string, string])[] = [
  [
    `if (channel.readyState !== 'open') {
            log.trace('wait for init channel to open');
            await pEvent(channel, 'open', {`,
    `if (channel.readyState === 'connecting') {
            log.trace('wait for init channel to open');
            await pEvent(channel, ['open', 'close'], {`,
  ],
  [
    `await pEvent(channel, 'close', {
            signal
        });`,
    `if (channel.readyState !== 'closed') await pEvent(channel, 'close', {
            signal
        });`,
  ],
]

/**
 * Mends a race in WebRTC dials: when the other side closed its first channel before this side looked, 4 of 100 dials
 * waited six seconds for an event that never came (measured, `NETWORK.md` 2). Throws when the code to be mended
 * is not as expected; `required` also fails a build in which it was never met.
 */
export const webrtcDialRacePatch = ({ required = false }: { required?: boolean } = {}): BuildPlugin => {
  let applied = false
  return {
    name: 'auzolan-webrtc-dial-race',
    enforce: 'pre',
    transform: (code, id) => {
      if (!DIAL_FILE.test(id)) return undefined
      applied = true
      return mendDial(code)
    },
    buildEnd: (error) => {
      if (error === undefined && required && !applied)
        throw new Error('the WebRTC dial race was not mended: its file was not built')
    },
  }
}
const DIAL_FILE = /@libp2p[\\/]webrtc[\\/].*private-to-private[\\/]initiate-connection\.js(\?.*)?$/

/** The dialling code without the race. Throws when a passage to be replaced is not there exactly once. */
export const mendDial = (code: string): string => {
  let mended = code
  for (const [from, to] of replacements) {
    if (mended.split(from).length !== 2)
      throw new Error('the WebRTC dial race cannot be mended: @libp2p/webrtc has changed')
    mended = mended.replace(from, () => to)
  }
  return mended
}
