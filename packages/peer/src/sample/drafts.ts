import type { Instant } from '@auzolan/core'
import { type InitiativeText, monthly, outside, projects } from './initiatives.ts'
import type { Craft, Language } from './people.ts'
import type { Random } from './random.ts'
import { shifts } from './shifts.ts'
import type { SampleScale } from './sizes.ts'
import { DAY, describeDate, HOUR, lastWeekday, MINUTE, monthName } from './time.ts'

export interface ActionDraft {
  readonly title: string
  readonly details: string
  readonly when: string
  readonly craft: Craft | null
  readonly places: number
  /** Places that will be taken. */
  wanted: number
}

export interface InitiativeDraft {
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

/** Eight of nineteen are elsewhere, on a Wednesday or Sunday; the others on Saturdays in the cellar, the last of them still to come. */
export const draftSessions = (
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
export const draftProjects = (
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
export const leaveFree = (random: Random, sessions: readonly InitiativeDraft[], takes: number): void => {
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
