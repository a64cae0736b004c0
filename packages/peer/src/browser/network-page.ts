import { openBrowserNetwork, openIdentity, type PageNetwork } from '@auzolan/network/browser'
import type { Entropy } from '@auzolan/core'
import { openIndexedDbSecrets } from '@auzolan/storage/browser'
import { introduce, serveNetwork } from './port-network.ts'

/**
 * Runs the network on this page as soon as no other tab of the profile does, and for as long as the page lives: two nodes with one
 * key would confuse every relay. Calls `started` once it runs here. Where the page has no locks (plain http) each tab would be such a second node, so it stays off.
 */
export const runNetwork = async (
  port: MessagePort,
  profile: string,
  helpers: readonly string[],
  started: (network: PageNetwork) => void,
): Promise<void> => {
  const entropy: Entropy = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) }
  const secrets = await openIndexedDbSecrets(`${profile}-network`)
  const identity = await openIdentity(secrets, entropy)
  introduce(port, identity.peer)
  if (!('locks' in navigator)) return
  await navigator.locks.request(`${profile}-network`, async () => {
    const network = await openBrowserNetwork({ identity, helpers })
    await serveNetwork(port, network)
    started(network)
    await new Promise<never>(() => undefined)
  })
}
