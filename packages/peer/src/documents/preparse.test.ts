import * as Automerge from '@automerge/automerge/slim'
import { beforeAll, describe, expect, test } from 'vitest'
import { initialiseEngine } from './engine.ts'
import {
  maxChangeBytes,
  maxChangeDeps,
  maxChangeOps,
  maxChangeTime,
  maxOpCounter,
  maxOtherActors,
  preparse,
} from './preparse.ts'
import { codecOf, looseChange, resealed } from './testing/hostile.ts'
import { Random } from './testing/random.ts'
import { honestChanges, value } from './testing/writing.ts'

beforeAll(() => initialiseEngine('embedded'))

const { decoded, encoded } = codecOf(Automerge)

const faultOf = (bytes: Uint8Array | undefined) => {
  if (bytes === undefined) throw new Error('not encodable')
  const result = preparse(bytes)
  return result.ok ? undefined : result.error
}

/** Each byte of the author's actor in a change that is written down by hand. */
const own = 0xee

describe('reading a change without building it', () => {
  test('it says the same as Automerge of honest changes', { timeout: 60_000 }, () => {
    for (let seed = 1; seed <= 6; seed++) {
      for (const { bytes } of honestChanges(new Random(seed), 4, 25)) {
        const head = value(preparse(bytes))
        const whole = decoded(bytes)
        expect(head.keyed).toBe(whole.ops.some(({ key }) => key !== undefined))
        expect({ ...head, otherActors: 0, keyed: true }).toEqual({
          hash: whole.hash,
          deps: whole.deps,
          actor: whole.actor,
          seq: whole.seq,
          startOp: whole.startOp,
          ops: whole.ops.length,
          time: whole.time,
          otherActors: 0,
          keyed: true,
        })
        const named = whole.ops
          .flatMap(({ obj, elemId = '', pred }) => [obj, elemId, ...pred])
          .filter((id) => id.includes('@'))
        const actors = new Set(named.map((id) => id.split('@')[1]))
        actors.delete(whole.actor)
        expect(head.otherActors).toBe(actors.size)
      }
    }
  })

  test('it says the same as Automerge of hand-made changes with large numbers', () => {
    const random = new Random(5)
    for (let times = 0; times < 200; times++) {
      const change = looseChange({
        actor: random.hex(16),
        seq: 1 + random.below(2 ** 31),
        startOp: 1 + random.below(2 ** 30),
        time: random.below(2 ** 31) * 1_000,
        message: random.pick([null, 'a note', 'ألف']),
        deps: Array.from({ length: random.below(5) }, () => random.hex(32)).sort(),
      })
      const bytes = encoded(change)
      const { hash, seq, startOp, time, deps } = value(preparse(bytes ?? new Uint8Array()))
      expect({ hash, seq, startOp, time, deps }).toEqual({
        hash: decoded(bytes ?? new Uint8Array()).hash,
        seq: change.seq,
        startOp: change.startOp,
        time: change.time,
        deps: change.deps,
      })
    }
  })

  test('a change that stands for a million deletions is refused from its run lengths', () => {
    const bytes = bomb(1_000_000)
    expect(bytes.length).toBeLessThan(150)
    expect(faultOf(bytes)).toBe('too many operations')
    expect(faultOf(bomb(10))).toBeUndefined()
    expect(decoded(bomb(10)).ops.length).toBe(10)
  })

  test(
    'no bytes make it throw, and a change with a bit turned over is another change or none',
    { timeout: 60_000 },
    () => {
      const random = new Random(11)
      const honest = honestChanges(random, 3, 30)
      for (let times = 0; times < 4_000; times++) {
        const { bytes, head } = random.pick(honest)
        const wrong = bytes.slice(0, random.chance(20) ? random.below(bytes.length) : bytes.length)
        if (wrong.length === 0) continue
        const at = random.below(wrong.length)
        wrong[at] = (wrong[at] as number) ^ (1 << random.below(8))
        expect(preparse(wrong).ok).toBe(false)
        if (wrong.length < 10) continue
        const sealed = preparse(resealed(wrong))
        if (sealed.ok && at > 8) expect(sealed.value.hash).not.toBe(head.hash)
      }
      for (let times = 0; times < 2_000; times++) {
        const noise = Uint8Array.from({ length: 9 + random.below(80) }, () => random.below(256))
        noise.set([0x85, 0x6f, 0x4a, 0x83])
        noise[8] = 1
        noise[9] = noise.length - 10
        expect(preparse(resealed(noise)).ok).toBe(false)
      }
    },
  )

  const right = encodedOrThrow(looseChange({}))
  test.each([
    ['a whole document', () => withByte(8, 0), 'not a change'],
    ['a compressed change', () => withByte(8, 2), 'not a change'],
    ['a change with bytes after it', () => Uint8Array.of(...right(), 0), 'not a change'],
    ['a wrong checksum', () => withByte(4, 0), 'checksum'],
    ['more bytes than one entry holds', () => new Uint8Array(maxChangeBytes + 1), 'too large'],
    ['more deps than people write at once', () => edited({ deps: manyDeps(maxChangeDeps + 1) }), 'too many deps'],
    ['a short actor', () => edited({ actor: 'aa' }), 'bad actor'],
    ['operation numbers that lose the document', () => edited({ startOp: maxOpCounter }), 'bad number'],
    ['a time before 1970', () => edited({ time: -1 }), 'bad number'],
    [
      'more operations than one flush has',
      () => edited({ ops: Array.from({ length: maxChangeOps + 1 }, anOperation) }),
      'too many operations',
    ],
  ] as const)('%s is refused', (_, make, fault) => {
    expect(faultOf(right())).toBeUndefined()
    expect(faultOf(make())).toBe(fault)
  })

  const deletions = (count: number) => one(0x42, ...run(count), 3)
  const author = [1, 32, ...Array.from({ length: 32 }, () => 7)]
  test.each([
    ['deps out of order', { deps: [2, 1] }, 'unsorted deps'],
    ['a dep named twice', { deps: [1, 1] }, 'unsorted deps'],
    ['fewer deps than are announced', { deps: [], depCount: 9 }, 'not a change'],
    ['no number', { seq: 0 }, 'bad number'],
    ['operations from nothing on', { startOp: 0 }, 'bad number'],
    ['one operation too far', { startOp: maxOpCounter }, 'bad number'],
    ['a time no clock shows', { time: signed(maxChangeTime + 1) }, 'bad number'],
    ['a long message', { message: 1_001 }, 'too much expanded'],
    ['actors out of order', { others: [2, 1] }, 'bad actor'],
    ['an actor named twice', { others: [1, 1] }, 'bad actor'],
    ['its own actor among the others', { others: [own] }, 'bad actor'],
    ['more actors than are bounded', { others: [], otherCount: maxOtherActors + 1 }, 'too many actors'],
    ['more actors than its operations can name', { others: [0, 1, 2] }, 'too many actors'],
    ['columns out of order', { columns: [deletions(1), one(0x34, 1)] }, 'unknown column'],
    ['a column twice', { columns: [deletions(1), deletions(1)] }, 'unknown column'],
    ['a column nobody knows', { columns: [one(0x43, 0)] }, 'unknown column'],
    ['a column that is cut off', { columns: [one(0x42, ...run(2))] }, 'bad column'],
    ['a column longer than the others', { columns: [one(0x01, ...run(2), 0), deletions(1)] }, 'bad column'],
    [
      'predecessors nobody counts',
      { columns: [deletions(1), one(0x70, ...run(1), 1), one(0x71, ...run(2), 0), one(0x73, ...run(2), 1)] },
      'bad column',
    ],
    [
      'more predecessors than are bounded, by their counts',
      { columns: [deletions(5_000), one(0x70, ...run(5_000), 5)] },
      'too many predecessors',
    ],
    [
      'more predecessors than are bounded, in their column',
      { columns: [deletions(1), one(0x70, ...run(1), 1), one(0x71, ...run(20_001), 0)] },
      'too many predecessors',
    ],
    ['an ending nobody knows', { ending: [2, ...author.slice(1)] }, 'unknown ending'],
    ['a short author', { ending: [1, 31, ...author.slice(3)] }, 'unknown ending'],
    ['an author with a byte after it', { ending: [...author, 0] }, 'unknown ending'],
  ] as const)('a change with %s is refused', (_, given, fault) => {
    expect(faultOf(chunk(given))).toBe(fault)
  })

  test('what lies just within the bounds is read', () => {
    expect(faultOf(edited({ deps: manyDeps(maxChangeDeps) }))).toBeUndefined()
    for (const given of [
      { deps: [1, 2] },
      { startOp: maxOpCounter - 1 },
      { time: signed(maxChangeTime) },
      { message: 1_000 },
      { others: [0, 1] },
      { columns: [one(0x34, 1), deletions(1)] },
      { columns: [deletions(maxChangeOps), one(0x70, ...run(maxChangeOps), 4)] },
      { columns: [deletions(1), one(0x70, ...run(1), 2), one(0x71, ...run(2), 0), one(0x73, ...run(2), 1)] },
    ])
      expect(faultOf(chunk(given))).toBeUndefined()
    expect(value(preparse(chunk({})))).not.toHaveProperty('author')
    expect(value(preparse(chunk({ ending: author }))).author).toBe('07'.repeat(32))
  })

  test('a long key written a thousand times over is refused before it is written out', () => {
    const ops = Array.from({ length: 1_001 }, () => ({ ...anOperation(), key: 'k'.repeat(1_000) }))
    const bytes = encodedOrThrow(looseChange({ ops }))()
    expect(bytes.length).toBeLessThan(3_000)
    expect(faultOf(bytes)).toBe('too much expanded')
  })

  function withByte(at: number, byte: number): Uint8Array {
    const bytes = right().slice()
    bytes[at] = byte
    return bytes
  }
  function edited(change: Parameters<typeof looseChange>[0]): Uint8Array {
    return encodedOrThrow(looseChange(change))()
  }
})

