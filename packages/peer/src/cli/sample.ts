import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openNodePeer } from '../node.ts'
import { type SampleSize, sampleSizes } from '../sample/index.ts'
import type { RunOptions } from './run.ts'
import { appServer, listen } from './serve.ts'
import { answer, fail, outliveFaults, say, stopOnSignal } from './say.ts'

/** Takes part in the made-up group as one more member, and lets whoever has the printed link in. */
export const sample = async (
  name: string,
  { port, host, tcpPort, dataDir, size }: RunOptions & { readonly size: string },
): Promise<void> => {
  if (name !== 'repair-cafe') return fail(`there is no sample called "${name}"; there is repair-cafe`)
  if (!isSize(size)) return fail(`a size is one of ${Object.keys(sampleSizes).join(', ')}`)
  const folder = join(dataDir, `sample-${size}`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const server = appServer()
  const actual = await listen(server, host, port)
  const { peer, network } = await openNodePeer({
    folder,
    listen: { host, tcpPort },
    relay: true,
    appAddress: `http://localhost:${actual}/`,
  })
  const detach = network.attach(server)
  say('Writing a year of a repair café…')
  const group = await peer.openExample('A laptop in the corner', size)
  if (!group.ok) return fail(`the example could not be stored: ${JSON.stringify(group.error)}`)
  const invited = await peer.invite(group.value, { uses: 99 })
  if (!invited.ok) return fail(`no invitation: ${JSON.stringify(invited.error)}`)
  answer(invited.value.link)
  say('Open this link in a browser to join the group. Stop with Ctrl-C.')
  outliveFaults()
  stopOnSignal(async () => {
    detach()
    server.close()
    server.closeAllConnections()
    await peer.close()
  })
}

const isSize = (text: string): text is SampleSize => Object.hasOwn(sampleSizes, text)
