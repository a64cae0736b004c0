import {
  DeviceId,
  DocumentId,
  type ActionId,
  type ChangeHash,
  type Edit,
  type InitiativeDoc,
  type Instant,
} from '@auzolan/core'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  admit,
  changesSince,
  closeDocument,
  digest,
  documentState,
  edit,
  heads,
  initialiseEngine,
  liveDocuments,
  openDocument,
  proseAt,
  snapshot,
  type DocHandle,
} from './engine.ts'
import { maxActions } from './shapes.ts'
import { Random } from './testing/random.ts'
import { anInitiative, honestChanges, retouched, value, write } from './testing/writing.ts'

beforeAll(() => initialiseEngine('embedded'))

const ane = 'a'.repeat(32)
const bea = 'b'.repeat(32)
const id = DocumentId.fromBytes(new Uint8Array(16))
const action = '0123456789abcdef' as ActionId
const device = (actor: string) => DeviceId.fromBytes(new Uint8Array(32).fill(Number.parseInt(actor.slice(0, 2), 16)))
const state = (handle: DocHandle) => documentState(handle, id, ({ actor }) => ({ device: device(actor) }))
const initiative = (handle: DocHandle) => state(handle).value as InitiativeDoc
const faultOf = (handle: DocHandle, ...edits: readonly Edit[]) => {
  const result = edit(handle, edits, { time: 1, actor: () => ane })
  return result.ok ? undefined : result.error
}
const exchange = (left: DocHandle, right: DocHandle, ...changes: Parameters<typeof admit>[1][]) => {
  for (const each of changes) for (const handle of [left, right]) admit(handle, each)
}
const titled = (title: string): Edit => ({ do: 'set', field: ['title'], value: title })
const planned = (handle: DocHandle, text: string, from = heads(handle)): Edit => ({
  do: 'write',
  field: ['plan'],
  from,
  text,
})

describe('short fields', () => {
  test('titles written apart stand side by side on both devices, and one answer settles them', () => {
    const [left, right] = [anInitiative(), anInitiative()]
    exchange(left, right, write(left, ane, titled('A well')), write(right, bea, titled('A pump')))
    expect(state(left).versions).toEqual({
      title: [
        { value: 'A pump', device: device(bea), at: 1_700_000_000_000 as Instant },
        { value: 'A well', device: device(ane), at: 1_700_000_000_000 as Instant },
      ],
    })
    expect(state(right)).toEqual(state(left))
    exchange(left, right, write(left, ane, titled('A pump')))
    for (const handle of [left, right]) {
      expect(state(handle).versions).toEqual({})
      expect(initiative(handle).title).toBe('A pump')
      closeDocument(handle)
    }
  })

  test("an action's title has versions of its own, and a clock that the caller knows better is used", () => {
    const [left, right] = [anInitiative(), anInitiative()]
    const draft = { title: 'Dig', details: 'Bring spades', when: '', order: 'a' }
    exchange(left, right, write(left, ane, { do: 'put', action, draft }))
    const field = ['actions', action, 'title']
    exchange(
      left,
      right,
      write(left, ane, { do: 'set', field, value: 'Dig deep' }),
      write(right, bea, { do: 'set', field, value: 'Dig on Sunday' }),
    )
    const { versions } = documentState(left, id, ({ actor }) => ({ device: device(actor), at: 5 as Instant }))
    expect(versions[field.join('/')]?.map(({ value: text, at }) => [text, at])).toEqual([
      ['Dig on Sunday', 5],
      ['Dig deep', 5],
    ])
    expect(initiative(left).actions[action]).toMatchObject({ ...draft, title: 'Dig on Sunday' })
    closeDocument(left)
    closeDocument(right)
  })

  test('an edit that changes nothing makes no change', () => {
    const handle = anInitiative()
    write(handle, ane, titled('A well'), planned(handle, 'Dig.'))
    const before = heads(handle)
    const { changes, heads: after } = value(
      edit(handle, [titled('A well'), planned(handle, 'Dig.')], { time: 1, actor: () => ane }),
    )
    expect(changes).toEqual([])
    expect(after).toEqual(before)
    closeDocument(handle)
  })
})

