import {
  actionsCsv,
  type CalendarEvent,
  calendarFile,
  type DocumentId,
  eventsOf,
  type InitiativeDoc,
  initiativeMarkdown,
  type InitiativeView,
  initiativeView,
  type Instant,
  peopleCsv,
  peopleView,
  talkMarkdown,
  threadView,
} from '@auzolan/core'
import { decisionsView } from '../answers/decisions.ts'
import { groupFacts, peopleFacts } from '../answers/facts.ts'
import type { Group } from '../group/group.ts'

/** A part of a backup in the making. `did`: initiatives it brings to an end. */
export interface ReadablePart {
  readonly name: string
  readonly bytes: Uint8Array
  readonly did: number
}

/** A group in forms that any program opens, part by part: nothing here is needed to put it back. */
export async function* readableParts(group: Group, folder: string, now: Instant): AsyncGenerator<ReadablePart> {
  const { workspace } = group
  const part = (name: string, text: string, did = 0): ReadablePart => ({
    name: `${folder}/${name}`,
    bytes: new TextEncoder().encode(text),
    did,
  })
  const json = (name: string, value: unknown) => part(name, `${JSON.stringify(value, null, 2)}\n`)
  const people = peopleFacts(group)
  const about = await groupFacts(group)
  const persons = peopleView(people, [])
  yield json('group.json', about)
  yield json('people.json', persons.people)
  yield part('people.csv', peopleCsv(persons))
  yield json('decisions.json', decisionsView(group))
  const talk = (await workspace.messages([about.document])).get(about.document) ?? []
  const thread = threadView(about.document, talk, people, { cameLater: workspace.cameLater })
  for (const [at, messages] of pieces(thread.messages).entries()) {
    yield part(`talk${numbered(at)}.md`, talkMarkdown(about.name, { ...thread, messages }))
    yield json(`talk${numbered(at)}.json`, messages)
  }
  const taken: Set<string> = new Set()
  const events: CalendarEvent[] = []
  const actions: InitiativeView[] = []
  const ids = Array.from(workspace.board.initiatives(), ([id]) => id).sort()
  for (let at = 0; at < ids.length; at += READ_TOGETHER) {
    const some = ids.slice(at, at + READ_TOGETHER)
    const said = await workspace.messages(some)
    for (const id of some) {
      const room = await group.rooms.open(id)
      const view = initiativeView(workspace.board, room.state<InitiativeDoc>(), people)
      if (!view) continue
      const name = fileName(view.title.value, id, taken)
      const talked = threadView(id, said.get(id) ?? [], people, { cameLater: workspace.cameLater })
      const [first = [], ...more] = pieces(talked.messages)
      yield part(`initiatives/${name}.md`, initiativeMarkdown(view, { ...talked, messages: first }))
      yield json(`initiatives/${name}.json`, { ...view, talk: first })
      for (const [at, messages] of more.entries()) {
        const piece = `initiatives/${name}-talk${numbered(at + 1)}`
        yield part(`${piece}.md`, talkMarkdown(view.title.value, { ...talked, messages }))
        yield json(`${piece}.json`, messages)
      }
      const document = room.save()
      if (document) yield { name: `${folder}/documents/${id}.automerge`, bytes: document, did: 1 }
      events.push(...eventsOf(group.id, view, now))
      actions.push(view)
    }
  }
  yield part('actions.csv', actionsCsv(actions))
  yield part('calendar.ics', calendarFile(...events))
}

/** A list in pieces that are each well below what a part may hold, one thing at least in each; an empty list is one empty piece. */
export const pieces = <T>(all: readonly T[], most: number = PIECE_LENGTH): readonly (readonly T[])[] => {
  const cut: T[][] = [[]]
  let length = 0
  for (const each of all) {
    const more = JSON.stringify(each).length
    let last = cut.at(-1) as T[]
    if (last.length > 0 && length + more > most) {
      cut.push((last = []))
      length = 0
    }
    last.push(each)
    length += more
  }
  return cut
}

/** The first has no number. */
const numbered = (at: number): string => (at === 0 ? '' : `-${at + 1}`)

/** A name that every file system takes and that says what it is; the id keeps two of one title apart. */
const fileName = (title: string, id: DocumentId, taken: Set<string>): string => {
  const words = slug(title)
  const name = taken.has(words) || words === '' ? `${words || 'initiative'}-${id.slice(0, 8)}` : words
  taken.add(name)
  return name
}

/** Letters and digits of any script, in lower case. */
export const slug = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, SLUG_LENGTH)
    .replace(/^-+|-+$/g, '')

/** Well below what file systems take, also with four bytes a letter. */
const SLUG_LENGTH = 40
/** Threads read in one go: each stored run is read once for all of them. */
const READ_TOGETHER = 32
/** Of JSON, in UTF-16 units: three bytes each at most, and as much again for how it is laid out, is less than a part may hold. */
const PIECE_LENGTH = 2 * 1024 * 1024
