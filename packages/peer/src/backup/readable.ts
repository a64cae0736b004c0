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
  type ThreadView,
} from '@auzolan/core'
import { decisionsView } from '../answers/decisions.ts'
import { groupFacts, peopleFacts } from '../answers/facts.ts'
import type { Group } from '../group/group.ts'
import { zipLimits } from './zip-reader.ts'

/** A part of a backup in the making. `did`: initiatives it brings to an end. */
export interface ReadablePart {
  readonly name: string
  readonly bytes: Uint8Array
  readonly how: 'packed' | 'plain'
  readonly did: number
}

/** A group in forms that any program opens, part by part: nothing here is needed to put it back. */
export async function* readableParts(group: Group, folder: string, now: Instant): AsyncGenerator<ReadablePart> {
  // What could not be read back would spoil the rest.
  for await (const part of allParts(group, folder, now)) if (part.bytes.length <= zipLimits.part) yield part
}

async function* allParts(group: Group, folder: string, now: Instant): AsyncGenerator<ReadablePart> {
  const { workspace } = group
  const part = (name: string, text: string, did = 0): ReadablePart => ({
    name: `${folder}/${name}`,
    bytes: new TextEncoder().encode(text),
    how: 'plain',
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
  const taken: Set<string> = new Set()
  const events: CalendarEvent[] = []
  const actions: InitiativeView[] = []
  const ids = Array.from(workspace.board.initiatives(), ([id]) => id).sort()
  for (const some of readTogether([about.document, ...ids], (id) => workspace.entriesOf(id))) {
    const held = await workspace.held(some)
    for (const id of some) {
      const { said, changes } = held(id)
      const thread = threadView(id, said, people, { cameLater: workspace.cameLater })
      const talks = talksOf(thread)
      if (id === about.document) {
        for (const [at, { talk, lines }] of talks.entries()) {
          yield part(`talk${numbered(at)}.md`, talkMarkdown(about.name, talk))
          yield part(`talk${numbered(at)}.json`, `${lines}\n`)
        }
        continue
      }
      const { view, document } = await group.rooms.once(id, changes, (room) => ({
        view: initiativeView(workspace.board, room.state<InitiativeDoc>(), people),
        document: room.save(),
      }))
      const [first, ...more] = talks
      if (!view || !first) continue
      const name = fileName(view.title.value, id, taken)
      yield part(`initiatives/${name}.md`, initiativeMarkdown(view, first.talk))
      yield part(`initiatives/${name}.json`, withField(JSON.stringify(view, null, 2), 'talk', first.lines))
      for (const [at, { talk, lines }] of more.entries()) {
        const piece = `initiatives/${name}-talk${numbered(at + 1)}`
        yield part(`${piece}.md`, talkMarkdown(view.title.value, talk))
        yield part(`${piece}.json`, `${lines}\n`)
      }
      if (document) yield { name: `${folder}/documents/${id}.automerge`, bytes: document, how: 'packed', did: 1 }
      events.push(...eventsOf(group.id, view, now))
      actions.push(view)
    }
  }
  yield part('actions.csv', actionsCsv(actions))
  yield part('calendar.ics', calendarFile(...events))
}

/** What of a thread goes into one part: its messages, and the same as a list in JSON. */
interface Talk {
  readonly talk: ThreadView
  readonly lines: string
}

const talksOf = (thread: ThreadView): readonly Talk[] =>
  pieces(
    thread.messages.map((message) => ({ message, line: JSON.stringify(message) })),
    ({ line }) => line.length,
  ).map((piece) => ({
    talk: { ...thread, messages: piece.map(({ message }) => message) },
    lines: listText(piece.map(({ line }) => line)),
  }))

/** A list in JSON, one line each: half as long as with every field on a line of its own. */
const listText = (lines: readonly string[]): string => (lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]`)

/** An object in JSON, laid out, with one more field. */
const withField = (text: string, name: string, value: string): string =>
  `${text.slice(0, text.lastIndexOf('\n'))},\n  ${JSON.stringify(name)}: ${value}\n}\n`

/** In turn, as many as hold no more entries than may be read together, and one at least. */
const readTogether = (ids: readonly DocumentId[], entriesOf: (id: DocumentId) => number): readonly DocumentId[][] => {
  const turns: DocumentId[][] = []
  let entries = 0
  for (const id of ids) {
    const more = entriesOf(id)
    if (turns.length === 0 || entries + more > READ_TOGETHER) {
      turns.push([])
      entries = 0
    }
    turns.at(-1)?.push(id)
    entries += more
  }
  return turns
}

/** A list in pieces that are each well below what a part may hold, one thing at least in each; an empty list is one empty piece. */
export const pieces = <T>(
  all: readonly T[],
  lengthOf: (each: T) => number,
  most: number = PIECE_LENGTH,
): readonly (readonly T[])[] => {
  const cut: T[][] = [[]]
  let length = 0
  for (const each of all) {
    const more = lengthOf(each)
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
/** Entries whose threads and documents are read in one go, each stored run once for all of them: some 20 MB until they are written. */
const READ_TOGETHER = 60_000
/** Of JSON, in UTF-16 units: three bytes each at most, and as much again as text, is less than a part may hold. */
const PIECE_LENGTH = 2 * 1024 * 1024
