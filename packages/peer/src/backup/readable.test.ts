import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pieces } from './readable.ts'

test('a list that is cut in pieces is the list, and no piece holds more than it may unless it is one thing', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 40 })), fc.integer({ min: 1, max: 100 }), (all, most) => {
      const cut = pieces(all, (each) => each.length, most)
      expect(cut.flat()).toEqual(all)
      for (const piece of cut) {
        const length = piece.reduce((sum, each) => sum + each.length, 0)
        expect(piece.length === 1 || length <= most).toBe(true)
      }
      expect(cut.length === 1 || cut.every((piece) => piece.length > 0)).toBe(true)
    }),
  )
})
