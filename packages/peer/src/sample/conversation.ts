import type { Instant } from '@auzolan/core'
import { type Character, firstNameOf, type Language } from './people.ts'
import { createRandom, type Random } from './random.ts'
import type { SampleAct, SampleThread } from './script.ts'
import { fill } from './talk-slots.ts'
import { afterTalk, beforeTalk, closings, groupTalk, projectTalk } from './talk-texts.ts'
import { DAY, HOUR, MINUTE } from './time.ts'

/** When people talk about an initiative. */
export interface TalkWindow {
  readonly initiative: number
  readonly from: Instant
  /** Day of a session; `null`: no session. */
  readonly date: Instant | null
}

export interface TalkPlan {
  readonly seed: number
  readonly characters: readonly Character[]
  /** Ascending, one for each character. */
  readonly joinedAt: readonly Instant[]
  readonly windows: readonly TalkWindow[]
  readonly messages: number
  readonly from: Instant
  readonly days: number
}

type Topic = 'group' | 'before' | 'after' | 'project'
interface Turn {
  readonly role: string
  readonly answers: boolean
  readonly text: string
}
interface Conversation {
  readonly languages: readonly Language[]
  readonly turns: readonly Turn[]
}
interface OpenConversation extends Conversation {
  readonly thread: SampleThread
  readonly speakers: Map<string, number>
  next: number
  last: number
}

/** One of this many messages is taken back by its author; the first few are left alone. */
const WITHDRAWN_OF = 250
const isWithdrawn = (message: number): boolean => message % WITHDRAWN_OF === 117
export const withdrawalsAmong = (messages: number): number => Math.floor((messages + WITHDRAWN_OF - 118) / WITHDRAWN_OF)

/** A group of three does not write to itself yet. */
const FEWEST_TALKING = 4
const hoursOfTalk = [7, 8, 8, 9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18, 18, 19, 19, 20, 20, 20, 21, 21, 22]

const conversationsIn = (text: string): readonly Conversation[] =>
  text
    .trim()
    .split(/\n\n+/)
    .map((block) => {
      const [languages = '', ...turns] = block.split('\n')
      return {
        languages: languages.split(' ') as Language[],
        turns: turns.map((turn) => ({ role: turn.slice(0, 1), answers: turn[1] === '>', text: turn.slice(3) })),
      }
    })

const conversations: Readonly<Record<Topic, readonly Conversation[]>> = {
  group: conversationsIn(groupTalk),
  before: conversationsIn(beforeTalk),
  after: conversationsIn(afterTalk),
  project: conversationsIn(projectTalk),
}

/** All messages and withdrawals in order of time. The same plan gives the same talk. */
export function* converse(plan: TalkPlan): Generator<SampleAct> {
  const random = createRandom(plan.seed)
  const deal = createDeck(random)
  const choose = createChooser(random, plan)
  const open: OpenConversation[] = []
  const shares = sharesOfDays(plan)
  const total = shares.at(-1) as number
  /** Usually one of the three oldest conversations goes on. */
  const goOn = (): OpenConversation | undefined =>
    open.length > 0 && random.chance(3, 4) ? open[random.int(Math.min(open.length, 3))] : undefined
  const begin = (threads: readonly (readonly [SampleThread, Topic])[]): OpenConversation => {
    const [thread, topic] = random.pick(threads)
    const talk = { ...deal(topic), thread, speakers: new Map<string, number>(), next: 0, last: 0 }
    open.push(talk)
    return talk
  }
  let message = 0
  for (let day = 0; day < plan.days; day++) {
    const dayStart = plan.from + day * DAY
    const until = Math.floor((plan.messages * (shares[day] as number)) / total)
    if (until === message) continue
    const threads = threadsOn(plan.windows, dayStart)
    for (const at of timesOn(random, dayStart, until - message)) {
      const talk = goOn() ?? begin(threads)
      const turn = talk.turns[talk.next] as Turn
      const by = choose(talk, turn.role, at)
      const { thread } = talk
      const speaker = plan.characters[by] as Character
      const words = random.chance(1, 6) ? `${turn.text} ${random.pick(closings[speaker.language])}` : turn.text
      const text = fill(random, words, (role) =>
        firstNameOf(role === 'me' ? speaker : (plan.characters[choose(talk, role, at)] as Character)),
      )
      yield { do: 'message', by, at, thread, message, text, replyTo: turn.answers ? talk.last : null }
      if (isWithdrawn(message)) yield { do: 'withdraw', by, at, thread, message }
      talk.last = message
      talk.next += 1
      message += 1
      if (talk.next === talk.turns.length) open.splice(open.indexOf(talk), 1)
    }
  }
}

