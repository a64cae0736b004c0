import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openIdentity, openNodeNetwork } from '@auzolan/network/node'
import { openFileSecrets } from '@auzolan/storage/node'
import { systemEntropy } from '../node.ts'
import { appServer, listen } from './serve.ts'
import { answer, outliveFaults, say, stopOnSignal } from './say.ts'

export interface RunOptions {
  readonly port: number
  readonly host: string
  readonly tcpPort: number
  readonly dataDir: string
}

/** Serves the app and introduces those who use it to each other. Holds a network key, no group. */
export const run = async ({ port, host, tcpPort, dataDir }: RunOptions): Promise<void> => {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const secrets = await openFileSecrets(join(dataDir, 'secrets'))
  const identity = await openIdentity(secrets, systemEntropy)
  const server = appServer()
  const network = await openNodeNetwork({ identity, listen: { host, tcpPort }, relay: true })
  const detach = network.attach(server)
  const actual = await listen(server, host, port)
  await network.start((link) => link.close({ type: 'bye' }))
  say('Auzolan runs on this machine. It keeps nothing of your groups: browsers do.')
  if (host === '0.0.0.0') say('Other devices on your network may load the app and meet through this machine.')
  answer(`http://localhost:${actual}`)
  say('Open this address in a browser. Stop with Ctrl-C.')
  outliveFaults()
  stopOnSignal(async () => {
    detach()
    server.close()
    server.closeAllConnections()
    await network.stop()
    await secrets.close()
  })
}
