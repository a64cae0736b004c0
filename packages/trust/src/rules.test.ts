import { describe, expect, test } from 'vitest'
import type { Cbor } from './cbor-writer.ts'
import { parseFields } from './fields.ts'
import {
  isTooWeak,
  isWeakQuorum,
  needsClose,
  readAdmission,
  readRule,
  readSettings,
  settingsFields,
  type Rule,
  type RuleName,
  type Settings,
} from './rules.ts'

const half = { kind: 'threshold', num: 1, den: 2 } as const
const faultOf = (parse: () => unknown): string | undefined => {
  const parsed = parseFields(parse)
  return parsed.ok ? undefined : parsed.error
}

test('what could take a group over is decided by half at least, or by everybody', () => {
  const strong: readonly Rule[] = [half, { kind: 'unanimous' }, { kind: 'threshold', num: 2, den: 3 }]
  const weak: readonly Rule[] = [
    { kind: 'threshold', num: 499, den: 1000 },
    { kind: 'majority', num: 2, den: 3 },
    { kind: 'consent', num: 2, den: 3, objections: 0 },
    { kind: 'sortition', size: 9, inner: { kind: 'unanimous' } },
  ]
  for (const name of ['remove', 'readmit', 'voters', 'role', 'rule', 'rebind'] as const) {
    expect(strong.filter((rule) => isTooWeak(name, rule))).toEqual([])
    expect(weak.filter((rule) => !isTooWeak(name, rule))).toEqual([])
  }
  expect(weak.filter((rule) => isTooWeak('rename', rule))).toEqual([])
  expect([isWeakQuorum(null), isWeakQuorum(half), isWeakQuorum({ num: 49, den: 100 })]).toEqual([false, false, true])
})

test('somebody has to say when it is over where a late ballot can change what comes of it', () => {
  const closing: readonly Rule[] = [
    { kind: 'majority', num: 1, den: 2 },
    { kind: 'consent', num: 1, den: 2, objections: 1 },
    { kind: 'sortition', size: 3, inner: { kind: 'consent', num: 1, den: 2, objections: 0 } },
  ]
  const open: readonly Rule[] = [
    half,
    { kind: 'unanimous' },
    { kind: 'advice', least: 1, from: null },
    { kind: 'sortition', size: 3, inner: half },
  ]
  expect(closing.every(needsClose)).toBe(true)
  expect(open.some(needsClose)).toBe(false)
})

describe('what a founding lays down', () => {
  const settings: Settings = {
    rules: new Map<RuleName, Rule>([
      ['rename', half],
      ['admit', { kind: 'unanimous' }],
    ]),
    admission: { kind: 'sponsors', count: 2 },
    quorum: { num: 2, den: 3 },
  }

  test('is written sorted, whatever order it was said in, and read again', () => {
    const fields = settingsFields(settings)
    expect((fields as readonly (readonly Cbor[])[])[0]?.map((pair) => (pair as readonly Cbor[])[0])).toEqual([
      'admit',
      'rename',
    ])
    expect(readSettings(fields)).toEqual(settings)
  })

  test('in another order, or with one thing twice, is refused: nothing has two forms', () => {
    const [rules, ...rest] = settingsFields(settings) as readonly [readonly Cbor[], ...Cbor[]]
    expect(faultOf(() => readSettings([rules, ...rest]))).toBeUndefined()
    for (const other of [rules.toReversed(), [rules[0], rules[0]] as readonly Cbor[]])
      expect(faultOf(() => readSettings([other, ...rest]))).toBe('rules are sorted, each once')
  })

  test('of how newcomers come in is one of three; another is for a newer app', () => {
    expect(readAdmission(['invitation'])).toEqual({ kind: 'invitation' })
    expect(readAdmission(['decision'])).toEqual({ kind: 'decision' })
    expect(() => readAdmission(['lottery'])).toThrow('admission lottery')
  })

  test('has no panel that asks another panel, or for advice', () => {
    const inside = (inner: readonly Cbor[]) => faultOf(() => readRule(['sortition', 3, inner]))
    expect(inside(['unanimous'])).toBeUndefined()
    expect(inside(['sortition', 3, ['unanimous']])).toBe('a panel decides by ballots of its own')
    expect(inside(['advice', 1, null])).toBe('a panel decides by ballots of its own')
  })
})
