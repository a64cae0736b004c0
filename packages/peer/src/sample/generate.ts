import type { Instant } from '@auzolan/core'
import { callOut } from './calls.ts'
import { converse, type TalkPlan, withdrawalsAmong } from './conversation.ts'
import { diverge } from './divergence.ts'
import { charactersOf } from './people.ts'
import { createRandom, type Random } from './random.ts'
import { schedule } from './schedule.ts'
import { type SampleAct, type SamplePerson, type SampleScript, statementsIn } from './script.ts'
import { type SampleScale, type SampleSize, sampleSizes } from './sizes.ts'
import { lend } from './things.ts'
import { DAY, HOUR, startOfDay } from './time.ts'

/** Chosen once, so that everyone's example is the same one. */
const SAMPLE_SEED = 20_260_131
/** Before the end: what the three parts of the group do apart. */
const APART = 8 * HOUR

const name = 'Repair & Fab Marolles'
const purpose =
  'On répare ensemble ce qui peut l’être, dans une cave des Marolles. We herstellen samen wat te redden valt. Whoever carries something down the stairs is welcome, whoever wants to learn stays for soup. Niemand leitet: drei Rollen wechseln alle vier Monate.'
const place = '14 rue de la Plume, 1000 Bruxelles'

/**
 * A made-up repair café and workshop that ends at `end`: the same seed and end give the same story, act by act. Texts and times are
 * invented; sizes are those of `sampleSizes`.
 */
export const generateSample = (size: SampleSize, end: Instant, seed = SAMPLE_SEED): SampleScript => {
  const scale: SampleScale = sampleSizes[size]
  const random = createRandom(seed)
  const until = startOfDay(end - APART)
  const from = (until - scale.days * DAY) as Instant
  const characters = charactersOf(random, scale.members)
  const people = joiningOf(
    random,
    characters.map(({ name }) => name),
    from,
    scale.days,
  )
  const joinedAt = people.map(({ joinedAt }) => joinedAt)
  const { acts, windows, upcoming, takes } = schedule(random, scale, { characters, joinedAt }, from, until)
  const lent = lend(createRandom(seed + 2), scale, { joinedAt }, from, until)
  const signed = callOut(createRandom(seed + 3), scale, { joinedAt }, until)
  const early = [...arrivals(people), ...acts, ...lent, ...signed].sort((left, right) => left.at - right.at)
  const messages = messagesFor(
    scale,
    early.reduce((count, act) => count + statementsIn(act), 0),
  )
  const talk: TalkPlan = { seed: seed + 1, characters, joinedAt, windows, messages, from, days: scale.days }
  return {
    name,
    purpose,
    place,
    people,
    acts: () => inOrder(early, converse(talk)),
    divergence: diverge(random, characters, upcoming, { takes, messages, bookings: scale.lending.bookings }, end),
  }
}

/** Half of the group gathers in the first 18 days, the others find it over the first five sixths of the story. */
const joiningOf = (random: Random, names: readonly string[], from: Instant, days: number): readonly SamplePerson[] => {
  const half = Math.ceil(names.length / 2)
  const gathering = 18 * DAY
  const [quick, slow] = [gathering / half, ((days * 5) / 6 - 18) * (DAY / (names.length - half))].map(Math.floor) as [
    number,
    number,
  ]
  return names.map((name, number) => {
    const founded = from + 9 * HOUR
    if (number === 0) return { name, joinedAt: founded as Instant, invitedBy: null }
    const after =
      number < half ? quick * number + random.int(quick) : gathering + slow * (number - half) + random.int(slow)
    return {
      name,
      joinedAt: (founded + after) as Instant,
      invitedBy: number < 3 ? 0 : random.int(Math.min(number - 1, half)),
    }
  })
}

function* arrivals(people: readonly SamplePerson[]): Generator<SampleAct> {
  for (const [by, { joinedAt: at, invitedBy }] of people.entries()) {
    yield invitedBy === null ? { do: 'found', by, at } : { do: 'join', by, at, invitedBy }
  }
  const { joinedAt } = people[0] as SamplePerson
  yield { do: 'write', by: 0, at: (joinedAt + 1) as Instant, initiative: null, field: 'purpose', text: purpose }
  yield { do: 'set', by: 0, at: (joinedAt + 2) as Instant, initiative: null, field: 'place', value: place }
}

const messagesFor = ({ talk }: SampleScale, others: number): number => {
  if ('messages' in talk) return talk.messages
  let messages = talk.statements - others
  while (messages + withdrawalsAmong(messages) > talk.statements - others) messages -= 1
  return messages
}

function* inOrder(early: readonly SampleAct[], talk: Iterable<SampleAct>): Generator<SampleAct> {
  let at = 0
  for (const act of talk) {
    while (at < early.length && (early[at] as SampleAct).at <= act.at) yield early[at++] as SampleAct
    yield act
  }
  yield* early.slice(at)
}