/** Every conversation of a topic comes once before one comes again. */
const createDeck = (random: Random) => {
  const decks = new Map<Topic, Conversation[]>()
  return (topic: Topic): Conversation => {
    let deck = decks.get(topic) ?? []
    if (deck.length === 0) deck = random.shuffled(conversations[topic])
    decks.set(topic, deck)
    return deck.pop() as Conversation
  }
}

/** Who speaks in a role: someone of its language who had joined, the same one each time. Those who came first speak more. */
const createChooser = (random: Random, { characters, joinedAt }: TalkPlan) => {
  const everyone: number[] = []
  const speaking: Record<Language, number[]> = { fr: [], nl: [], en: [], de: [] }
  const someoneOf = (people: readonly number[]): number =>
    people[
      random.chance(1, 2) ? random.int(people.length) : Math.min(random.int(people.length), random.int(people.length))
    ] as number
  return (talk: OpenConversation, role: string, at: number): number => {
    for (let person = everyone.length; person < joinedAt.length && (joinedAt[person] as number) < at - HOUR; person++) {
      everyone.push(person)
      speaking[(characters[person] as Character).language].push(person)
    }
    const known = talk.speakers.get(role)
    if (known !== undefined) return known
    const language = talk.languages[role.charCodeAt(0) - 'a'.charCodeAt(0)]
    const able = language === undefined || speaking[language].length === 0 ? everyone : speaking[language]
    const taken = new Set(talk.speakers.values())
    let person = someoneOf(able)
    for (let tries = 0; taken.has(person) && tries < FEWEST_TALKING * 2; tries++)
      person = someoneOf(tries < FEWEST_TALKING ? able : everyone)
    talk.speakers.set(role, person)
    return person
  }
}

/** Running total of how much is said by each day: more people say more, and most around a session. */
const sharesOfDays = ({ windows, joinedAt, from, days }: TalkPlan): readonly number[] => {
  const sessions = new Set(windows.flatMap(({ date }) => (date === null ? [] : Math.floor((date - from) / DAY))))
  let total = 0
  return Array.from({ length: days }, (_, day) => {
    const members = joinedAt.filter((at) => at < from + day * DAY).length
    const excitement = sessions.has(day) ? 5 : sessions.has(day + 1) || sessions.has(day - 1) ? 3 : 1
    if (members >= FEWEST_TALKING) total += (20 + members) * excitement
    return total
  })
}

/** What may be talked about on a day; more likely things stand there more often. */
const threadsOn = (windows: readonly TalkWindow[], day: number): readonly (readonly [SampleThread, Topic])[] => {
  const threads: (readonly [SampleThread, Topic])[] = [
    [null, 'group'],
    [null, 'group'],
    [null, 'group'],
  ]
  for (const { initiative, from, date } of windows) {
    if (day < from + HOUR) continue
    if (date === null) {
      if (day < from + 75 * DAY) threads.push([initiative, 'project'])
    } else if (day < date - 7 * DAY) threads.push([initiative, 'before'])
    else if (day < date) threads.push([initiative, 'before'], [initiative, 'before'], [initiative, 'before'])
    else if (day > date && day < date + 6 * DAY) threads.push([initiative, 'after'], [initiative, 'after'])
  }
  return threads
}

const timesOn = (random: Random, day: number, count: number): readonly Instant[] => {
  const times = Array.from(
    { length: count },
    () => day + random.pick(hoursOfTalk) * HOUR + random.int(60) * MINUTE + random.int(MINUTE),
  )
  return times.sort((left, right) => left - right) as Instant[]
}
