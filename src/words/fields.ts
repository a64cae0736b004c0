import type { Key, Words } from './Words.svelte.ts'

/** A field's name inside a sentence: "two different edits of the title". */
export const fieldLabel = (words: Words, label: Key): string => words.say(label).toLocaleLowerCase(words.language)
