import type { DocumentId, GroupId, MemberId } from './ids.ts'

/** What can be found by its words, in the order in which it is shown. */
export const foundKinds = ['initiative', 'action', 'thing', 'listing', 'call', 'person', 'message'] as const
export type FoundKind = (typeof foundKinds)[number]

/** Something that was found. */
export interface Found {
  readonly kind: FoundKind
  /** Of the initiative, action, thing, listing, call, person or message. */
  readonly id: string
  readonly group: GroupId
  readonly groupName: string
  /** The initiative it is in; `null`: it belongs to the whole group. */
  readonly place: DocumentId | null
  /** What it is called; of a message, who said it. */
  readonly title: string
  /** The words around what was looked for; empty: the title says it all. */
  readonly text: string
}

export interface FoundView {
  /** By kind, best first, a few of each. */
  readonly found: readonly Found[]
  /** Something of this device's groups is not read yet: more may be found a little later. */
  readonly reading: boolean
  /** Older messages than these many are not looked through; `null`: all were. */
  readonly newest: number | null
}

/** One thing that can be found, as its words are kept for it. */
export interface Findable {
  /** Kind and id in one. */
  readonly key: string
  readonly kind: FoundKind
  readonly id: string
  readonly place: DocumentId | null
  readonly title: string
  readonly text: string
  /** Who said it; `null`: of no matter. */
  readonly by: MemberId | null
}

/** Words as they are compared: without case, accents and marks. */
export const plainWords = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/** What of a text is shown: from some words before the first that was looked for. */
export const excerptOf = (text: string, wanted: readonly string[]): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line.length <= EXCERPT) return line
  // Without marks a text may become shorter: the place is then a little early, which harms nothing.
  const plain = plainWords(line)
  const places = wanted.map((word) => plain.indexOf(word)).filter((at) => at >= 0)
  const at = places.length > 0 ? Math.min(...places) : 0
  const from = at <= EXCERPT / 3 ? 0 : line.indexOf(' ', Math.max(0, at - EXCERPT / 3)) + 1
  const cut = line.slice(from, from + EXCERPT)
  return `${from > 0 ? '… ' : ''}${wellFormed(cut).trim()}${from + EXCERPT < line.length ? ' …' : ''}`
}

/** Two lines of a phone. */
const EXCERPT = 90

/** A cut may go through a pair. */
const wellFormed = (text: string): string => text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '')
