import { GroupId } from '@auzolan/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeInvitation, parseInvitation } from './invitation.ts'
import { encodeSheet, parseSheet, type Sheet, sheetLines } from './sheet-text.ts'

const filled = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)
const sheet: Sheet = {
  group: GroupId.fromBytes(filled(32, 3)),
  secret: filled(16, 5),
  groupName: 'Repair café on Saturday',
  myName: 'Ane',
  peers: [1, 2, 3, 4].map((peer) => filled(38, peer)),
  hints: ['/ip4/192.168.1.20/tcp/4001/ws'],
}
const bare = ({ group, secret }: Pick<Sheet, 'group' | 'secret'>): Sheet => ({
  group,
  secret,
  groupName: '',
  myName: '',
  peers: [],
  hints: [],
})
const anySheet = fc
  .tuple(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array({ minLength: 16, maxLength: 16 }))
  .map(([group, secret]) => bare({ group: GroupId.fromBytes(group), secret }))

describe('what a recovery sheet says', () => {
  test('is read from a link, its fragment, or the bare text, and is short enough for a code on paper', () => {
    const text = encodeSheet(sheet)
    for (const form of [text, ` ${text}\n`, `#/recover/${text}`, `https://auzolan.example/app/#/recover/${text}`])
      expect(parseSheet(form)).toEqual({ ok: true, value: sheet })
    expect(text.length).toBeLessThanOrEqual(500)
  })

  test('is no invitation, and says so when it was cut off or is newer', () => {
    const text = encodeSheet(sheet)
    expect(parseInvitation(text)).toEqual({ ok: false, error: { type: 'not an invitation' } })
    const { group, secret, groupName, peers, hints } = sheet
    const invitation = encodeInvitation({ group, secret, groupName, inviterName: '', expires: null, peers, hints })
    expect(parseSheet(invitation)).toEqual({ ok: false, error: { type: 'not an invitation' } })
    for (let length = 3; length < text.length; length += 7)
      expect(parseSheet(`https://a.example/#/recover/${text.slice(0, length)}`)).toEqual({
        ok: false,
        error: { type: 'cut off' },
      })
    expect(parseSheet(`s2.${text.slice(3)}`)).toEqual({ ok: false, error: { type: 'newer version' } })
    for (const nothing of [undefined, 7, '', 'hello', 'x'.repeat(9000)])
      expect(parseSheet(nothing)).toEqual({ ok: false, error: { type: 'not an invitation' } })
  })
})

describe('the lines of a recovery sheet', () => {
  test('say the group and the secret, however they are typed', () => {
    fc.assert(
      fc.property(anySheet, fc.constantFrom(' ', '-', '\n', ''), fc.boolean(), (each, between, lower) => {
        const typed = sheetLines(each).join('\n').replaceAll(' ', between)
        // What looks alike is taken for what it looks like.
        const alike = typed.replaceAll('1', 'l').replaceAll('0', 'O')
        expect(parseSheet(lower ? alike.toLowerCase() : alike)).toEqual({ ok: true, value: each })
      }),
    )
  })

  test('are six of three groups of five', () => {
    const lines = sheetLines(sheet)
    expect(lines).toHaveLength(6)
    for (const line of lines) expect(line).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}( [0-9A-HJKMNP-TV-Z]{5}){2}$/)
  })

  test('one of which has one wrong sign, or two of which changed places, are refused by the number of that line', () => {
    fc.assert(
      fc.property(anySheet, fc.nat(5), fc.nat(14), fc.integer({ min: 1, max: 31 }), (each, line, at, by) => {
        const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
        const lines = sheetLines(each).map((one) => one.replaceAll(' ', ''))
        const symbols = [...(lines[line] as string)]
        symbols[at] = alphabet[(alphabet.indexOf(symbols[at] as string) + by) % 32] as string
        const wrong = lines.map((one, number) => (number === line ? symbols.join('') : one))
        const parsed = parseSheet(wrong.join(' '))
        // One slip in two thousand is not seen; it never reads as the right sheet.
        if (parsed.ok) expect(parsed.value).not.toEqual(each)
        else expect(parsed.error).toEqual({ type: 'mistyped', line: line + 1 })
      }),
    )
    const [first, second, ...others] = sheetLines({
      group: sheet.group,
      secret: Uint8Array.from({ length: 16 }, (_, at) => at),
    })
    expect(parseSheet([second, first, ...others].join('\n'))).toEqual({
      ok: false,
      error: { type: 'mistyped', line: 1 },
    })
  })

  test('of which some are missing are cut off, and with too many the last is wrong', () => {
    const lines = sheetLines(sheet)
    for (let count = 1; count < 6; count++)
      expect(parseSheet(lines.slice(0, count).join('\n'))).toEqual({ ok: false, error: { type: 'cut off' } })
    expect(parseSheet(`${lines.join('\n')} 0`)).toEqual({ ok: false, error: { type: 'mistyped', line: 6 } })
  })
})
