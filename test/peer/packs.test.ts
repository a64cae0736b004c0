import type { GroupId } from '@auzolan/core'
import type { WorkStep } from '@auzolan/peer'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { joinParts, splitParts } from '../../packages/peer/src/pack/file.ts'
import { inTime } from '../support/noise.ts'
import { type Participant, until, value } from '../support/participant.ts'
import { cut, reaches, seen, stop, street, threeVotes } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const say = async (person: Participant, group: GroupId, text: string): Promise<void> => {
  const { document } = await inTime(until(person.peer, { view: 'home', group }))
  value(await person.peer.sendMessage(group, document, text))
}
const bringIn = (person: Participant, file: Uint8Array) => person.peer.importPacks(new Blob([new Uint8Array(file)]))
const talk = async (person: Participant, group: GroupId): Promise<readonly (string | null)[]> => {
  const { document } = await inTime(until(person.peer, { view: 'home', group }))
  const { messages } = await inTime(until(person.peer, { view: 'thread', group, thread: document }))
  return messages.map(({ text }) => text)
}

/** A megabyte of talk: some dozens of stored runs. */
const MESSAGES = 240

describe('a file of packs', () => {
  test('brings what was written apart to who is in, in both directions, and twice changes nothing', async () => {
    const { hub, all, group } = await street()
    const [ada, ben, cleo] = all
    cut(hub)
    await say(ada, group, 'The hall is free')
    await say(ben, group, 'I have the key')
    const fromAda = value(await ada.peer.exportPacks(group))
    expect(value(await bringIn(ben, fromAda))).toEqual({ group, entries: 1, whole: true, stopped: false })
    expect(value(await bringIn(ben, fromAda))).toMatchObject({ entries: 0 })
    const fromBen = value(await ben.peer.exportPacks(group))
    expect(value(await bringIn(cleo, fromBen))).toMatchObject({ entries: 2 })
    expect(value(await bringIn(ada, fromBen))).toMatchObject({ entries: 1 })
    for (const person of all) expect(await talk(person, group)).toEqual(['The hall is free', 'I have the key'])
    await cleo.stop()
    await cleo.start()
    expect(await talk(cleo, group)).toHaveLength(2)
    await stop(all)
  })

  test('is read by who was away when the key changed, and not by who was removed', async () => {
    const place = await street()
    const { hub, all, group, ids } = place
    const [ada, ben, cleo] = all
    await threeVotes(place)
    const proposal = value(await ada.peer.propose(group, { is: 'remove', person: ids.Ben }))
    for (const person of all) await seen(person, group, ({ proposals }) => proposals.length === 2)
    value(await cleo.peer.vote(group, proposal, 'yes'))
    await seen(ada, group, ({ proposals }) => proposals.some(({ yes }) => yes === 1))
    cut(hub)
    value(await ada.peer.vote(group, proposal, 'yes'))
    await reaches([ada], group, 'decided')
    await say(ada, group, 'Without Ben')
    const file = value(await ada.peer.exportPacks(group))
    expect(await bringIn(ben, file)).toEqual({ ok: false, error: { type: 'not for this device' } })
    expect(value(await bringIn(cleo, file))).toMatchObject({ group, whole: true })
    expect(await talk(cleo, group)).toEqual(['Without Ben'])
    expect((await seen(cleo, group, () => true)).removed).toEqual([ids.Ben])
    await stop(all)
  })

  test('holds only what came after, where that is asked for', async () => {
    const { hub, all, group } = await street()
    const [ada, ben] = all
    cut(hub)
    const whole = value(await ada.peer.exportPacks(group))
    const { devices } = await inTime(until(ada.peer, { view: 'devices', group }))
    const own = devices.find(({ current }) => current)!.id
    await say(ada, group, 'News')
    const part = value(await ada.peer.exportPacks(group, [{ device: own, seq: 1 }]))
    const none = value(await ada.peer.exportPacks(group, [{ device: own, seq: 1000 }]))
    expect(none.length).toBeLessThan(part.length)
    expect(part.length).toBeLessThan(2 * whole.length)
    expect(value(await bringIn(ben, part))).toMatchObject({ entries: 1 })
    await stop(all)
  })

  test('holds only what nobody else is known to have, where that is asked for', async () => {
    const { hub, all, group } = await street()
    const [ada, ben, cleo] = all
    await say(ada, group, 'The hall is free')
    for (const { peer } of all)
      await inTime(
        until(peer, { view: 'status', group }, ({ onlyHere, copies }) => copies.length === 2 && onlyHere === 0),
      )
    cut(hub)
    await say(ada, group, 'I have the key')
    await say(ada, group, 'See you at nine')
    await say(ben, group, 'I bring tools')
    const part = value(await ada.peer.exportPacks(group, 'only here'))
    expect(part.length).toBeLessThan(value(await ada.peer.exportPacks(group)).length)
    expect(value(await bringIn(cleo, part))).toEqual({ group, entries: 2, whole: true, stopped: false })
    expect(await talk(cleo, group)).toEqual(['The hall is free', 'I have the key', 'See you at nine'])
    await stop(all)
  })

  test('says how much of it is in, may be stopped, and goes on where it was brought in before', async () => {
    const { hub, all, group } = await street()
    const [ada, ben] = all
    cut(hub)
    const { document } = await inTime(until(ada.peer, { view: 'home', group }))
    for (let entry = 0; entry < MESSAGES; entry++)
      value(await ada.peer.sendMessage(group, document, `${entry} ${'x'.repeat(3_900)}`))
    const file = value(await ada.peer.exportPacks(group))
    const steps: WorkStep[] = []
    const undo = ben.peer.watch({ view: 'bringing' }, (step) => {
      steps.push(step)
      if (step.have > 0) void ben.peer.stopBringing()
    })
    const part = value(await bringIn(ben, file))
    undo()
    expect(part).toMatchObject({ whole: false, stopped: true })
    expect(part.entries).toBeGreaterThan(0)
    expect(part.entries).toBeLessThan(MESSAGES)
    expect(steps.some(({ step, have, of }) => step === 'working' && have > 0 && have < of)).toBe(true)
    expect(value(await bringIn(ben, file))).toEqual({
      group,
      entries: MESSAGES - part.entries,
      whole: true,
      stopped: false,
    })
    expect(await inTime(until(ben.peer, { view: 'bringing' }))).toEqual({ step: 'none', have: 0, of: 0 })
    await stop(all)
  })

  test('with any byte changed, cut off, or of another group is refused by name, and nothing of it is taken in', async () => {
    const { hub, all, group } = await street()
    const [ada, ben] = all
    cut(hub)
    await say(ada, group, 'The hall is free')
    const file = value(await ada.peer.exportPacks(group))
    const refused = async (bytes: Uint8Array): Promise<string> => {
      const brought = await bringIn(ben, bytes)
      return brought.ok ? `took in ${brought.value.entries}` : brought.error.type
    }
    const packsFrom = 8 + 4 + splitParts(file)![0]!.length
    for (let at = 0; at < file.length; at += at < packsFrom + 200 ? 3 : 97) {
      const changed = Uint8Array.from(file)
      changed[at]! ^= 1
      expect(await refused(changed)).toMatch(/^(not such a file|damaged file)$/)
    }
    for (const length of [0, 7, 8, 11, packsFrom, packsFrom + 3, file.length - 1])
      expect(await refused(file.subarray(0, length))).toMatch(/^(not such a file|damaged file)$/)
    expect(await refused(Uint8Array.of(...file, 0))).toBe('not such a file')
    const vast = new Blob(Array.from({ length: 129 }, () => new Uint8Array(1024 * 1024)))
    expect(await ben.peer.importPacks(vast)).toEqual({ ok: false, error: { type: 'too large file' } })
    const other = value(await ada.peer.createGroup({ name: 'Choir', myName: 'Ada' }))
    expect(await refused(value(await ada.peer.exportPacks(other)))).toBe('not for this device')
    await stop(all)
  })
})

test('parts of a file are read as they were joined, and whatever bytes never throw', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 })), fc.uint8Array(), (parts, bytes) => {
      expect(splitParts(joinParts(parts))).toEqual(parts)
      splitParts(bytes)
      splitParts(joinParts(parts).subarray(0, bytes.length))
    }),
  )
})
