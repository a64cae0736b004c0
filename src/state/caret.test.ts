import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mapCaret } from './caret.ts'

describe('a caret when the text changes around it', () => {
  test('stays between the same letters when text comes in before and behind it', () => {
    expect(mapCaret('bring tools', 'please bring your tools, all', 'bring '.length)).toBe('please bring '.length)
  })

  test('stays behind the letter just typed when somebody else goes on from there', () => {
    expect(mapCaret('tea', 'cake, tea and milk', 'tea'.length)).toBe('cake, tea'.length)
  })

  test('stands where the letters before it were, when they were taken away', () => {
    expect(mapCaret('one two three', 'one three', 'one tw'.length)).toBe('one t'.length)
  })

  test('is always inside the new text, and unmoved when nothing changed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), fc.nat(40), (before, after, at) => {
        const caret = Math.min(at, before.length)
        const mapped = mapCaret(before, after, caret)
        expect(mapped).toBeGreaterThanOrEqual(0)
        expect(mapped).toBeLessThanOrEqual(after.length)
        expect(mapCaret(before, before, caret)).toBe(caret)
      }),
    )
  })

  test('a change too large to compare letter by letter is mapped at its edge', () => {
    expect(mapCaret('a'.repeat(5000), 'b'.repeat(3000), 4000)).toBe(3000)
  })
})
