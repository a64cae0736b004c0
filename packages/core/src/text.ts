import { err, ok, type Result } from './result.ts'

/** Longest name of a person or group, in UTF-16 units: fits one line of a phone with room to spare. */
export const NAME_LIMIT = 80
/** Longest title, in UTF-16 units: a sentence. What is longer belongs into the text below it. */
export const TITLE_LIMIT = 200
/** Longest message, in UTF-16 units. At three bytes a unit it stays below the 16 KiB a text item may have. */
export const TEXT_LIMIT = 4_000

export type TextFault = { readonly type: 'empty' } | { readonly type: 'too long'; readonly limit: number }

/** Control characters, halves of surrogate pairs, and the marks that reorder the text around them (UAX #9, 2.1–2.5). */
const unwantedInLine = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu
/** The same, but a message may have lines and tabs. */
const unwantedInText = /[\p{Cs}\u202A-\u202E\u2066-\u2069]|(?![\n\t])\p{Cc}/gu

/** One line without what cannot be seen. Changes nothing the second time. */
export const tidyLine = (line: string): string => line.replace(unwantedInLine, ' ').trim()

const tidyText = (text: string): string => text.replaceAll('\r\n', '\n').replace(unwantedInText, '').trim()

/** A name as it will be said: tidied, up to 80 characters. May be empty: nobody has to give one. */
export const checkName = (name: string): Result<string, TextFault> => within(tidyLine(name), 0, NAME_LIMIT)

/** The name of somebody who is known by it alone: tidied, 1–80 characters. */
export const checkPerson = (name: string): Result<string, TextFault> => within(tidyLine(name), 1, NAME_LIMIT)

/** A title as it will be said: tidied, 1–200 characters. */
export const checkTitle = (title: string): Result<string, TextFault> => within(tidyLine(title), 1, TITLE_LIMIT)

/** A sentence that may be left out: tidied, up to 200 characters. */
export const checkSentence = (text: string): Result<string, TextFault> => within(tidyLine(text), 0, TITLE_LIMIT)

/** The text of a message as it will be said, or as it is shown when somebody else's app did not tidy it: 1–4,000 characters. */
export const checkText = (text: string): Result<string, TextFault> => within(tidyText(text), 1, TEXT_LIMIT)

const within = (text: string, least: number, limit: number): Result<string, TextFault> => {
  if (text.length > limit) return err({ type: 'too long', limit })
  return text.length < least ? err({ type: 'empty' }) : ok(text)
}
