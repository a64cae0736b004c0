import { type ActionId, type Edit, type FieldPath, type Heads, type Result } from '@auzolan/core'
import {
  admit,
  closeDocument,
  edit,
  heads,
  openDocument,
  proseAt,
  type Admission,
  type Candidate,
  type DocHandle,
} from '../engine.ts'
import type { Random } from './random.ts'

/** The value of a result that must be good. */
export const value = <T>(result: Result<T, unknown>): T => {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`)
  return result.value
}

export const anInitiative = (changes: readonly Candidate[] = []): DocHandle =>
  value(
    openDocument(
      'initiative',
      null,
      changes.map(({ bytes }) => bytes),
    ),
  )

/** Edits, admits what came of it, and answers it. */
export const write = (handle: DocHandle, actor: string, ...edits: readonly Edit[]): readonly Candidate[] => {
  const { changes } = value(edit(handle, edits, { time: 1_700_000_000, actor: () => actor }))
  const { accepted } = admit(handle, changes)
  if (accepted.length !== changes.length) throw new Error('an honest change was not admitted')
  return changes
}

/** Gives all of them, one batch after the other, and again while that brings something in. */
export const deliver = (handle: DocHandle, batches: readonly (readonly Candidate[])[]): Admission => {
  const all = batches.flat()
  for (const batch of batches) admit(handle, batch)
  let last = admit(handle, all)
  while (last.accepted.length > 0) last = admit(handle, all)
  return last
}

/** Batches of random length, in the order given. */
export const inBatches = (
  random: Random,
  candidates: readonly Candidate[],
  longest: number,
): readonly Candidate[][] => {
  const batches: Candidate[][] = []
  for (let at = 0; at < candidates.length;) {
    const to = at + 1 + random.below(longest)
    batches.push(candidates.slice(at, to))
    at = to
  }
  return batches
}

const words = ['auzo', 'lan', 'مرحبا', '漢字', '👩‍🌾', '😀', 'é', ' ', '\n', 'x']

export const someText = (random: Random, longest: number): string =>
  Array.from({ length: random.below(longest + 1) }, () => random.pick(words)).join('')

const prose: readonly FieldPath[] = [['why'], ['plan']]
const short: readonly FieldPath[] = [['title'], ['when'], ['where']]

/** A text with one or two random places cut out or written into, by code points. */
export const retouched = (random: Random, text: string): string => {
  let points = [...text]
  for (let times = 1 + random.below(2); times > 0; times--) {
    const at = random.below(points.length + 1)
    const remove = random.chance(50) ? random.below(4) : 0
    points = [...points.slice(0, at), ...someText(random, 4), ...points.slice(at + remove)]
  }
  return points.join('')
}

/** An edit as a person would make it who sees `from`. */
export const someEdit = (random: Random, handle: DocHandle, from: Heads = heads(handle)): Edit => {
  if (random.chance(25)) return { do: 'set', field: random.pick(short), value: someText(random, 3) }
  if (random.chance(20)) {
    const draft = { title: someText(random, 2), details: someText(random, 5), when: '', order: 'a' }
    return { do: 'put', action: random.hex(8) as ActionId, draft }
  }
  const field = random.pick(prose)
  return { do: 'write', field, from, text: retouched(random, value(proseAt(handle, field, from))) }
}

/** What a few honest people wrote, partly without knowing of each other: every change, each after what it builds on. */
export const honestChanges = (random: Random, people: number, count: number): readonly Candidate[] => {
  const devices = Array.from({ length: people }, () => ({ handle: anInitiative(), actor: random.hex(16) }))
  const all: Candidate[] = []
  while (all.length < count) {
    const { handle, actor } = random.pick(devices)
    if (random.chance(40)) admit(handle, all)
    all.push(...write(handle, actor, someEdit(random, handle)))
  }
  for (const { handle } of devices) closeDocument(handle)
  return all
}