describe('limits', () => {
  test.each([
    [titled('x'.repeat(201)), { type: 'too long', field: 'title', limit: 200 }],
    [{ do: 'set', field: ['plan'], value: 'x' }, { type: 'no such field' }],
    [{ do: 'set', field: ['constructor'], value: 'x' }, { type: 'no such field' }],
    [{ do: 'set', field: ['actions', action, 'title'], value: 'x' }, { type: 'no such field' }],
    [{ do: 'write', field: ['title'], from: [], text: 'x' }, { type: 'unknown moment' }],
    [{ do: 'write', field: ['plan'], from: ['f'.repeat(64) as ChangeHash], text: 'x' }, { type: 'unknown moment' }],
    [
      { do: 'put', action: '__proto__' as ActionId, draft: { title: '', details: '', when: '', order: '' } },
      { type: 'no such field' },
    ],
  ] as const)('%j is refused', (refused, fault) => {
    const handle = anInitiative()
    expect(faultOf(handle, refused)).toEqual(fault)
    closeDocument(handle)
  })

  test('prose may be as long as its limit, in several changes, and not longer', { timeout: 60_000 }, () => {
    const handle = anInitiative()
    const long = 'a😀'.repeat(7_000).slice(0, 20_000)
    expect(faultOf(handle, planned(handle, `${long}xx`))).toEqual({ type: 'too long', field: 'plan', limit: 20_000 })
    const changes = write(handle, ane, planned(handle, long.slice(0, -1)))
    expect(changes.length).toBeGreaterThan(1)
    expect(initiative(handle).plan).toBe(long.slice(0, -1).toWellFormed())
    write(handle, ane, planned(handle, ''))
    expect(initiative(handle).plan).toBe('')
    closeDocument(handle)
  })

  test('an initiative holds five hundred actions', { timeout: 60_000 }, () => {
    const handle = anInitiative()
    const put = (at: number): Edit => ({
      do: 'put',
      action: at.toString(16).padStart(16, '0') as ActionId,
      draft: { title: `${at}`, details: '', when: '', order: 'a' },
    })
    write(handle, ane, ...Array.from({ length: maxActions }, (_, at) => put(at)))
    expect(Object.keys(initiative(handle).actions).length).toBe(maxActions)
    expect(faultOf(handle, put(maxActions))).toEqual({ type: 'too many', limit: maxActions })
    expect(faultOf(handle, put(0))).toEqual({ type: 'already there' })
    closeDocument(handle)
  })
})

