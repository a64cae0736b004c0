import type { Instant } from '@auzolan/core'
import type { Random } from './random.ts'
import type { Crowd } from './schedule.ts'
import type { SampleAct } from './script.ts'
import type { SampleScale } from './sizes.ts'
import { DAY, HOUR, MINUTE } from './time.ts'

/** One call to the town, asked for `ASKED` before the end: people sign it here, others at the market on paper, and its text is put better once. */
export const callOut = (
  random: Random,
  { calls }: SampleScale,
  { joinedAt }: Pick<Crowd, 'joinedAt'>,
  until: Instant,
): readonly SampleAct[] => {
  const asked = until - ASKED
  const members = random.shuffled(joinedAt.flatMap((joined, person) => (joined < asked - DAY ? [person] : [])))
  const [asker = 0, recorder = 0, witness = 0] = members
  const during = () => asked + random.between(8 * 24, ASKED / HOUR - 24) * HOUR + random.int(60) * MINUTE
  const call = (at: number, text: string): SampleAct => ({
    ...{ do: 'call', by: asker, at: at as Instant, call: 0, title, text, goal: calls.goal },
    until: (until + AHEAD) as Instant,
  })
  const sign = (by: number, at: number): SampleAct => ({
    ...{ do: 'sign', by, at: at as Instant, call: 0, comment: random.chance(1, 5) ? random.pick(comments) : '' },
  })
  const early = members.slice(1, 1 + EARLY)
  const later = members.slice(0, Math.min(calls.signatures, members.length)).filter((_, at) => at !== EARLY)
  const papers = Array.from({ length: calls.paper }, (_, paper): readonly SampleAct[] => {
    const at = (asked + 20 * DAY + paper * MINUTE) as Instant
    const name = nameOn(paper)
    const sheet = `Marché, feuille ${1 + Math.floor(paper / SHEET)}`
    const entered: SampleAct = { do: 'paper', by: recorder, at, call: 0, paper, name, sheet }
    return paper >= calls.paper - calls.unseen
      ? [entered]
      : [entered, { do: 'sawPaper', by: witness, at: (at + 2 * DAY) as Instant, call: 0, paper }]
  })
  const back = members[2] ?? 0
  return [
    call(asked, first),
    ...early.map((by, nth) => sign(by, asked + (6 + nth * 5) * HOUR)),
    call(asked + 7 * DAY, better),
    ...later.map((by) => sign(by, during())),
    ...papers.flat(),
    { do: 'unsign', by: back, at: (until - 12 * HOUR) as Instant, call: 0 },
  ]
}

/** How long before the end people are asked, and how long after it they still are. */
const ASKED = 45 * DAY
const AHEAD = 20 * DAY
/** Who sign the first text; one of them does not come back to the better one. */
const EARLY = 4
/** Lines of a sheet. */
const SHEET = 20

const title = 'Une rampe pour la cave du 14'
const first = 'Nous demandons à la commune une rampe à l’entrée de la cave.'
const better =
  'Nous demandons à la commune une rampe à l’entrée de la cave du 14 rue de la Plume, avant l’hiver.\nWie een wasmachine draagt of een rolstoel duwt, geraakt er vandaag niet binnen.'
const comments = ['Pour ma mère.', 'Met de bakfiets ook handig!', 'Long overdue.', 'Endlich.']

/** Each name once, up to as many as two names of these can make. */
const nameOn = (paper: number): string => {
  const round = Math.floor(paper / firstNames.length)
  return `${firstNames[paper % firstNames.length]} ${lastNames[(paper * 7 + round) % lastNames.length]}`
}
const firstNames = [
  ...['Rosa', 'Jan', 'Fatiha', 'Luc', 'Ingrid', 'Koen', 'Amina', 'Piet', 'Giulia', 'Tomasz'],
  ...['Lieve', 'Marc', 'Samira', 'Paul', 'Els', 'Youssef', 'Chantal', 'Dirk', 'Ana', 'Bruno'],
]
const lastNames = [
  ...['Peeters', 'Benali', 'Dubois', 'Janssens', 'Rossi', 'Nowak', 'Alaoui', 'Lambert', 'Maes', 'Sow'],
  ...['Claes', 'Haddad', 'Simon', 'Wouters', 'Costa', 'Weber', 'Martin', 'Jacobs', 'Santos', 'Gérard'],
]
