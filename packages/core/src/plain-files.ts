import type { CalendarEvent } from './calendar-file.ts'
import type { GroupId, Instant } from './ids.ts'
import { momentOf } from './moment.ts'
import type { ActionView, InitiativeView, MessageView, PeopleView, ThreadView } from './views.ts'

/** What a group holds as files that any program opens. English, as no reader is known. */

/**
 * A table (RFC 4180). A cell that a spreadsheet would run as a formula is shown as text instead, behind an apostrophe; so is one that looks
 * like such a cell, so that taking the apostrophe away gives back what was written.
 */
export const csvFile = (rows: readonly (readonly (string | number)[])[]): string =>
  rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')

const cell = (value: string | number): string => {
  const text = typeof value === 'string' && /^'*[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export const peopleCsv = ({ people }: PeopleView): string =>
  csvFile([
    ['name', 'since', 'invited by', 'still in', 'devices', 'id'],
    ...people.map(({ id, name, since, via, left, devices }) => [
      name,
      timeText(since),
      via === 'founder' ? 'founder' : via.name,
      left ? 'no' : 'yes',
      devices.length,
      id,
    ]),
  ])

/** One line for each place somebody took, and one for each action nobody took. */
export const actionsCsv = (initiatives: readonly InitiativeView[]): string =>
  csvFile([
    ['initiative', 'action', 'when', 'where', 'places', 'taken by', 'taken at', 'minutes', 'what came of it'],
    ...initiatives.flatMap(({ title, actions }) =>
      actions.flatMap((action) => {
        const about = [title.value, action.title.value, whenOf(action), action.where.value, action.places]
        const takes = action.takes.map(({ by, at, done, note }) => [...about, by.name, timeText(at), done ?? '', note])
        return takes.length > 0 ? takes : [[...about, '', '', '', '']]
      }),
    ),
  ])

export const initiativeMarkdown = (view: InitiativeView, { messages }: ThreadView): string =>
  paragraphs([
    `# ${lineText(view.title.value)}`,
    `Started by ${lineText(view.startedBy.name)}, ${timeText(view.startedAt)}`,
    ...factsOf(view).map(([name, value]) => `**${name}:** ${lineText(value)}`),
    ...section('Why', view.why.text),
    ...section('Plan', view.plan.text),
    ...(view.actions.length > 0 ? ['## Actions', view.actions.map(actionText).join('\n')] : []),
    ...(view.closings.length > 0
      ? [
          '## What came of it',
          view.closings
            .map(
              ({ result, sentence, by, at }) =>
                `- ${result}: ${lineText(sentence)} (${lineText(by.name)}, ${timeText(at)})`,
            )
            .join('\n'),
        ]
      : []),
    ...(messages.length > 0 ? ['## Talk', talkText(messages)] : []),
  ])

export const talkMarkdown = (title: string, { messages }: ThreadView): string =>
  paragraphs([`# ${lineText(title)}`, messages.length > 0 ? talkText(messages) : 'Nothing was said yet.'])

/** What has a day and an hour: initiatives and their actions. */
export const eventsOf = (group: GroupId, view: InitiativeView, madeAt: Instant): readonly CalendarEvent[] => {
  const event = (
    uid: string,
    title: string,
    details: string,
    from: Pick<InitiativeView, 'starts' | 'ends' | 'where'>,
  ) => {
    const starts = momentOf(from.starts.value)
    return starts === null
      ? []
      : [{ uid, title, details, where: from.where.value, starts, ends: momentOf(from.ends.value), madeAt }]
  }
  return [
    ...event(`${view.id}@${group.slice(0, 16)}`, view.title.value, view.why.text, view),
    ...view.actions.flatMap((action) =>
      event(`${action.id}.${view.id}@${group.slice(0, 16)}`, action.title.value, action.details, action),
    ),
  ]
}

/** `2026-11-22 15:04 UTC`. Whoever wrote it may have claimed a time that no calendar has. */
export const timeText = (at: Instant): string =>
  at > LAST_DAY ? 'at some time' : `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
const LAST_DAY = Date.UTC(9999, 11, 31)

const factsOf = (view: InitiativeView): readonly (readonly [string, string])[] =>
  (
    [
      ['When', view.starts.value || view.when.value],
      ['Where', view.where.value],
      ['Needs', view.needs.value],
      ['We expect', view.hypothesis.value],
      ['We will see it by', view.measure.value],
      ['We look again on', view.checkOn.value],
    ] as const
  ).filter(([, value]) => value !== '')

const actionText = (action: ActionView): string => {
  const { title, places, takes } = action
  const about = [whenOf(action), action.where.value].filter((text) => text !== '').map(lineText)
  const names = takes.map(({ by, done, note }) =>
    [lineText(by.name), done === null ? '' : ` (done, ${done} min)`, note === '' ? '' : `: ${lineText(note)}`].join(''),
  )
  return `- ${[lineText(title.value), ...about].join(' · ')} — ${takes.length} of ${places}${names.length > 0 ? `: ${names.join(', ')}` : ''}`
}

const whenOf = ({ starts, when }: ActionView): string => starts.value || when

const talkText = (messages: readonly MessageView[]): string =>
  messages
    .map(({ by, at, text }) => {
      const said = text === null ? '_(text withdrawn)_' : text.split('\n').join('\n  ')
      return `- **${lineText(by.name)}**, ${timeText(at)}:\n  ${said}`
    })
    .join('\n')

const section = (title: string, text: string): readonly string[] => (text === '' ? [] : [`## ${title}`, text])

const paragraphs = (parts: readonly string[]): string => `${parts.join('\n\n')}\n`

/** A name or title is one line, and nothing of it is markup. */
const lineText = (text: string): string => text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#]/g, '\\$&')