describe('prose', () => {
  test('what one removed goes, what the other wrote meanwhile inside of it stays', () => {
    const [left, right] = [anInitiative(), anInitiative()]
    exchange(left, right, write(left, ane, planned(left, 'We dig the old well.')))
    const seen = heads(left)
    exchange(left, right, write(right, bea, planned(right, 'We dig the very old well.', seen)))
    exchange(left, right, write(left, ane, planned(left, 'We dig.', seen)))
    expect(initiative(left).plan).toBe('We digvery .')
    expect(initiative(right).plan).toBe(initiative(left).plan)
    closeDocument(left)
    closeDocument(right)
  })

  test('the heads answered hold the edit and nothing that its author had not seen', () => {
    const handle = anInitiative()
    write(handle, ane, planned(handle, 'one'))
    const seen = heads(handle)
    write(handle, bea, planned(handle, 'zero one'))
    const made = value(
      edit(handle, [planned(handle, 'one two', seen)], { time: 1, actor: (may) => (may(ane) ? ane : bea) }),
    )
    admit(handle, made.changes)
    expect(value(proseAt(handle, ['plan'], made.heads))).toBe('one two')
    expect(initiative(handle).plan).toBe('zero one two')
    expect(value(proseAt(handle, ['plan'], seen))).toBe('one')
    closeDocument(handle)
  })

  describe('an edit that is made and not stored yet', () => {
    const made = (handle: DocHandle, by: string, ...edits: readonly Edit[]) =>
      value(edit(handle, edits, { time: 1, actor: () => by })).changes

    test('is not shown, and stands once it is admitted, whatever was read or came in between', () => {
      const draft = { title: 'Dig', details: '', when: '', order: 'a' }
      const field = ['actions', action, 'title']
      const [handle, other] = [anInitiative(), anInitiative()]
      exchange(handle, other, write(other, bea, titled('Café'), { do: 'put', action, draft }))
      const mine = made(handle, ane, titled('Repair café'), planned(handle, 'one'), { do: 'set', field, value: 'Saw' })
      expect(initiative(handle)).toMatchObject({ title: 'Café', plan: '' })
      expect(value(proseAt(handle, ['plan'], heads(handle)))).toBe('')
      exchange(handle, other, write(other, bea, { do: 'set', field, value: 'Dig deep' }))
      exchange(handle, other, mine)
      expect(initiative(handle)).toMatchObject({ title: 'Repair café', plan: 'one' })
      expect(state(handle).versions[field.join('/')]).toHaveLength(2)
      expect(digest(handle)).toEqual(digest(other))
      closeDocument(handle)
      closeDocument(other)
    })

    test('goes when it could not be stored and another one is made', () => {
      const [handle, other] = [anInitiative(), anInitiative()]
      exchange(handle, other, write(handle, ane, planned(handle, 'one')))
      made(handle, ane, planned(handle, 'one two'))
      exchange(handle, other, made(handle, ane, planned(handle, 'one three')))
      expect(initiative(handle).plan).toBe('one three')
      expect(digest(handle)).toEqual(digest(other))
      closeDocument(handle)
      closeDocument(other)
    })

    test('leaves no inner object behind that reads freed memory', () => {
      const handle = anInitiative()
      const draft = { title: 'Dig', details: '', when: '', order: 'a' }
      write(handle, ane, { do: 'put', action, draft })
      for (const by of [bea, ane, bea]) write(handle, by, titled(`Café of ${by[0]}`))
      expect(state(handle).versions).toEqual({})
      closeDocument(handle)
    })
  })

  test('an actor whose newest change was not seen is not offered', () => {
    const handle = anInitiative()
    const start = heads(handle)
    write(handle, ane, planned(handle, 'one'))
    const asked: boolean[] = []
    const { changes } = value(
      edit(handle, [{ do: 'write', field: ['why'], from: start, text: 'because' }], {
        time: 1,
        actor: (may) => {
          asked.push(may(ane), may(bea))
          return bea
        },
      }),
    )
    expect(asked).toEqual([false, true])
    expect(admit(handle, changes).refused).toEqual([])
    closeDocument(handle)
  })

  test('texts seen at different moments are not written in one edit', () => {
    const handle = anInitiative()
    const start = heads(handle)
    write(handle, ane, planned(handle, 'one'))
    expect(faultOf(handle, planned(handle, 'two'), { do: 'write', field: ['why'], from: start, text: 'x' })).toEqual({
      type: 'several moments',
    })
    closeDocument(handle)
  })

  test('half a surrogate pair becomes a replacement character', () => {
    const handle = anInitiative()
    write(handle, ane, planned(handle, 'a\ud83d b 😀'))
    expect(initiative(handle).plan).toBe('a\ufffd b 😀')
    closeDocument(handle)
  })

  test('alone, the text becomes what its author wrote, whatever it was', () => {
    const random = new Random(3)
    const handle = anInitiative()
    let text = ''
    for (let times = 0; times < 60; times++) {
      text = retouched(random, text)
      write(handle, ane, planned(handle, text))
      expect(initiative(handle).plan).toBe(text)
    }
    closeDocument(handle)
  })

  test(
    'people typing at once, each on what they last saw, agree, keep every letter in order and break no pair',
    { timeout: 60_000 },
    () => {
      for (let seed = 1; seed <= 12; seed++) typeTogether(new Random(seed), 2 + (seed % 2))
    },
  )
})

