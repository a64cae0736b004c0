import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { appServer, listen } from './serve.ts'

let folder: string
let port: number
let close: () => void

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auzolan-app-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html>plain')
  await writeFile(join(folder, 'index.html.br'), 'compressed')
  await writeFile(join(folder, 'assets/app-1234.js'), 'export {}')
  const server = appServer(folder)
  port = await listen(server, '127.0.0.1', 0)
  close = () => server.close()
})

afterEach(async () => {
  close()
  await rm(folder, { recursive: true })
})

interface Answer {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

const ask = (path: string, { method = 'GET', encoding = '' } = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request(
      { port, path, method, headers: { 'accept-encoding': encoding }, agent: false },
      (response) => {
        let body = ''
        response.on('data', (part: Buffer) => (body += part.toString()))
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }))
      },
    )
    asked.on('error', reject)
    asked.end()
  })

describe('serving the app', () => {
  test('every answer forbids inline script and other origins', async () => {
    for (const path of ['/', '/assets/app-1234.js', '/nothing']) {
      const policy = (await ask(path)).headers['content-security-policy']
      expect(policy).toContain("default-src 'self'")
      expect(policy).not.toContain("script-src 'self' 'unsafe-inline'")
    }
  })

  test('sends the compressed file to who can read it', async () => {
    expect((await ask('/', { encoding: 'br' })).body).toBe('compressed')
    expect((await ask('/')).body).toBe('<!doctype html>plain')
  })

  test('lets browsers keep files whose names change with their content, and ask again for the page', async () => {
    expect((await ask('/assets/app-1234.js')).headers['cache-control']).toContain('immutable')
    expect((await ask('/')).headers['cache-control']).toBe('no-cache')
  })

  test('serves nothing outside its folder, and takes nothing', async () => {
    expect((await ask('/../../etc/passwd')).status).toBe(404)
    expect((await ask('/%2e%2e/%2e%2e/etc/passwd')).status).toBe(404)
    expect((await ask('/', { method: 'POST' })).status).toBe(405)
  })

  test('a taken port is said with what to do', async () => {
    const other = appServer(folder)
    await expect(listen(other, '127.0.0.1', port)).rejects.toThrow('--port')
  })

  test('a folder without the app is said with what to do', () => {
    expect(() => appServer(join(folder, 'missing'))).toThrow('npm run build')
  })
})
