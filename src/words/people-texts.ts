import { proofWords } from '@auzolan/core'
import people from './places/people.json'
import type { Words } from './Words.svelte.ts'

/** For whatever is about people and decisions, before it says anything. What the command line says too is written once, for both. */
export const learnPeople = (words: Words): void => words.learn({ ...people, ...proofWords })
