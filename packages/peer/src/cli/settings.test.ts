import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CliFault } from './say.ts'
import { listening, readConfig } from './settings.ts'

let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auzolan-settings-'))
  file = join(folder, 'config.json')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

/** What a command would get, with these words behind its name. */
const settingsOf = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Record<string, unknown> => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  const command = listening(new Command('run'), env).exitOverride()
  command.parse([...args], { from: 'user' })
  readConfig(command, { AUZOLAN_CONFIG: file, ...env })
  return command.opts()
}

describe('settings', () => {
  test('a flag goes before the environment, that before the file, and that before what is usual', async () => {
    expect(settingsOf([])).toMatchObject({ port: 4400, host: '127.0.0.1' })
    await writeFile(file, JSON.stringify({ port: 5001, host: '0.0.0.0' }))
    expect(settingsOf([])).toMatchObject({ port: 5001, host: '0.0.0.0' })
    expect(settingsOf([], { AUZOLAN_PORT: '5002' })).toMatchObject({ port: 5002, host: '0.0.0.0' })
    expect(settingsOf(['--port', '5003'], { AUZOLAN_PORT: '5002' })).toMatchObject({ port: 5003 })
  })

  test('data lies where the XDG folders say', () => {
    expect(settingsOf([], { XDG_DATA_HOME: '/srv/data' })['dataDir']).toBe('/srv/data/auzolan')
    expect(settingsOf([], { HOME: '/home/ane' })['dataDir']).toBe('/home/ane/.local/share/auzolan')
    expect(settingsOf([], { AUZOLAN_DATA_DIR: '/srv/a', XDG_DATA_HOME: '/srv/data' })['dataDir']).toBe('/srv/a')
  })

  test.each([
    ['{', 'not JSON'],
    ['[]', 'one JSON object'],
    ['{"prot": 1}', 'no setting called "prot"'],
    ['{"port": true}', 'a text or a number'],
    ['{"port": "many"}', 'a port is a number'],
    ['{"port": 70000}', 'a port is a number'],
    ['{"log": "loud"}', 'log'],
  ])('a slip in the file is named, and nothing runs: %s', async (text, why) => {
    await writeFile(file, text)
    expect(() => settingsOf([])).toThrow(CliFault)
    expect(() => settingsOf([])).toThrow(why)
    expect(() => settingsOf([])).toThrow(file)
  })
})
