import { openNodeNetwork, type NodeNetwork } from '@auzolan/network/node'
import type { Peer } from '../peer.ts'
import { openNodePeer } from '../node.ts'
import { countGroups, type Home, keepFor, openHome, openKeeper, type OpenKeeper } from './home.ts'
import { metricsText } from './probes.ts'
import { answer, CliFault, exitCodes, outliveFaults, say, stopOnSignal } from './say.ts'
import { appServer, listen } from './serve.ts'

export interface RunOptions {
  readonly port: number
  readonly host: string
  readonly tcpPort: number
  readonly dataDir: string
  readonly keep?: string
  readonly json?: boolean
  /** Off by --no-mdns. */
  readonly mdns?: boolean
}

/** Old packs are looked for this often, in milliseconds. */
const EXPIRE_EVERY_MS = 60 * 60 * 1000

/** Serves the app and introduces those who use it to each other. Keeps sealed packs for groups that asked, or takes part in groups it joined. */
export const run = async ({
  port,
  host,
  tcpPort,
  dataDir,
  keep,
  json = false,
  mdns = true,
}: RunOptions): Promise<void> => {
  const home = await openHome(dataDir)
  const groups = await countGroups(home)
  const kept = await openKeeper(home)
  if (groups > 0 && (keep !== undefined || kept.keeper.shelves.length > 0))
    throw new CliFault(
      `${dataDir} takes part in a group, and a keeper has to know nothing of any. Give one of both a folder of its own with --data-dir.`,
      exitCodes.wrongUse,
    )
  if (keep !== undefined) await keepFor(kept.keeper, keep)
  const keeps = kept.keeper.shelves.length
  let ready = false
  const now: { network?: NodeNetwork } = {}
  const server = appServer(undefined, {
    ready: () => ready,
    metrics: () => metricsText({ network: now.network?.state(), groups, keeper: kept.keeper }),
  })
  const actual = await listen(server, host, port)
  const { network, peer } = await start({
    home,
    host,
    tcpPort,
    groups,
    kept,
    mdns,
    address: `http://localhost:${actual}/`,
  })
  now.network = network
  const detach = network.attach(server)
  ready = true
  const address = `http://localhost:${actual}`
  const { addresses } = network.state()
  if (json) answer(JSON.stringify({ address, peer: network.self, addresses }))
  else answer(address)
  sayWhatRuns({ host, groups, keeps })
  if (keeps > 0 && !json) for (const each of addresses) answer(each)
  say('Stop with Ctrl-C.')
  const expiring = setInterval(() => void kept.keeper.expire(), EXPIRE_EVERY_MS)
  outliveFaults()
  stopOnSignal(async () => {
    ready = false
    clearInterval(expiring)
    detach()
    server.close()
    server.closeAllConnections()
    await (peer ? peer.close() : network.stop())
    await kept.close()
    await home.secrets.close()
  })
}

interface Running {
  readonly network: NodeNetwork
  readonly peer?: Peer
}

interface Start {
  readonly home: Home
  readonly host: string
  readonly tcpPort: number
  readonly groups: number
  readonly kept: OpenKeeper
  readonly mdns: boolean
  readonly address: string
}

const start = async ({ home, host, tcpPort, groups, kept, mdns, address }: Start): Promise<Running> => {
  const listen = { host, tcpPort }
  if (groups > 0)
    return openNodePeer({
      folder: home.folder,
      listen,
      relay: true,
      lan: mdns && !isLoopback(host),
      appAddress: address,
    })
  const network = await openNodeNetwork({ identity: home.identity, listen, relay: true })
  await network.start((link) => {
    if (kept.keeper.shelves.length > 0) kept.keeper.serve(link, network.self)
    else link.close({ type: 'bye' })
  })
  return { network }
}

/** Nobody else could come to what is announced. */
const isLoopback = (host: string): boolean => host === '::1' || host.startsWith('127.')

const sayWhatRuns = ({ host, groups, keeps }: { host: string; groups: number; keeps: number }): void => {
  if (groups > 0) say('Auzolan runs on this machine and takes part in its groups.', { groups })
  else if (keeps > 0)
    say('Auzolan runs on this machine and keeps sealed packs it cannot read. Members add one of the addresses below.', {
      keeps,
    })
  else say('Auzolan runs on this machine. It keeps nothing of your groups: browsers do.')
  if (host === '0.0.0.0') say('Other devices on your network may load the app and meet through this machine.')
  else if (keeps > 0)
    say('Only this machine itself can reach it: with --host 0.0.0.0, or a proxy in front, others can too.')
  say('Open the first address in a browser.')
}
