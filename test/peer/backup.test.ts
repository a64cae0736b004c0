import type { DocumentId, GroupId } from '@auzolan/core'
import { MemoryHub } from '@auzolan/network'
import type { WorkStep } from '@auzolan/peer'
import { strFromU8, unzipSync, type Unzipped, zipSync } from 'fflate'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { inTime } from '../support/noise.ts'
import { Participant, until, value } from '../support/participant.ts'
import { Calendar, cut, stop, street } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const fresh = async (name: string, seed: number, hub = new MemoryHub({ auto: true })): Promise<Participant> => {
  const person = new Participant(name, hub, seed, new Calendar())
  await person.start()
  return person
}
const bytesOf = async (file: Blob | null): Promise<Uint8Array> => new Uint8Array(await (file as Blob).arrayBuffer())
const blobOf = (bytes: Uint8Array): Blob => new Blob([new Uint8Array(bytes)])
const partsOf = async (file: Blob | null): Promise<Unzipped> => unzipSync(await bytesOf(file))
interface Listed {
  readonly groups: readonly { readonly group: string; readonly digest: string }[]
}
const listOf = async (file: Blob | null): Promise<Listed> =>
  JSON.parse(strFromU8((await partsOf(file))['manifest.json'] as Uint8Array)) as Listed
const digests = async (person: Participant) =>
  (await listOf(value(await person.peer.backup()).file)).groups.map(({ group, digest }) => [group, digest])

