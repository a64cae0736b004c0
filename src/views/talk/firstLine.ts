import { TITLE_LIMIT } from '@auzolan/core'

/** A title that a message suggests: its first line, as far as a title may go. Never half a character. */
export const firstLine = (text: string): string => {
  const line = text.trim().split('\n')[0] ?? ''
  return line.slice(0, TITLE_LIMIT).replace(/[\uD800-\uDBFF]$/, '')
}
