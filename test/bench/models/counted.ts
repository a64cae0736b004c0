import type { Frame, Link, Network } from '@auzolan/network'

/** Bytes a frame has around its payload: length and type. */
const frameOverhead = 5

/** The same network, and a count of the bytes of the sync protocol's frames both ways: encryption and set-up are not in it. */
export const countedNetwork = <N extends Network>(
  network: N,
): { readonly network: N; readonly bytes: () => number } => {
  let bytes = 0
  const count = (frame: Frame) => (bytes += frame.payload.length + frameOverhead)
  const countedLink = (link: Link): Link => ({
    remote: link.remote,
    path: link.path,
    opener: link.opener,
    closed: link.closed,
    close: (reason) => link.close(reason),
    send: (frame) => {
      count(frame)
      return link.send(frame)
    },
    onFrame: (take) =>
      link.onFrame((frame) => {
        count(frame)
        return take(frame)
      }),
  })
  const counted = new Proxy(network, {
    get: (target, name) => {
      if (name === 'start') return (onLink: (link: Link) => void) => target.start((link) => onLink(countedLink(link)))
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  return { network: counted, bytes: () => bytes }
}