/** Everyone types a line of their own letters, a piece at a time, in front of a mark, while others' pieces arrive late. */
const typeTogether = (random: Random, people: number) => {
  const alphabets = ['0123456789', '😀😁😂😃😄😅😆😇😈😉', 'ابتثجحخدذر']
  const start = anInitiative()
  const beginning = write(start, 'c'.repeat(32), planned(start, '👩‍🌾漢字é'))
  const all = [...beginning]
  const writers = alphabets.slice(0, people).map((letters, at) => ({
    letters: [...letters],
    handle: anInitiative(beginning),
    actors: [`${at + 1}`.repeat(32)],
    text: initiative(start).plan,
    from: heads(start),
    typed: 0,
  }))
  while (writers.some(({ letters, typed }) => typed < letters.length)) {
    const writer = random.pick(writers.filter(({ letters, typed }) => typed < letters.length))
    if (random.chance(50)) admit(writer.handle, random.shuffled(all))
    if (random.chance(40)) {
      writer.from = heads(writer.handle)
      writer.text = initiative(writer.handle).plan
    }
    const points = [...writer.text]
    const last = points.indexOf(writer.letters[writer.typed - 1] ?? '')
    const at = last < 0 ? random.below(points.length + 1) : last + 1
    points.splice(at, 0, writer.letters[writer.typed] as string)
    writer.text = points.join('')
    const { changes, heads: after } = value(
      edit(writer.handle, [planned(writer.handle, writer.text, writer.from)], {
        time: 1,
        actor: (may) => {
          const free = writer.actors.find(may) ?? random.hex(16)
          if (!writer.actors.includes(free)) writer.actors.push(free)
          return free
        },
      }),
    )
    expect(admit(writer.handle, changes).refused).toEqual([])
    all.push(...changes)
    writer.from = after
    writer.typed++
    expect(value(proseAt(writer.handle, ['plan'], after))).toBe(writer.text)
  }
  for (const { handle } of writers) {
    admit(handle, random.shuffled(all))
    admit(start, all)
    expect(digest(handle)).toEqual(digest(start))
  }
  const { plan } = initiative(start)
  expect(plan.isWellFormed()).toBe(true)
  for (const { letters } of writers) expect([...plan].filter((point) => letters.includes(point))).toEqual(letters)
  expect([...plan].length).toBe([...'👩‍🌾漢字é'].length + 10 * people)
  for (const { handle } of [...writers, { handle: start }]) closeDocument(handle)
}

describe('keeping', () => {
  test('a snapshot and the changes after it open as the same document', () => {
    const changes = honestChanges(new Random(8), 3, 20)
    const whole = anInitiative(changes)
    const early = anInitiative(changes.slice(0, 9))
    const later = value(changesSince(whole, heads(early)))
    const again = value(openDocument('initiative', value(snapshot(early)), later))
    expect(digest(again)).toEqual(digest(whole))
    expect(state(again)).toEqual(state(whole))
    for (const handle of [whole, early, again]) closeDocument(handle)
  })

  test('damaged snapshots and those of another kind are refused', () => {
    const handle = anInitiative(honestChanges(new Random(9), 2, 6))
    const bytes = value(snapshot(handle))
    const cut = bytes.slice(0, -3)
    expect(openDocument('initiative', cut, [])).toEqual({ ok: false, error: { type: 'damaged' } })
    expect(openDocument('group', bytes, [])).toEqual({ ok: false, error: { type: 'damaged' } })
    expect(openDocument('initiative', Uint8Array.of(1, 2, 3), [])).toEqual({ ok: false, error: { type: 'damaged' } })
    closeDocument(handle)
  })

  test(
    'a thousand openings and closings leave nothing behind, and a closed handle cannot be used',
    { timeout: 60_000 },
    () => {
      const changes = honestChanges(new Random(10), 2, 8)
      const before = liveDocuments()
      for (let times = 0; times < 1_000; times++) {
        const handle = times % 10 === 0 ? anInitiative(changes) : anInitiative()
        if (times % 10 === 0) write(handle, ane, titled(`${times}`))
        closeDocument(handle)
      }
      expect(liveDocuments()).toBe(before)
      expect(before).toBe(0)
      const closed = anInitiative()
      closeDocument(closed)
      expect(() => heads(closed)).toThrow('closed')
    },
  )
})