function encodedOrThrow(change: ReturnType<typeof looseChange>) {
  return (): Uint8Array => {
    const bytes = encoded(change)
    if (bytes === undefined) throw new Error('not encodable')
    return bytes
  }
}

function anOperation() {
  return { action: 'set', obj: '_root', key: 'title', value: 'x', pred: [] }
}

function manyDeps(count: number): string[] {
  return Array.from({ length: count }, (_, at) => at.toString(16).padStart(64, '0'))
}

/** What `encodeChange` makes of so many deletions of one element, written down by hand: it would take it seconds. */
function bomb(count: number): Uint8Array {
  return chunk({
    columns: [
      one(0x01, ...run(count), 0),
      one(0x02, ...run(count), 1),
      one(0x11, ...run(count), 0),
      one(0x13, ...run(1), 2, ...run(count - 1), 0),
      one(0x34, ...unsigned(count)),
      one(0x42, ...run(count), 3),
      one(0x56, ...run(count), 0),
      one(0x70, ...run(count), 0),
    ],
  })
}

interface ColumnBytes {
  readonly spec: number
  readonly data: readonly number[]
}

function one(spec: number, ...data: number[]): ColumnBytes {
  return { spec, data }
}

/** A change written down by hand, byte by byte: also as no encoder would. */
function chunk({
  deps = [0],
  depCount = deps.length,
  seq = 1,
  startOp = 5,
  time = [0],
  message = 0,
  others = [0],
  otherCount = others.length,
  columns = [one(0x42, ...run(1), 3)],
  ending = [],
}: {
  readonly deps?: readonly number[]
  readonly depCount?: number
  readonly seq?: number
  readonly startOp?: number
  readonly time?: readonly number[]
  readonly message?: number
  readonly others?: readonly number[]
  readonly otherCount?: number
  readonly columns?: readonly ColumnBytes[]
  readonly ending?: readonly number[]
}): Uint8Array {
  const filled = (length: number, fill: number) => Array.from({ length }, () => fill)
  const body = [
    ...[...unsigned(depCount), ...deps.flatMap((fill) => filled(32, fill))],
    ...[16, ...filled(16, own), ...unsigned(seq), ...unsigned(startOp), ...time],
    ...[...unsigned(message), ...filled(message, 0x61)],
    ...[...unsigned(otherCount), ...others.flatMap((fill) => [16, ...filled(16, fill)])],
    ...[columns.length, ...columns.flatMap(({ spec, data }) => [...unsigned(spec), ...unsigned(data.length)])],
    ...columns.flatMap(({ data }) => data),
    ...ending,
  ]
  return resealed(Uint8Array.of(0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 1, ...unsigned(body.length), ...body))
}

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...unsigned(Math.floor(value / 128))]
}

/** A signed count. */
function run(value: number): number[] {
  return value < 64 ? [value] : [(value % 128) + 128, ...run(Math.floor(value / 128))]
}

/** Signed LEB128. */
function signed(value: number): number[] {
  const [low, rest] = [value % 128, Math.floor(value / 128)]
  return rest === 0 && low < 64 ? [low] : [low + 128, ...signed(rest)]
}
