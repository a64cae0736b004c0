import type { Instant } from '@auzolan/core'
import type { TalkWindow } from './conversation.ts'
import { type InitiativeText, monthly, outside, projects } from './initiatives.ts'
import type { Character, Craft, Language } from './people.ts'
import type { Random } from './random.ts'
import { shifts } from './shifts.ts'
import type { SampleScale } from './sizes.ts'
import type { SampleAct } from './script.ts'
import { DAY, describeDate, HOUR, lastWeekday, MINUTE, monthName } from './time.ts'

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
}

export interface Schedule {
  /** Everything but talk, in order of time. */
  readonly acts: readonly SampleAct[]
  readonly windows: readonly TalkWindow[]
  readonly upcoming: Upcoming
  readonly takes: number
}

interface ActionDraft {
  readonly title: string
  readonly details: string
  readonly when: string
  readonly craft: Craft | null
  readonly places: number
  /** Places that will be taken. */
  wanted: number
}

interface InitiativeDraft {
  readonly startedAt: Instant
  readonly title: string
  readonly why: string
  readonly when: string
  readonly where: string
  readonly plan: readonly string[]
  readonly actions: readonly ActionDraft[]
  readonly language: Language
  /** Day of a session. */
  readonly date: Instant | null
  /** When what was taken is said to be done; `null`: not within this story. */
  readonly doneAt: Instant | null
}

interface TakeDraft {
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
  let upcoming: Omit<Upcoming, 'laser'> | undefined
  for (const [initiative, draft] of drafts.entries()) {
    const { starter, plan, title } = writeDown(random, crowd, initiative, draft, actions, until, acts)
    const taken = assignTakes(random, crowd, initiative, draft, { first: actions, takes: takes.length, until, starter })
    takes.push(...taken)
    if (draft === last)
      upcoming = { initiative, title, plan, action: actions, taken: new Set(taken.map(({ by }) => by)) }
    actions += draft.actions.length
  }
  answerTakes(random, scale, takes, until, acts)
  acts.sort((left, right) => left.at - right.at)
  return {
    acts,
    takes: takes.length,
    windows: drafts.map(({ startedAt, date }, initiative) => ({
      initiative,
      from: (startedAt + HOUR) as Instant,
      date,
    })),
    upcoming: { ...(upcoming as Omit<Upcoming, 'laser'>), laser: drafts.indexOf(ventures[0] as InitiativeDraft) },
  }
}

/** Eight of nineteen are elsewhere, on a Wednesday or Sunday; the others on Saturdays in the cellar, the last of them still to come. */
const draftSessions = (
  random: Random,
  { sessions, crew }: SampleScale,
  from: Instant,
  until: Instant,
): readonly InitiativeDraft[] => {
  const away = Math.floor((sessions * 8) / 19)
  const titles = new Set<string>()
  const draft = (about: number, weekday: number, text: InitiativeText, hours: string): InitiativeDraft => {
    const date = lastWeekday(about, weekday)
    return {
      ...text,
      title: unusedTitle(titles, text, date),
      when: describeDate(date, text.language, hours),
      startedAt: (date - random.between(24, 29) * DAY + random.between(9 * 60, 21 * 60) * MINUTE) as Instant,
      date,
      doneAt: date < until ? ((date + 17 * HOUR) as Instant) : null,
      actions: shifts.map(({ title, details, craft, places }) => ({
        title: title[text.language],
        details,
        when: '13:00',
        craft,
        places: places * crew,
        wanted: places * crew,
      })),
    }
  }
  const outdoors = spread(from + 45 * DAY, until - 9 * DAY, away).map((about, number) =>
    draft(about, random.pick([0, 3]), outside[number % outside.length] as InitiativeText, '13:30–16:30'),
  )
  const indoors = spread(from + 36 * DAY, until + 6 * DAY, sessions - away).map((about, number, all) =>
    draft(about, 6, monthlyText(random, number === all.length - 1), '13:00–17:00'),
  )
  return [...outdoors, ...indoors].sort((left, right) => (left.date as number) - (right.date as number))
}

const spread = (from: number, until: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, number) => from + Math.floor(((until - from) * number) / (count - 1)))

/** The coming one is in French, as the quarrel about it is. */
const monthlyText = (random: Random, coming: boolean): InitiativeText => {
  const language = coming ? 'fr' : random.pick<Language>(['fr', 'fr', 'nl', 'nl', 'en', 'de'])
  return monthly.find((text) => text.language === language) as InitiativeText
}

/** With the month in it, and as much of the date as tells it from earlier ones. */
const unusedTitle = (titles: Set<string>, { title, language }: InitiativeText, date: Instant): string => {
  const named = title.replace('*', monthName(date, language)).replace(/\bde (?=[ao])/, 'd’')
  const dated = new Date(date)
  const [year, day] = [dated.getUTCFullYear(), dated.getUTCDate()]
  const unused = [named, `${named} ${year}`, `${named} ${year} (${day})`].find((each) => !titles.has(each)) ?? named
  titles.add(unused)
  return unused
}

/** Some stay ideas, some gather, some are done; the first of all is still gathering when the story ends. */
const draftProjects = (
  random: Random,
  scale: SampleScale,
  from: Instant,
  until: Instant,
): readonly InitiativeDraft[] => {
  const count = scale.initiatives - scale.sessions
  const span = until - from
  return Array.from({ length: count }, (_, number): InitiativeDraft => {
    const text = projects[number % projects.length] as InitiativeText
    const about =
      number === 0
        ? until - 38 * DAY
        : from + 8 * DAY + Math.floor((span - 25 * DAY) * (number / count)) + random.int(8 * DAY)
    const startedAt = (about - (about % DAY) + random.between(8 * 60, 22 * 60) * MINUTE) as Instant
    const fate = number === 0 ? 'gathering' : (['done', 'gathering', 'idea', 'going', 'gathering'] as const)[number % 5]
    const doneAt =
      fate === 'done' && startedAt < until - 70 * DAY ? ((startedAt + random.between(30, 60) * DAY) as Instant) : null
    const again = Math.floor(number / projects.length)
    return {
      ...text,
      startedAt,
      title: again === 0 ? text.title : `${text.title} (${again + 1})`,
      date: null,
      doneAt,
      actions: text.actions.map(([title, places], at) => ({
        title,
        details: '',
        when: '',
        craft: null,
        places,
        wanted: fate === 'idea' ? 0 : fate === 'gathering' ? (at === 0 ? 1 : 0) : places,
      })),
    }
  })
}

/** Leaves places free until as many are taken as the sizes say. The coming session lacks one person at its first action. */
const leaveFree = (random: Random, sessions: readonly InitiativeDraft[], takes: number): void => {
  const coming = (sessions.at(-1) as InitiativeDraft).actions[0] as ActionDraft
  coming.wanted -= 1
  const spare = sessions
    .slice(0, -1)
    .flatMap(({ actions }) => actions.flatMap((action) => Array.from({ length: action.places - 1 }, () => action)))
  const places = sessions.flatMap(({ actions }) => actions).reduce((count, { wanted }) => count + wanted, 0)
  const surplus = places - takes
  if (surplus < 0 || surplus > spare.length) throw new Error(`${takes} takes do not fit into ${places} places`)
  for (const action of random.shuffled(spare).slice(0, surplus)) action.wanted -= 1
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
      acts.push({ do: 'done', by, at: (doneAt + random.int(40 * HOUR)) as Instant, initiative, take, minutes })
    }
  }
}
