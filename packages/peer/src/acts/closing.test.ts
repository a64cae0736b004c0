import { ControlId, type Instant, MemberId } from '@auzolan/core'
import type { GroupState, ProposalView, Rule } from '@auzolan/trust'
import { describe, expect, test } from 'vitest'
import { closingStep } from './closing.ts'

const DAY = 24 * 60 * 60 * 1000
const member = (n: number) => MemberId.fromBytes(new Uint8Array(32).fill(n))
const entry = (n: number) => ControlId.fromBytes(new Uint8Array(32).fill(n))
const [ada, ben, cleo, dan] = [1, 2, 3, 4].map(member) as [MemberId, MemberId, MemberId, MemberId]
const four = new Set([ada, ben, cleo, dan])

type CloseView = ProposalView['closes'][number]

const close = (n: number, by: MemberId, more: Partial<CloseView> = {}): CloseView => ({
  id: entry(n),
  by,
  witnesses: [],
  said: [],
  without: 0,
  ...more,
})
const majority: Rule = { kind: 'majority', num: 1, den: 2 }
const asked = (more: Partial<ProposalView> = {}): ProposalView =>
  ({
    id: entry(9),
    phase: 'open',
    rule: majority,
    rules: [majority, majority],
    panel: null,
    closes: [],
    missing: [dan],
    tally: { yes: 2, no: 1, abstain: 0, object: 0, spoiled: 0, of: 4 },
    ...more,
  }) as ProposalView

const step = (proposal: ProposalView, days: number, me = cleo) =>
  closingStep(proposal, me, { electorate: four } as unknown as GroupState, {
    since: 0 as Instant,
    now: (days * DAY) as Instant,
  })
const closes = { kind: 'close', proposal: entry(9) }

describe('that voting is over', () => {
  test('is said after a week, or once everybody has answered with one answer each', () => {
    expect(step(asked(), 6.9)).toBeUndefined()
    expect(step(asked(), 7)).toEqual(closes)
    expect(step(asked({ missing: [] }), 0)).toEqual(closes)
    const spoiled = { yes: 2, no: 1, abstain: 0, object: 0, spoiled: 1, of: 4 }
    expect(step(asked({ missing: [], tally: spoiled }), 6)).toBeUndefined()
  })

  test('is not said where no rule asks for it, once it was decided, or before anybody is drawn', () => {
    const half: Rule = { kind: 'threshold', num: 1, den: 2 }
    expect(step(asked({ rules: [half, half] }), 8)).toBeUndefined()
    for (const phase of ['decided', 'sealed', 'refused', 'voided'] as const)
      expect(step(asked({ phase }), 8), phase).toBeUndefined()
    const lot: Rule = { kind: 'sortition', size: 2, inner: majority }
    expect(step(asked({ rule: lot, rules: [lot] }), 8)).toBeUndefined()
    expect(step(asked({ rule: lot, rules: [lot], panel: [ada] }), 8)).toEqual(closes)
  })

  test('is acknowledged a day later, or at once where everybody has answered in it', () => {
    const phase = 'closing'
    expect(step(asked({ phase, closes: [close(1, ada)] }), 7.5)).toBeUndefined()
    expect(step(asked({ phase, closes: [close(1, ada)] }), 8)).toEqual({ kind: 'ack', close: entry(1) })
    expect(step(asked({ phase, closes: [close(1, ada)], missing: [] }), 0)).toEqual({ kind: 'ack', close: entry(1) })
  })

  test('is acknowledged once, and last by who said it, where it is enough with theirs', () => {
    const phase = 'closing'
    expect(step(asked({ phase, closes: [close(1, ada, { said: [cleo] })] }), 8)).toBeUndefined()
    expect(step(asked({ phase, closes: [close(1, cleo)] }), 8)).toBeUndefined()
    expect(step(asked({ phase, closes: [close(1, cleo, { witnesses: [ada] })] }), 8)).toBeUndefined()
    const nearly = close(1, cleo, { witnesses: [ada, ben] })
    expect(step(asked({ phase, closes: [nearly] }), 8)).toEqual({ kind: 'ack', close: entry(1) })
    expect(step(asked({ phase, closes: [close(1, ada)] }), 8, member(5))).toBeUndefined()
  })

  test('is said anew for an answer that was left out, four times at most', () => {
    const left = (count: number) => Array.from({ length: count }, (_, at) => close(at + 1, ada, { without: 1 }))
    expect(step(asked({ phase: 'closing', closes: left(3) }), 8)).toEqual(closes)
    expect(step(asked({ phase: 'closing', closes: left(4) }), 8)).toEqual({ kind: 'ack', close: entry(1) })
  })
})
