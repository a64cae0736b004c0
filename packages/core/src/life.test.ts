import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Instant } from './ids.ts'
import { dayOf, isDue, type Life, RESTING_AFTER, stageAt } from './life.ts'
import { closeResults } from './statement.ts'

const now = Date.UTC(2026, 10, 22, 15) as Instant
const ago = (milliseconds: number) => (now - milliseconds) as Instant
const quiet: Life = { progress: 'gathering', heardAt: ago(RESTING_AFTER), checkOn: null, results: [] }

const anyLife: fc.Arbitrary<Life> = fc.record({
  progress: fc.constantFrom('idea', 'gathering', 'going', 'done'),
  heardAt: fc.integer({ min: -RESTING_AFTER, max: 2 * RESTING_AFTER }).map(ago),
  checkOn: fc.constantFrom(null, '2026-11-01', '2026-11-22', '2027-01-01'),
  results: fc.subarray([...closeResults]),
})

describe('how far an initiative is', () => {
  test('what nobody wrote or spoke of for six weeks rests, and not a moment sooner', () => {
    expect(stageAt(quiet, now)).toBe('resting')
    expect(stageAt({ ...quiet, heardAt: ago(RESTING_AFTER - 1) }, now)).toBe('gathering')
  })

  test('what has a day to come on which its people look at it does not rest before', () => {
    expect(stageAt({ ...quiet, checkOn: '2026-11-23' }, now)).toBe('gathering')
    expect(stageAt({ ...quiet, checkOn: '2026-11-22' }, now)).toBe('resting')
  })

  test('what is done does not rest', () => expect(stageAt({ ...quiet, progress: 'done' }, now)).toBe('done'))

  test('what was closed is closed, in one way or in several', () => {
    expect(stageAt({ ...quiet, results: ['stopped'] }, now)).toBe('closed')
    expect(stageAt({ ...quiet, results: ['achieved', 'learned'] }, ago(0))).toBe('closed')
  })

  test('time alone changes only one thing: what is open and not done may come to rest, and stays so', () => {
    fc.assert(
      fc.property(anyLife, fc.nat(3 * RESTING_AFTER), (life, later) => {
        const [before, after] = [stageAt(life, now), stageAt(life, (now + later) as Instant)]
        if (after !== before) expect([before, after]).toEqual([life.progress, 'resting'])
      }),
    )
  })
})

describe('the day to look at it', () => {
  test('comes where the person is, and waits for nobody once the initiative is closed', () => {
    const life: Life = { ...quiet, checkOn: '2026-11-22' }
    expect(['2026-11-21', '2026-11-22', '2026-12-03'].map((today) => isDue(life, today))).toEqual([false, true, true])
    expect(isDue({ ...life, results: ['learned'] }, '2026-12-03')).toBe(false)
    expect(isDue({ ...life, checkOn: null }, '2026-12-03')).toBe(false)
  })

  test.each(['', 'soon', '2026-11-31', '2026-13-01', '22.11.2026', '2026-11-22T10:00', '0000-00-00', '٢٠٢٦-١١-٢٢'])(
    'is not %j',
    (text) => expect(dayOf(text)).toBe(null),
  )

  test('is read as it was written', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        const day = date.toISOString().slice(0, 10)
        expect(dayOf(day)).toBe(day)
      }),
    )
  })
})
