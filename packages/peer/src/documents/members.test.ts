import * as Automerge from '@automerge/automerge/slim'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  admit,
  closeDocument,
  digest,
  hashes,
  heads,
  initialiseEngine,
  liveDocuments,
  prove,
  snapshot,
  openDocument,
  changesSince,
  type Candidate,
  type DocHandle,
} from './engine.ts'
import { candidate, codecOf, resealed, type LooseChange } from './testing/hostile.ts'
import { anInitiative, deliver, value, write } from './testing/writing.ts'

beforeAll(() => initialiseEngine('embedded'))

const codec = codecOf(Automerge)
const ane = 'a'.repeat(32)
const bea = 'b'.repeat(32)
const mallory = 'e'.repeat(32)

let document: DocHandle
let first: Candidate
beforeEach(() => {
  document = anInitiative()
  first = write(
    document,
    ane,
    { do: 'set', field: ['title'], value: 'A well' },
    { do: 'write', field: ['plan'], from: heads(document), text: 'Dig.' },
  )[0] as Candidate
})
afterEach(() => {
  closeDocument(document)
  expect(liveDocuments()).toBe(0)
})

/** A change of Mallory's on what the document holds, with one operation; right but for what is given. */
const forged = (given: Partial<LooseChange>): Candidate => {
  const made = candidate(
    codec.encoded({
      actor: mallory,
      seq: 1,
      startOp: first.head.startOp + first.head.ops,
      time: 1,
      message: null,
      deps: [first.head.hash],
      ops: [{ action: 'set', obj: '_root', key: 'where', value: 'x', pred: [] }],
      ...given,
    }),
  )
  if (made === undefined) throw new Error('not encodable')
  return made
}

const verdict = (...candidates: readonly Candidate[]) => admit(document, candidates).refused.map(({ reason }) => reason)

/** The document is as it was, saves and loads, and can be written. */
const expectUnharmed = (before: Uint8Array) => {
  expect(digest(document)).toEqual(before)
  const again = value(openDocument('initiative', value(snapshot(document)), []))
  expect(digest(again)).toEqual(before)
  closeDocument(again)
  write(document, bea, { do: 'set', field: ['title'], value: 'Two wells' })
}

const set = { action: 'set', obj: '_root', key: 'title', value: 'x' }

