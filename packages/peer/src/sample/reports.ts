import type { Instant } from '@auzolan/core'
import type { TakeDraft } from './schedule.ts'
import type { SampleAct } from './script.ts'
import { MINUTE } from './time.ts'

/** Of so many reports one says what came of it, and somebody who was there too has seen it. */
const EVERY = 5
/** Of those, one in so many was seen otherwise. */
const OTHERWISE = 9

const notes = [
  'Tout est rangé, la liste est au mur.',
  'Zes van de acht gelukt.',
  'Photos on the board by the stairs.',
  'Alles wieder im Regal, zwei Kabel fehlen.',
] as const

/** Somebody says that it is done; now and then with what came of it, and seen by somebody who took a place in the same initiative. */
export const report = (
  { by, at, initiative, take, minutes }: Omit<Extract<SampleAct, { do: 'done' }>, 'do' | 'note'>,
  takes: readonly TakeDraft[],
): readonly SampleAct[] => {
  const done = { do: 'done', by, at, initiative, take, minutes } as const
  if (take % EVERY !== 0) return [done]
  const witness = takes.find((other) => other.initiative === initiative && other.by !== by)
  const said = { ...done, note: notes[(take / EVERY) % notes.length] as string }
  if (!witness) return [said]
  const saw = (take / EVERY) % OTHERWISE === 0 ? 'notDone' : 'done'
  return [said, { do: 'witness', by: witness.by, at: (at + 20 * MINUTE) as Instant, initiative, take, saw }]
}
