import { concatBytes, err, GroupId, ok, type Result } from '@auzolan/core'
import { controlLimits } from './control-limits.ts'
import { labelled } from './digest.ts'
import { digestLabels } from './labels.ts'
import { encodeLinkText, parseLinkText, readWhere, type LinkKind, type LinkTextFault } from './link-text.ts'

/** What stands on a recovery sheet (`TRUST.md` T7). Whoever holds it can come in as its person, once. */
export interface Sheet {
  readonly group: GroupId
  /** 16 bytes; the sheet's key is made of it as an invitation's is. */
  readonly secret: Uint8Array
  /** Empty where the lines were typed: they say no more than the group and the secret. */
  readonly groupName: string
  readonly myName: string
  /** Who and where to look for, as in an invitation. */
  readonly peers: readonly Uint8Array[]
  readonly hints: readonly string[]
}

/** `mistyped`: the first of the typed lines that is not right, from 1. */
export type SheetFault = LinkTextFault | { readonly type: 'mistyped'; readonly line: number }

const SECRET_LENGTH = 16

const sheetLink: LinkKind<Sheet> = {
  letter: 's',
  place: 'recover',
  fields: ({ group, secret, groupName, myName, peers, hints }) => [
    GroupId.toBytes(group),
    secret,
    groupName,
    myName,
    peers,
    hints,
  ],
  read: (fields) => ({
    group: fields.group('group'),
    secret: fields.bytes('secret', SECRET_LENGTH),
    groupName: fields.text('group name', 0, controlLimits.name),
    myName: fields.text('name', 0, controlLimits.name),
    ...readWhere(fields),
  }),
}

/** `s1.…`, as `encodeLinkText` says. */
export const encodeSheet = (sheet: Sheet): string => encodeLinkText(sheetLink, sheet)

/** A link as `parseLinkText` reads it, or the lines as somebody typed them. */
export const parseSheet = (text: unknown): Result<Sheet, SheetFault> => {
  const symbols = typeof text === 'string' && text.length <= TYPED_LIMIT ? typedSymbols(text) : undefined
  return symbols ? parseLines(symbols) : parseLinkText(sheetLink, text)
}

/** Crockford's base 32: no I, L, O or U, which are read for 1, 1, 0 and V (https://www.crockford.com/base32.html). */
const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const BITS = 5
/** Six lines of eight bytes and 11 bits that show a slip of the pen in that line: 15 symbols, typed as three groups of five. */
const LINES = 6
const LINE_BYTES = 8
const CHECK_BITS = 11
const LINE_SYMBOLS = (8 * LINE_BYTES + CHECK_BITS) / BITS
/** Characters: with every kind of space and dash in between. */
const TYPED_LIMIT = 400

/** The group and the secret as lines to type by hand: where to look has to be found out otherwise. */
export const sheetLines = ({ group, secret }: Pick<Sheet, 'group' | 'secret'>): readonly string[] => {
  const bytes = concatBytes(GroupId.toBytes(group), secret)
  return Array.from({ length: LINES }, (_, line) => {
    const part = bytes.subarray(line * LINE_BYTES, (line + 1) * LINE_BYTES)
    let value = (numberOf(part) << BigInt(CHECK_BITS)) | checkOf(line, part)
    let symbols = ''
    for (let at = 0; at < LINE_SYMBOLS; at++) {
      symbols = `${SYMBOLS[Number(value & 31n)] as string}${symbols}`
      value >>= BigInt(BITS)
    }
    return symbols.replaceAll(/.{5}(?=.)/g, '$& ')
  })
}

/** `undefined`: not typed lines, or too few to tell. */
const typedSymbols = (text: string): string | undefined => {
  const symbols = text
    .toUpperCase()
    .replaceAll(/[\s\-–—]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
    .replaceAll('U', 'V')
  return symbols.length >= LINE_SYMBOLS && [...symbols].every((symbol) => SYMBOLS.includes(symbol))
    ? symbols
    : undefined
}

const parseLines = (symbols: string): Result<Sheet, SheetFault> => {
  const parts: Uint8Array[] = []
  for (let line = 0; line < LINES; line++) {
    const written = symbols.slice(line * LINE_SYMBOLS, (line + 1) * LINE_SYMBOLS)
    if (written.length < LINE_SYMBOLS) return err({ type: 'cut off' })
    let value = 0n
    for (const symbol of written) value = (value << BigInt(BITS)) | BigInt(SYMBOLS.indexOf(symbol))
    const part = bytesOf(value >> BigInt(CHECK_BITS))
    if ((value & CHECK_MASK) !== checkOf(line, part)) return err({ type: 'mistyped', line: line + 1 })
    parts.push(part)
  }
  if (symbols.length > LINES * LINE_SYMBOLS) return err({ type: 'mistyped', line: LINES })
  const bytes = concatBytes(...parts)
  return ok({
    group: GroupId.fromBytes(bytes.subarray(0, GroupId.length)),
    secret: bytes.slice(GroupId.length),
    groupName: '',
    myName: '',
    peers: [],
    hints: [],
  })
}

const CHECK_MASK = (1n << BigInt(CHECK_BITS)) - 1n

/** Of the line and its place, so that lines that were swapped are found out too. */
const checkOf = (line: number, part: Uint8Array): bigint =>
  numberOf(labelled(digestLabels.sheetLine, Uint8Array.of(line), part).subarray(0, 2)) & CHECK_MASK

const numberOf = (bytes: Uint8Array): bigint => {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return value
}

const bytesOf = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: LINE_BYTES }, (_, at) => Number((value >> BigInt(8 * (LINE_BYTES - 1 - at))) & 255n))
