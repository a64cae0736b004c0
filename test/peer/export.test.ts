import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openNodePeer } from '@auzolan/peer/node'
import { afterEach, expect, test, vi } from 'vitest'
import { ZipReader } from '../../packages/peer/src/backup/zip-reader.ts'
import { exportGroup } from '../../packages/peer/src/cli/export.ts'
import { until, value } from '../support/participant.ts'

afterEach(() => vi.restoreAllMocks())

test('one group is handed out as data and as files that any program opens, and nothing of another', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'auzolan-export-'))
  const { peer } = await openNodePeer({ folder: dataDir, listen: { host: '127.0.0.1' } })
  const group = value(await peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
  const { document } = await until(peer, { view: 'home', group })
  value(await peer.sendMessage(group, document, 'The hall is free'))
  value(await peer.createGroup({ name: 'Choir', myName: 'Ada' }))
  await peer.close()

  const printed: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => printed.push(String(line)) > 0)
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  await exportGroup('Elm Street', { dataDir, json: true })
  const data = JSON.parse(printed.at(-1) ?? '') as Record<string, unknown>
  expect(Object.keys(data).sort()).toEqual(['decisions.json', 'group.json', 'people.json', 'talk.json'])
  expect(data).toMatchObject({ 'group.json': { name: 'Elm Street' }, 'talk.json': [{ text: 'The hall is free' }] })

  const to = join(dataDir, 'elm.zip')
  await exportGroup(group, { dataDir, to })
  const zip = value(await ZipReader.open(new Blob([new Uint8Array(await readFile(to))])))
  expect([...zip.parts.keys()].every((name) => name.startsWith('groups/elm-street/'))).toBe(true)
  expect([...zip.parts.keys()]).toContain('groups/elm-street/talk.md')

  await expect(exportGroup(undefined, { dataDir, json: true })).rejects.toThrow('say which group')
  await expect(exportGroup(group, { dataDir, to })).rejects.toThrow('Nothing was changed')
  expect(() => exportGroup(group, { dataDir })).toThrow('say where to')
  await rm(dataDir, { recursive: true, force: true })
})
