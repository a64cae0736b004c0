import type { MemberId, Person } from '@auzolan/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { callAt, calledIn, matching, pieces, withName } from './mentions.ts'

const person = (name: string, id = name): Person => ({ id: id as MemberId, name, me: false })
const [ane, anes, omar] = [person('Ane'), person('Ane Soto'), person('عمر')]

describe('calling somebody by name', () => {
  test('begins with an @ that stands alone, and ends at the caret', () => {
    expect(callAt('@', 1)).toBe('')
    expect(callAt('Hello @An, you', 9)).toBe('An')
    expect(callAt('Hello @Ane So', 13)).toBe('Ane So')
    expect(callAt('mail ane@home', 13)).toBeUndefined()
    expect(callAt('Hello', 5)).toBeUndefined()
  })

  test('finds people by the beginning of any word of their name', () => {
    expect(matching([ane, anes, omar], 'so', 'en')).toEqual([anes])
    expect(matching([ane, anes, omar], '', 'en')).toHaveLength(3)
  })

  test('puts the name in place and the caret after it', () => {
    expect(withName('Hello @an there', 9, 'Ane')).toEqual({ text: 'Hello @Ane there', caret: 11 })
  })

  test('a name typed by hand calls its only bearer; of two who bear it, the one who was chosen', () => {
    expect(calledIn('@عمر?', [ane, omar], new Set())).toEqual([omar.id])
    const twins = [person('Ane', 'one'), person('Ane', 'two')]
    expect(calledIn('@Ane', twins, new Set())).toEqual([])
    expect(calledIn('@Ane', twins, new Set([twins[1]?.id as MemberId]))).toEqual(['two'])
    expect(calledIn('@Ane Soto', [ane, anes], new Set())).toEqual([anes.id])
  })

  test('the pieces of a text are the text', () => {
    const anyText = fc.array(fc.constantFrom('@Ane', '@Ane Soto', '@عمر', ' ', 'hello', '@')).map((all) => all.join(''))
    fc.assert(
      fc.property(anyText, (text) => {
        const all = pieces(text, [ane, anes, omar])
        expect(all.map((piece) => piece.text).join('')).toBe(text)
        for (const piece of all) if (piece.person) expect(piece.text).toBe(`@${piece.person.name}`)
      }),
    )
  })
})
