import type { Instant } from '@auzolan/core'
import type { TalkWindow } from './conversation.ts'
import { draftProjects, draftSessions, type InitiativeDraft, leaveFree } from './drafts.ts'
import { close, tryOut } from './endings.ts'
import { report } from './reports.ts'
import type { Character } from './people.ts'
import type { Random } from './random.ts'
import type { SampleScale } from './sizes.ts'
import type { SampleAct } from './script.ts'
import { DAY, HOUR, MINUTE } from './time.ts'

export interface Crowd {
  readonly characters: readonly Character[]
  /** Ascending. */
  readonly joinedAt: readonly Instant[]
}

/** What the three parts of the group will disagree about. */
export interface Upcoming {
  readonly initiative: number
  readonly title: string
  readonly plan: string
  /** Has one place left. */
  readonly action: number
  readonly taken: ReadonlySet<number>
  readonly laser: number
  /** Done, and not closed yet. */
  readonly past: number
}

export interface Schedule {
  /** Everything but talk, in order of time. */
  readonly acts: readonly SampleAct[]
  readonly windows: readonly TalkWindow[]
  readonly upcoming: Upcoming
  readonly takes: number
}

export interface TakeDraft {
  readonly by: number
  readonly at: Instant
  readonly action: number
  readonly take: number
  readonly initiative: number
  readonly doneAt: Instant | null
  readonly date: Instant | null
  /** Somebody else is there too, so that the action goes on without this person. */
  readonly together: boolean
}

/** Plans a story from `from` until the midnight `until`; one session comes a few days later. */
export const schedule = (random: Random, scale: SampleScale, crowd: Crowd, from: Instant, until: Instant): Schedule => {
  const sessions = draftSessions(random, scale, from, until)
  const ventures = draftProjects(random, scale, from, until)
  const inProjects = ventures.flatMap(({ actions }) => actions).reduce((count, { wanted }) => count + wanted, 0)
  leaveFree(random, sessions, scale.takes - inProjects)
  const drafts = [...sessions, ...ventures].sort((left, right) => left.startedAt - right.startedAt)
  const last = sessions.at(-1) as InitiativeDraft

  const acts: SampleAct[] = []
  const takes: TakeDraft[] = []
  let actions = 0
  let upcoming: Omit<Upcoming, 'laser' | 'past'> | undefined
  const starters: number[] = []
  for (const [initiative, draft] of drafts.entries()) {
    const { starter, plan, title } = writeDown(random, crowd, initiative, draft, actions, until, acts)
    const taken = assignTakes(random, crowd, initiative, draft, { first: actions, takes: takes.length, until, starter })
    takes.push(...taken)
    starters.push(starter)
    if (draft === last)
      upcoming = { initiative, title, plan, action: actions, taken: new Set(taken.map(({ by }) => by)) }
    actions += draft.actions.length
  }
  answerTakes(random, scale, takes, until, acts)
  const past = sessions.filter(({ doneAt }) => doneAt !== null).at(-1) as InitiativeDraft
  acts.push(...close(drafts, starters, past, until))
  const laser = drafts.indexOf(ventures[0] as InitiativeDraft)
  acts.push(...tryOut(laser, starters[laser] as number, ventures[0] as InitiativeDraft, until))
  acts.sort((left, right) => left.at - right.at)
  return {
    acts,
    takes: takes.length,
    windows: drafts.map(({ startedAt, date }, initiative) => ({
      initiative,
      from: (startedAt + HOUR) as Instant,
      date,
    })),
    upcoming: { ...(upcoming as Omit<Upcoming, 'laser' | 'past'>), laser, past: drafts.indexOf(past) },
  }
}

const joinedBy = ({ joinedAt }: Crowd, at: number): number => {
  const later = joinedAt.findIndex((joined) => joined >= at)
  return later < 0 ? joinedAt.length : later
}