/** Ada with a group in which something of each kind has happened, alone. */
const household = async (): Promise<{ ada: Participant; group: GroupId; initiative: DocumentId }> => {
  const ada = await fresh('ada', 1)
  const group = value(await ada.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
  const initiative = value(await ada.peer.startInitiative(group, { title: 'Benches, at last' }))
  value(await ada.peer.edit(group, initiative, [{ do: 'set', field: ['where'], value: 'Under the elm' }]))
  value(await ada.peer.edit(group, initiative, [{ do: 'set', field: ['starts'], value: '2026-12-01T10:00Z' }]))
  value(await ada.peer.edit(group, initiative, [{ do: 'write', field: ['plan'], from: [], text: 'Sand, then oil.' }]))
  const action = value(await ada.peer.planAction(group, initiative, { title: '=Bring sandpaper', places: 2 }))
  value(await ada.peer.takeAction(group, initiative, action))
  value(await ada.peer.sendMessage(group, initiative, 'Who has a brush?'))
  const { document } = await until(ada.peer, { view: 'home', group })
  value(await ada.peer.sendMessage(group, document, 'Hello everybody'))
  return { ada, group, initiative }
}

describe('a backup', () => {
  test('put back on a fresh device equals what it was made of, and twice changes nothing', async () => {
    const { ada, group, initiative } = await household()
    const { file, words } = value(await ada.peer.backup())
    expect(words).toBeNull()
    const other = await fresh('other', 2)
    expect(value(await other.peer.restore(file as Blob))).toMatchObject({
      groups: [{ group, writes: false }],
      stopped: false,
    })
    expect(await digests(other)).toEqual(await digests(ada))
    const ask = { view: 'initiative', group, initiative } as const
    expect(await until(other.peer, ask)).toEqual(await until(ada.peer, ask))
    expect(value(await other.peer.restore(file as Blob)).groups).toEqual([{ group, entries: 0, writes: false }])
    const [row] = await until(other.peer, { view: 'groups' }, ({ length }) => length === 1)
    expect(row?.standing).toBe('restored')
    expect(await other.peer.startInitiative(group, { title: 'Mine' })).toMatchObject({ error: { type: 'joining' } })
    await stop([ada, other])
  })

  test('with its words lets a new device in, cut off from everybody, and no second one afterwards', async () => {
    const { ada, group } = await household()
    const { file, words } = value(await ada.peer.backup({ spare: 'Backup of 22 Nov' }))
    await ada.stop()
    const hub = new MemoryHub({ auto: true })
    const other = await fresh('other', 2, hub)
    expect(await other.peer.restore(file as Blob, { words: 'lusab lusab lusab lusab lusab lusab' })).toMatchObject({
      error: { type: 'wrong words' },
    })
    const put = value(await other.peer.restore(file as Blob, { words: words as string, called: 'New phone' }))
    expect(put.groups).toMatchObject([{ group, writes: true }])
    await until(other.peer, { view: 'groups' }, ([row]) => row?.standing === 'member')
    value(await other.peer.startInitiative(group, { title: 'From the new phone' }))
    const { devices } = await until(other.peer, { view: 'devices', group })
    expect(devices.map(({ label, current, revoked }) => ({ label, current, revoked }))).toEqual([
      { label: 'New phone', current: true, revoked: false },
      { label: '', current: false, revoked: false },
      { label: 'Backup of 22 Nov', current: false, revoked: true },
    ])
    const home = await until(other.peer, { view: 'home', group })
    expect(home.me.name).toBe('Ada')
    expect(home.initiatives).toHaveLength(2)
    // The key of the group came along: what is carried by hand can be read and sealed.
    const copy = value(await other.peer.exportPacks(group))
    const again = value(await other.peer.backup({ spare: 'Backup' }))
    expect(again.words).not.toBe(words)
    expect(value(await other.peer.importPacks(blobOf(copy)))).toMatchObject({ group, entries: 0 })
    const third = await fresh('third', 3)
    value(await third.peer.restore(again.file as Blob))
    expect(value(await third.peer.restore(file as Blob, { words: words as string })).groups).toMatchObject([
      { writes: false },
    ])
    await stop([other, third])
  })

  test('brings what is missing to a device that is in, and leaves what that device has', async () => {
    const { hub, all, group } = await street()
    const [ada, ben] = all
    cut(hub)
    value(await ada.peer.startInitiative(group, { title: 'From Ada' }))
    value(await ben.peer.startInitiative(group, { title: 'From Ben' }))
    const { file } = value(await ada.peer.backup())
    expect(value(await ben.peer.restore(file as Blob)).groups).toEqual([{ group, entries: 1, writes: true }])
    const { initiatives } = await inTime(
      until(ben.peer, { view: 'home', group }, (home) => home.initiatives.length > 1),
    )
    expect(initiatives.map(({ title }) => title).sort()).toEqual(['From Ada', 'From Ben'])
    await stop(all)
  })

  test('of a copy holds what the copy continues', async () => {
    const { ada, group } = await household()
    const copy = value(await ada.peer.fork(group, { name: 'Oak Street', myName: 'Ada' }))
    value(await ada.peer.startInitiative(group, { title: 'Only in the original' }))
    const { file } = value(await ada.peer.backup({ groups: [copy] }))
    const other = await fresh('other', 2)
    expect(value(await other.peer.restore(file as Blob)).groups).toMatchObject([{ group: copy }])
    const home = await until(other.peer, { view: 'home', group: copy })
    expect(home.initiatives.map(({ title }) => title)).toEqual(['Benches, at last'])
    await stop([ada, other])
  })

  test('is readable without this app', async () => {
    const { ada, initiative } = await household()
    const parts = await partsOf(value(await ada.peer.backup()).file)
    const text = (name: string) => strFromU8(parts[name] as Uint8Array)
    expect(text('README.md')).toContain('Everything in here can be read without Auzolan')
    expect(text('groups/elm-street/initiatives/benches-at-last.md')).toMatch(
      /# Benches, at last[^]*\*\*Where:\*\* Under the elm[^]*Sand, then oil\.[^]*1 of 2: Ada[^]*Who has a brush\?/,
    )
    expect(text('groups/elm-street/actions.csv')).toContain("'=Bring sandpaper")
    expect(text('groups/elm-street/people.csv')).toContain('Ada')
    expect(text('groups/elm-street/talk.md')).toContain('Hello everybody')
    expect(text('groups/elm-street/calendar.ics')).toMatch(/DTSTART:20261201T100000Z/)
    expect(JSON.parse(text('groups/elm-street/initiatives/benches-at-last.json'))).toMatchObject({ id: initiative })
    expect(parts[`groups/elm-street/documents/${initiative}.automerge`]?.length).toBeGreaterThan(100)
    await stop([ada])
  })

  test('is checked without being taken in, says how far it is, and can be stopped', async () => {
    const { ada, group } = await household()
    const { file } = value(await ada.peer.backup({ spare: 'Backup' }))
    const other = await fresh('other', 2)
    const steps: WorkStep[] = []
    const unwatch = other.peer.watch({ view: 'backup' }, (step) => steps.push(step))
    expect(value(await other.peer.checkBackup(file as Blob))).toMatchObject({
      groups: [{ group, name: 'Elm Street', people: 1, initiatives: 1 }],
      locked: true,
    })
    unwatch()
    expect(steps.some(({ step, have, of }) => step === 'working' && have > 0 && have <= of)).toBe(true)
    expect(await until(other.peer, { view: 'groups' })).toEqual([])
    const putting = other.peer.restore(file as Blob)
    await other.peer.stopBackup()
    expect(value(await putting)).toEqual({ groups: [], stopped: true })
    expect(await until(other.peer, { view: 'groups' })).toEqual([])
    expect(value(await other.peer.restore(file as Blob)).groups).toHaveLength(1)
    await stop([ada, other])
  })
})

describe('a file that only looks like a backup', () => {
  const refusals = async (file: Blob): Promise<unknown[]> => {
    const other = await fresh('other', 2)
    const checked = await other.peer.checkBackup(file)
    const put = await other.peer.restore(file)
    expect(await until(other.peer, { view: 'groups' })).toEqual([])
    await stop([other])
    return [checked, put].map((result) => (result.ok ? 'taken' : result.error.type))
  }

  test('is refused wherever one bit of what is put back was flipped', async () => {
    const { ada } = await household()
    const whole = await bytesOf(value(await ada.peer.backup()).file)
    await stop([ada])
    const other = await fresh('other', 2)
    for (let at = 0; at < whole.length; at += 97) {
      const flipped = whole.slice()
      flipped[at] = (flipped[at] as number) ^ 4
      const checked = await other.peer.checkBackup(blobOf(flipped))
      // Times and hints of a ZIP file mean nothing here.
      if (checked.ok) expect(checked.value.groups).toHaveLength(1)
    }
    await stop([other])
  })

  test('is refused with parts of another backup, with parts missing or added, and cut short', async () => {
    const { ada, group } = await household()
    const before = await partsOf(value(await ada.peer.backup()).file)
    value(await ada.peer.startInitiative(group, { title: 'Later' }))
    const file = value(await ada.peer.backup()).file
    const after = await partsOf(file)
    await stop([ada])
    const [log] = Object.keys(after).filter((name) => name.endsWith('.runs')) as [string]
    const { [log]: _, ...missing } = after
    const mixed = { ...after, [log]: before[log] as Uint8Array }
    const readme = after['README.md'] as Uint8Array
    const reworded = zipSync({ ...after, 'README.md': readme.map((byte, at) => (at === 5 ? byte ^ 1 : byte)) })
    const other = await fresh('reader', 4)
    expect(await other.peer.checkBackup(blobOf(reworded))).toMatchObject({ error: { type: 'damaged file' } })
    await stop([other])
    for (const parts of [mixed, missing, { ...after, 'more.txt': new Uint8Array(4) }])
      expect(await refusals(blobOf(zipSync(parts)))).toEqual(['damaged file', 'damaged file'])
    const { 'manifest.json': __, ...unlisted } = after
    expect(await refusals(blobOf(zipSync(unlisted)))).toEqual(['not such a file', 'not such a file'])
    const whole = await bytesOf(file)
    expect(await refusals(blobOf(whole.subarray(0, whole.length - 300)))).toEqual([
      'not such a file',
      'not such a file',
    ])
    expect(await refusals(blobOf(new Uint8Array(1000)))).toEqual(['not such a file', 'not such a file'])
  })
})