describe('what a hostile member may send', () => {
  test('a change that is right in itself is accepted', () => {
    const change = forged({})
    expect(admit(document, [change])).toEqual({ accepted: [change.head.hash], waiting: [], refused: [] })
  })

  test.each([
    ['a predecessor that does not exist', { ops: [{ ...set, pred: [`99@${ane}`] }] }, 'unknown operation'],
    ['an object that does not exist', { ops: [{ ...set, obj: `99@${ane}`, pred: [] }] }, 'unknown operation'],
    ['an object that is none', { ops: [{ ...set, obj: `4@${ane}`, pred: [] }] }, 'malformed operation'],
    ['an insertion under a key', { ops: [{ ...set, key: 'when', insert: true, pred: [] }] }, 'malformed operation'],
    [
      'an insertion after an element of nothing',
      { ops: [{ action: 'set', obj: `2@${'0'.repeat(32)}`, elemId: `77@${ane}`, insert: true, value: 'x', pred: [] }] },
      'unknown operation',
    ],
    ['an operation number far ahead', { startOp: 2 ** 31 - 2 }, 'wrong operation number'],
    ['an operation number used before', { startOp: 2 }, 'wrong operation number'],
    ['a gap in the sequence', { seq: 5 }, 'wrong sequence number'],
    ["somebody else's actor, out of turn", { actor: ane, seq: 3 }, 'wrong sequence number'],
    ['an increment', { ops: [{ ...set, action: 'inc', value: 2 ** 52, pred: [`4@${ane}`] }] }, 'unknown action'],
    ['a counter', { ops: [{ ...set, value: 1, datatype: 'counter', pred: [] }] }, 'unknown action'],
    ['a text in place of all actions', { ops: [{ ...set, key: 'actions', pred: [] }] }, 'replaced foundation'],
    ['no operations', { ops: [] }, 'empty'],
    ['a second beginning', { deps: [], startOp: 1 }, 'second beginning'],
    ["the genesis' actor", { actor: '0'.repeat(32) }, 'second beginning'],
  ] as const)('%s is refused and harms nothing', (_, given, reason) => {
    const before = digest(document)
    const change = forged(given as unknown as Partial<LooseChange>)
    expect(verdict(change)).toEqual([reason])
    expect(verdict(change)).toEqual([reason])
    expectUnharmed(before)
  })

  test('a rival of the genesis with a lower hash does not take its place', () => {
    const before = digest(document)
    for (let time = 0; time < 40; time++) {
      expect(verdict(forged({ actor: '0'.repeat(32), deps: [], startOp: 1, time }))).toEqual(['second beginning'])
    }
    expectUnharmed(before)
  })

  test('a predecessor under another key does not survive saving, and is refused alone out of a large batch', () => {
    const before = hashes(document).slice(1)
    const bad = forged({ ops: [{ action: 'set', obj: '_root', key: 'when', value: 'x', pred: [`4@${ane}`] }] })
    const built = forged({ actor: 'd'.repeat(32), deps: [bad.head.hash], startOp: bad.head.startOp + 1 })
    const good = Array.from({ length: 20 }, (_, at) => forged({ actor: (at + 16).toString(16).repeat(16) }))
    const { refused } = admit(document, [...good, built, bad])
    expect(refused).toEqual([])
    const dropped = prove(document)
    expect(new Set(hashes(document).slice(1))).toEqual(new Set([...before, ...good.map(({ head }) => head.hash)]))
    expect(Object.fromEntries(dropped.map(({ hash, reason }) => [hash, reason]))).toEqual({
      [bad.head.hash]: 'does not survive saving',
      [built.head.hash]: 'built on refused',
    })
  })

  test('an operation of a concurrent change cannot be named, whether that change is there or not', () => {
    const concurrent = forged({})
    const naming = forged({
      actor: 'd'.repeat(32),
      ops: [{ action: 'set', obj: '_root', key: 'where', value: 'y', pred: [`${concurrent.head.startOp}@${mallory}`] }],
    })
    expect(admit(document, [concurrent]).accepted).toEqual([concurrent.head.hash])
    expect(verdict(naming)).toEqual(['unknown operation'])
    const other = anInitiative([first])
    expect(admit(other, [naming]).refused.map(({ reason }) => reason)).toEqual(['unknown operation'])
    closeDocument(other)
  })

  test('a change with a bit turned over is another change, judged by itself', () => {
    const flipped = first.bytes.slice()
    flipped[flipped.length - 5] = (flipped.at(-5) as number) ^ 1
    expect(candidate(flipped)).toBeUndefined()
    const sealed = candidate(resealed(flipped))
    expect(sealed?.head.hash).not.toBe(first.head.hash)
  })

  test('of two changes with one actor and number the lower hash stays, in any order, and what was built on the other falls', () => {
    const [low, high] = [forged({ time: 1 }), forged({ time: 2 })].sort((left, right) =>
      left.head.hash < right.head.hash ? -1 : 1,
    )
    if (low === undefined || high === undefined) throw new Error('two were made')
    const onHigh = forged({ seq: 2, deps: [high.head.hash], startOp: high.head.startOp + 1 })
    const other = anInitiative([first])
    deliver(document, [[high], [onHigh], [low]])
    deliver(other, [[low], [high], [onHigh]])
    expect(hashes(document)).toEqual(hashes(other))
    expect(hashes(document)).toContain(low.head.hash)
    expect(hashes(document)).not.toContain(onHigh.head.hash)
    expect(digest(document)).toEqual(digest(other))
    closeDocument(other)
  })

  test('of two changes with one actor and number the lower hash stands in the way of the other also where it is refused itself', () => {
    const good = forged({})
    const bad = Array.from({ length: 64 }, (_, time) => forged({ time, ops: [{ ...set, pred: [`99@${ane}`] }] })).find(
      ({ head }) => head.hash < good.head.hash,
    )
    if (bad === undefined) throw new Error('one of many has a lower hash')
    const other = anInitiative([first])
    const before = hashes(document)
    for (const change of [bad, good]) admit(document, [change])
    for (const change of [good, bad]) admit(other, [change])
    expect([hashes(document), hashes(other)]).toEqual([before, before])
    closeDocument(other)
  })

  test('a change whose place is taken is refused also by a document that was opened from what was kept', () => {
    const [low, high] = [forged({ time: 1 }), forged({ time: 2 })].sort((left, right) =>
      left.head.hash < right.head.hash ? -1 : 1,
    ) as [Candidate, Candidate]
    expect(verdict(low)).toEqual([])
    const again = value(openDocument('initiative', value(snapshot(document)), []))
    expect(admit(again, [high]).refused.map(({ reason }) => reason)).toEqual(['duplicate sequence number'])
    closeDocument(again)
  })

  test('what a refused change would have made is nothing that another may write into', () => {
    const good = forged({})
    const ops = [
      { action: 'makeMap', obj: '_root', key: 'where', pred: [] },
      { ...set, pred: [`99@${ane}`] },
    ]
    const bad = Array.from({ length: 64 }, (_, time) => forged({ time, ops })).find(
      ({ head }) => head.hash > good.head.hash,
    )
    if (bad === undefined) throw new Error('one of many has a higher hash')
    const into = forged({
      actor: 'd'.repeat(32),
      deps: [good.head.hash],
      startOp: good.head.startOp + 1,
      ops: [{ ...set, obj: `${good.head.startOp}@${mallory}`, pred: [] }],
    })
    expect(verdict(bad)).toEqual(['unknown operation'])
    expect(verdict(good)).toEqual([])
    expect(verdict(into)).toEqual(['malformed operation'])
  })

  test('of a batch each is judged once, after what it builds on, whatever its numbers claim', () => {
    const ahead = forged({ startOp: 2 ** 20 })
    const on = forged({ actor: 'd'.repeat(32), deps: [ahead.head.hash] })
    expect(admit(document, [on, ahead, on])).toEqual({
      accepted: [],
      waiting: [],
      refused: [
        { hash: ahead.head.hash, reason: 'wrong operation number' },
        { hash: on.head.hash, reason: 'built on refused' },
      ],
    })
  })

  test('a change that builds on a refused one is refused, whatever else it builds on', () => {
    const bad = forged({ ops: [{ ...set, pred: [`99@${ane}`] }] })
    const deps = [bad.head.hash, first.head.hash].sort()
    expect(verdict(bad)).toEqual(['unknown operation'])
    expect(verdict(forged({ actor: 'd'.repeat(32), deps }))).toEqual(['built on refused'])
  })

  test('a change waits outside for what it builds on, and enters once that has come', () => {
    const missing = forged({})
    const waits = forged({ actor: 'd'.repeat(32), deps: [missing.head.hash], startOp: missing.head.startOp + 1 })
    expect(admit(document, [waits])).toEqual({
      accepted: [],
      waiting: [{ hash: waits.head.hash, missing: [missing.head.hash] }],
      refused: [],
    })
    expect(heads(document)).toEqual([first.head.hash])
    expect(admit(document, [waits, missing]).accepted).toEqual([missing.head.hash, waits.head.hash])
    expect(admit(document, [waits, missing])).toEqual({ accepted: [], waiting: [], refused: [] })
  })

  test('a document rebuilt from its changes in another order is the same', () => {
    admit(document, [forged({}), forged({ actor: 'd'.repeat(32) })])
    const again = value(openDocument('initiative', null, [...value(changesSince(document, []))].reverse()))
    expect(digest(again)).toEqual(digest(document))
    closeDocument(again)
  })
})
