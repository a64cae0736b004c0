import * as Automerge from '@automerge/automerge/slim'
import { beforeAll, describe, expect, test } from 'vitest'
import { initialiseEngine } from './engine.ts'
import { maxChangeBytes, maxChangeDeps, maxChangeOps, maxOpCounter, preparse } from './preparse.ts'
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

const zeros = '0'.repeat(64)

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
  const one = (spec: number, ...data: number[]) => ({ spec, data })
  const columns = [
    one(0x01, ...run(count), 0),
    one(0x02, ...run(count), 1),
    one(0x11, ...run(count), 0),
    one(0x13, ...run(1), 2, ...run(count - 1), 0),
    one(0x34, ...unsigned(count)),
    one(0x42, ...run(count), 3),
    one(0x56, ...run(count), 0),
    one(0x70, ...run(count), 0),
  ]
  const actor = Array.from({ length: 16 }, () => 0xee)
  const body = [
    ...[1, ...Array.from({ length: 32 }, (_, at) => Number.parseInt(zeros.slice(2 * at, 2 * at + 2), 16))],
    ...[16, ...actor, 1, 5, 0, 0],
    ...[1, 16, ...Array.from({ length: 16 }, () => 0)],
    ...[columns.length, ...columns.flatMap(({ spec, data }) => [...unsigned(spec), data.length])],
    ...columns.flatMap(({ data }) => data),
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