/** The start, the words and the actions of an initiative, and how others went on writing. */
const writeDown = (
  random: Random,
  crowd: Crowd,
  initiative: number,
  draft: InitiativeDraft,
  firstAction: number,
  until: Instant,
  acts: SampleAct[],
): { starter: number; plan: string; title: string } => {
  const { startedAt, date } = draft
  const anyone = (at: number): number => random.int(joinedBy(crowd, at - HOUR))
  const fluent = Array.from({ length: joinedBy(crowd, startedAt - HOUR) }, (_, person) => person).filter(
    (person) => crowd.characters[person]?.language === draft.language,
  )
  const starter = fluent.length > 0 ? random.pick(fluent) : anyone(startedAt)
  let at = startedAt
  const next = (): Instant => (at = (at + random.between(20, 150) * 1_000) as Instant)
  acts.push({ do: 'start', by: starter, at, initiative, title: draft.title })
  acts.push({ do: 'write', by: starter, at: next(), initiative, field: 'why', text: draft.why })
  if (draft.when !== '') acts.push({ do: 'set', by: starter, at: next(), initiative, field: 'when', value: draft.when })
  if (draft.where !== '')
    acts.push({ do: 'set', by: starter, at: next(), initiative, field: 'where', value: draft.where })
  const lines = draft.plan.slice(0, Math.ceil(draft.plan.length / 2))
  acts.push({ do: 'write', by: starter, at: next(), initiative, field: 'plan', text: lines.join('\n') })
  for (const [number, { title, details, when, places }] of draft.actions.entries()) {
    const action = firstAction + number
    const raised = places > 1 && random.chance(1, 12)
    acts.push({
      do: 'plan',
      by: starter,
      at: next(),
      initiative,
      action,
      title,
      details,
      when,
      places: raised ? places - 1 : places,
    })
    if (raised)
      acts.push({
        do: 'places',
        by: anyone(startedAt),
        at: (at + random.between(2, 9) * HOUR) as Instant,
        initiative,
        action,
        places,
      })
  }

  const end = Math.min(date ?? startedAt + 20 * DAY, until)
  const step = Math.floor((end - at) / (draft.plan.length + 1))
  let lastAt: number = at
  for (const line of draft.plan.slice(lines.length)) {
    lastAt += random.between(Math.floor(step / 2), step)
    lines.splice(random.between(1, lines.length), 0, line)
    const written = lastAt as Instant
    acts.push({ do: 'write', by: anyone(written), at: written, initiative, field: 'plan', text: lines.join('\n') })
  }
  let title = draft.title
  if (date !== null && date < until && random.chance(1, 4)) {
    title += random.pick([' + soupe', ' (complet à l’électro)', ' – ook fietsen', ' + radio', ' – bring coats'])
    const renamed = (lastAt + MINUTE) as Instant
    acts.push({ do: 'set', by: anyone(renamed), at: renamed, initiative, field: 'title', value: title })
  }
  return { starter, plan: lines.join('\n'), title }
}

const assignTakes = (
  random: Random,
  crowd: Crowd,
  initiative: number,
  draft: InitiativeDraft,
  { first, takes, until, starter }: { first: number; takes: number; until: Instant; starter: number },
): readonly TakeDraft[] => {
  const { startedAt, date, doneAt, actions } = draft
  const deadline = Math.min(date === null ? startedAt + 20 * DAY : date - DAY, until)
  const free = new Set(Array.from({ length: joinedBy(crowd, deadline - DAY) }, (_, person) => person))
  const drafts: TakeDraft[] = []
  for (const [number, { craft, wanted }] of actions.entries()) {
    for (let place = 0; place < wanted; place++) {
      const able = [...free].filter((person) => craft === null || crowd.characters[person]?.craft === craft)
      const by = date === null && drafts.length === 0 ? starter : random.pick(able.length > 0 ? able : [...free])
      free.delete(by)
      const from = Math.max(startedAt + 12 * HOUR, (crowd.joinedAt[by] as number) + HOUR)
      const at = (from + random.int(Math.max(1, deadline - from))) as Instant
      drafts.push({
        by,
        at,
        initiative,
        action: first + number,
        take: takes + drafts.length,
        doneAt,
        date,
        together: wanted > 1,
      })
    }
  }
  return drafts
}

/** Who comes says so afterwards; of those who do not, most give their place back before. */
const answerTakes = (
  random: Random,
  { noShows }: SampleScale,
  takes: readonly TakeDraft[],
  until: Instant,
  acts: SampleAct[],
): void => {
  const past = takes.filter(({ date, together }) => date !== null && date < until && together)
  const absent = new Map(
    random
      .shuffled(past)
      .slice(0, noShows)
      .map(({ take }, at) => [take, at % 3 === 2 ? 'silent' : 'sorry']),
  )
  for (const { by, at, initiative, action, take, doneAt, date } of takes) {
    acts.push({ do: 'take', by, at, initiative, action, take })
    const absence = absent.get(take)
    if (absence === 'sorry') {
      acts.push({ do: 'giveBack', by, at: (at + 1 + random.int((date as number) - at)) as Instant, initiative, take })
    } else if (absence === undefined && doneAt !== null) {
      const minutes = date === null ? random.pick([30, 60, 90, 120, 240]) : random.pick([120, 180, 210, 240, 240, 270])
      acts.push(...report({ by, at: (doneAt + random.int(40 * HOUR)) as Instant, initiative, take, minutes }, takes))
    }
  }
}
