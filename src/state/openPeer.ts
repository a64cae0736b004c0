import type { Peer } from '@auzolan/peer'

/** Fetches and starts the engine. Kept out of the first picture. */
export const openPeer = async (): Promise<Peer> => {
  const { openBrowserPeer } = await import('@auzolan/peer/browser')
  return openBrowserPeer({})
}
