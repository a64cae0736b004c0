import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeKeeperInvitation } from '@auzolan/trust'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openHome, openKeeper } from './home.ts'
import { keep } from './keep.ts'
import { metricsText } from './probes.ts'
import { exitCodes } from './say.ts'
import { appServer, listen } from './serve.ts'
import { printed } from './testing/printed.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auzolan-keep-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

const invitation = encodeKeeperInvitation([new Uint8Array(32).fill(3)])

describe('keeping for a group', () => {
  test('is remembered, asked for twice is once, and is given up', async () => {
    const once = JSON.parse(await printed(() => keep(invitation, { dataDir: folder, json: true }))) as [
      { name: string },
    ]
    expect(once).toMatchObject([{ packs: 0, bytes: 0 }])
    expect(JSON.parse(await printed(() => keep(invitation, { dataDir: folder, json: true })))).toEqual(once)
    const none = await printed(() => keep(undefined, { dataDir: folder, json: true, forget: once[0].name }))
    expect(JSON.parse(none)).toEqual([])
  })

  test('what is no invitation, or cut off, is said with what to do', async () => {
    const code = exitCodes.wrongUse
    await expect(keep('hello', { dataDir: folder })).rejects.toMatchObject({ code })
    await expect(keep(invitation.slice(0, -3), { dataDir: folder })).rejects.toThrow('Copy it whole')
    await expect(keep(undefined, { dataDir: folder, forget: 'ab' })).rejects.toMatchObject({ code })
  })
})

describe('what a service manager asks', () => {
  const ask = (port: number, path: string): Promise<{ readonly status: number | undefined; readonly body: string }> =>
    new Promise((resolve, reject) => {
      const asked = request({ port, path, agent: false }, (response) => {
        let body = ''
        response.on('data', (part: Buffer) => (body += part.toString()))
        response.on('end', () => resolve({ status: response.statusCode, body }))
      })
      asked.on('error', reject)
      asked.end()
    })

  test('is answered: alive at once, ready when it listens, and counts without names', async () => {
    const home = await openHome(folder)
    const kept = await openKeeper(home)
    const { keeper } = kept
    await keeper.invite(invitation)
    let ready = false
    const server = appServer(folder, {
      ready: () => ready,
      metrics: () => metricsText({ network: undefined, groups: 2, keeper }),
    })
    const port = await listen(server, '127.0.0.1', 0)
    expect(await ask(port, '/healthz')).toEqual({ status: 200, body: 'ok\n' })
    expect((await ask(port, '/readyz')).status).toBe(503)
    ready = true
    expect((await ask(port, '/readyz')).status).toBe(200)
    const { body } = await ask(port, '/metrics')
    expect(body).toContain('\nauzolan_groups 2\n')
    expect(body).toContain('\nauzolan_kept_groups 1\n')
    for (const line of body.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) auzolan_\w+ .+|auzolan_\w+ \d+)$/)
    server.close()
    await kept.close()
    await home.secrets.close()
  })
})
