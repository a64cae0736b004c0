import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join as path } from 'node:path'
import { openNodePeer } from '@auzolan/peer/node'
import { afterEach, expect, test, vi } from 'vitest'
import { join, status } from '../../packages/peer/src/cli/member.ts'
import { value } from '../support/participant.ts'

afterEach(() => vi.restoreAllMocks())

test('a machine comes in by the web link of another that only takes WebSocket connections', async () => {
  const folders = await Promise.all(['host', 'guest'].map((name) => mkdtemp(path(tmpdir(), `auzolan-link-${name}-`))))
  const [folder = '', dataDir = ''] = folders
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { peer, network } = await openNodePeer({
    folder,
    listen: { host: '127.0.0.1' },
    appAddress: `http://localhost:${port}/`,
  })
  const detach = network.attach(server)
  const group = value(await peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
  const { link } = value(await peer.invite(group, { uses: 1 }))

  const printed: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => printed.push(String(line)) > 0)
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  await join(link, { dataDir, name: 'Hall', wait: 60 })
  await status({ dataDir, json: true })
  expect(JSON.parse(printed.at(-1) ?? '')).toMatchObject({ groups: [{ name: 'Elm Street', standing: 'member' }] })

  detach()
  server.close()
  server.closeAllConnections()
  await peer.close()
  await Promise.all(folders.map((each) => rm(each, { recursive: true, force: true })))
})
