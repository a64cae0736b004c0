import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BringUnit, DifferenceView, GroupId, OfferRow } from '@auzolan/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openNodePeer } from '../node.ts'
import type { Peer } from '../peer.ts'
import { exportGroup } from './export.ts'
import { adopt, bringFile, bringIn, diff, fork, offer } from './family.ts'
import { exitCodes } from './say.ts'
import { printed } from './testing/printed.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auzolan-family-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

/** What a person does in the app on this machine, between two commands. */
const inApp = async <T>(act: (peer: Peer) => Promise<T>): Promise<T> => {
  const { peer } = await openNodePeer({ folder, listen: { host: '127.0.0.1', tcpPort: 0 } })
  try {
    return await act(peer)
  } finally {
    await peer.close()
  }
}

const value = <T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false }): T => {
  if (!result.ok) throw new Error('refused')
  return result.value
}

const data = async <T>(run: () => Promise<void>): Promise<T> => JSON.parse(await printed(run)) as T

test('a group is continued, compared, brought in from and offered to from the command line', async () => {
  const json = { dataDir: folder, json: true }
  const elm = await inApp(async (peer) => {
    const group = value(await peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
    const benches = value(await peer.startInitiative(group, { title: 'Benches' }))
    value(await peer.edit(group, benches, [{ do: 'write', field: ['plan'], from: [], text: 'Sand, then oil.' }]))
    return group
  })
  const { group: oak } = await data<{ group: GroupId }>(() =>
    fork('Elm Street', { ...json, name: 'Oak Street', as: 'Ada of Oak' }),
  )
  await inApp(async (peer) => {
    value(await peer.startInitiative(elm, { title: 'Tool shop' }))
    value(await peer.startInitiative(oak, { title: 'Swings' }))
  })

  const told = await data<DifferenceView>(() => diff('Oak Street', elm, json))
  expect(told.initiatives.map(({ title, is }) => [title, is])).toEqual([
    ['Swings', 'here'],
    ['Tool shop', 'there'],
  ])
  expect(told.totals.here).toMatchObject({ people: 1, open: 2 })
  const since = await data<DifferenceView>(() => diff('Oak Street', undefined, { ...json, since: '2020-01-01' }))
  expect(since.initiatives.map(({ is }) => is)).not.toContain('both')
  expect(() => diff('Oak Street', elm, { ...json, since: '2020-01-01' })).toThrow('say with what to compare')
  expect(await printed(() => diff('Oak Street', 'Elm Street', { dataDir: folder }))).toContain(
    'Tool shop\tonly in Elm Street',
  )

  const units = await data<BringUnit[]>(() => bringIn('Oak Street', { ...json, from: 'Elm Street' }))
  expect(units.map(({ title }) => title)).toEqual(['Tool shop'])
  await expect(bringIn('Oak Street', { ...json, from: 'Elm Street', only: ['no such thing'] })).rejects.toThrow(
    'nothing that begins with',
  )
  const only = [units[0]?.key.slice(0, 12) ?? '']
  await printed(() => bringIn('Oak Street', { ...json, from: 'Elm Street', only }))
  expect(await data(() => bringIn('Oak Street', { ...json, from: 'Elm Street' }))).toEqual([])

  const file = join(folder, 'swings.offer')
  await printed(() => offer('Oak Street', { ...json, to: 'Elm Street', why: 'For you too', file, all: true }))
  await expect(offer('Oak Street', { ...json, to: 'Elm Street', file, all: true })).rejects.toThrow(
    'a file of this name already',
  )
  await printed(() => bringFile(file, json))
  await printed(() => bringFile(file, json))
  const offers = await data<OfferRow[]>(() => adopt('Elm Street', undefined, json))
  expect(offers.map(({ name, why, answer }) => [name, why, answer])).toEqual([['Oak Street', 'For you too', null]])
  const [{ id } = { id: '' }] = offers
  await expect(adopt('Elm Street', 'f'.repeat(9), json)).rejects.toMatchObject({ code: exitCodes.wrongUse })
  expect(await data(() => adopt('Elm Street', id, { ...json, all: true, thanks: 'Gladly' }))).not.toEqual({
    records: 0,
  })
  expect(await data<OfferRow[]>(() => adopt('Elm Street', undefined, json))).toMatchObject([
    { answer: { taken: 'all' } },
  ])
})

test('sealed packs that this machine exported are imported where they lack, and elsewhere change nothing', async () => {
  const elm = await inApp(async (peer) => value(await peer.createGroup({ name: 'Elm Street', myName: 'Ada' })))
  const file = join(folder, 'elm.packs')
  await printed(() => exportGroup(elm, { dataDir: folder, to: file, sealed: true }))
  expect((await readFile(file)).includes('Elm Street')).toBe(false)
  expect(await data(() => bringFile(file, { dataDir: folder, json: true }))).toMatchObject({ group: elm, entries: 0 })
})

test('a file with one byte changed, or that is none of ours, is refused, and nothing is written over', async () => {
  const [elm, oak] = await inApp(async (peer) => {
    const group = value(await peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
    const copy = value(await peer.fork(group, { name: 'Oak Street', myName: 'Ada' }))
    value(await peer.startInitiative(copy, { title: 'Swings' }))
    return [group, copy]
  })
  const file = join(folder, 'swings.offer')
  await printed(() => offer(oak, { dataDir: folder, to: elm, file, all: true }))
  const bytes = await readFile(file)
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  await writeFile(join(folder, 'changed'), bytes)
  await writeFile(join(folder, 'other'), 'a letter')
  for (const name of ['changed', 'other'])
    await expect(bringFile(join(folder, name), { dataDir: folder })).rejects.toThrow('nothing was taken in')
  expect(await data(() => adopt(elm, undefined, { dataDir: folder, json: true }))).toEqual([])
})
