import {
  type DocumentId,
  type Findable,
  type InitiativeDoc,
  type Instant,
  type MemberId,
  type Said,
  type StatementId,
  type ThreadId,
  threadView,
} from '@auzolan/core'
import { peopleFacts } from '../answers/facts.ts'
import type { Group } from '../group/group.ts'
import type { News } from '../workspace/fold.ts'
import { type Match, WordsIndex } from './words-index.ts'

/** Messages or documents taken in before others get their turn: some milliseconds. */
const AT_ONCE = 100

interface KnownMessage {
  readonly by: MemberId
  /** Of the words that it says now. */
  readonly at: Instant
}

/** What can be found in one group: read once, thread by thread, and kept up to date by what comes in. */
export class GroupSearch {
  readonly #group: Group
  readonly #most: number
  readonly #rest: () => Promise<void>
  #words = new WordsIndex()
  readonly #messages = new Map<StatementId, KnownMessage>()
  /** Who wants which message withdrawn, where the wish came before the message. */
  readonly #withdrawn = new Set<string>()
  /** What is found by the board alone, as it was put in last. */
  #shelf = new Set<string>()
  /** Whose words are to be read. */
  readonly #documents = new Set<DocumentId>()
  /** Somebody wrote there; where one is open, it may not have that yet. */
  readonly #written = new Set<DocumentId>()
  #boardIsNew = true
  #begun: Promise<void> | undefined
  #stop: (() => void) | undefined
  #isRead = false
  #cutOff = false

  /** `most`: messages that are looked through. `rest` lets others do something in between. */
  constructor(group: Group, most: number, rest: () => Promise<void>) {
    this.#group = group
    this.#most = most
    this.#rest = rest
  }

  get isRead(): boolean {
    return this.#isRead
  }

  /** There are more messages than are looked through. */
  get cutOff(): boolean {
    return this.#cutOff
  }

  /** Begins to read, or goes on; resolves once all is read. */
  read(): Promise<void> {
    return (this.#begun ??= this.#read())
  }

  async find(question: string): Promise<readonly Match[]> {
    if (this.#boardIsNew) this.#takeBoard()
    if (this.#isRead) await this.#takeDocuments()
    return this.#words.find(question)
  }

  /** The group is not looked through any more. */
  end(): void {
    this.#stop?.()
    this.#stop = undefined
  }

  async #read(): Promise<void> {
    const { workspace } = this.#group
    this.#stop ??= this.#listen()
    for (const [initiative] of workspace.board.initiatives()) this.#documents.add(initiative)
    await this.#takeDocuments()
    const threads = [...Array.from(workspace.board.initiatives(), ([id]) => id), ...workspace.groupThreads.slice(0, 1)]
      .map((thread) => ({ thread, at: workspace.board.talk(thread).newestAt ?? 0 }))
      .sort((left, right) => right.at - left.at)
    for (const { thread } of threads) {
      if (this.#stop === undefined) return
      await this.#readThread(thread)
    }
    this.#isRead = true
  }

  #listen(): () => void {
    const stops = [
      this.#group.workspace.onNews((news) => this.#take(news)),
      this.#group.onChange((change) => {
        if (change !== 'document') return
        for (const document of this.#written) this.#documents.add(document)
        this.#written.clear()
      }),
    ]
    return () => stops.forEach((stop) => stop())
  }

  async #readThread(thread: ThreadId): Promise<void> {
    const room = this.#most - this.#messages.size
    if (room <= 0 && this.#group.workspace.board.talk(thread).messages > 0) this.#cutOff = true
    if (room <= 0) return
    const { said } = await this.#group.thread(thread)
    const { messages } = threadView(thread, said, peopleFacts(this.#group), { cameLater: new Set() })
    if (messages.length > room) this.#cutOff = true
    for (const [at, { id, by, text, at: when }] of messages.slice(-room).entries()) {
      if (at % AT_ONCE === AT_ONCE - 1) await this.#rest()
      // What came meanwhile is newer.
      if (!this.#messages.has(id)) this.#putMessage(thread, { id, by: by.id, at: when, text })
    }
  }

  #take(news: News): void {
    if (news.anew) {
      this.#words = new WordsIndex()
      this.#messages.clear()
      this.#shelf.clear()
      this.#isRead = this.#cutOff = false
      this.#begun = undefined
    }
    this.#boardIsNew = true
    for (const { document } of news.changes) this.#written.add(document)
    for (const said of news.said) {
      if (said.statement.kind === 'start') this.#documents.add(said.statement.initiative)
      this.#takeSaid(said)
    }
  }

  #takeSaid({ id, by, at, text, statement }: Said): void {
    if (statement.kind === 'message') {
      if (!this.#withdrawn.has(`${by} ${id}`)) this.#putMessage(statement.thread, { id, by, at, text: text ?? null })
    } else if (statement.kind === 'retract') {
      this.#withdrawn.add(`${by} ${statement.message}`)
      if (this.#messages.get(statement.message)?.by === by) this.#words.drop(`message ${statement.message}`)
    } else if (statement.kind === 'revise') {
      const known = this.#messages.get(statement.message)
      if (!known || known.by !== by || known.at > at || this.#withdrawn.has(`${by} ${statement.message}`)) return
      this.#putMessage(statement.thread, { id: statement.message, by, at, text: text ?? null })
    }
  }

  #putMessage(
    thread: ThreadId,
    { id, by, at, text }: KnownMessage & { readonly id: StatementId; readonly text: string | null },
  ): void {
    this.#messages.set(id, { by, at })
    const key = `message ${id}`
    if (text === null) return this.#words.drop(key)
    const place = this.#group.workspace.groupThreads.includes(thread) ? null : thread
    this.#words.put({ key, kind: 'message', id, place, title: '', text, by })
    // The oldest that was taken in goes: what is read at the beginning comes thread by thread, and news come last.
    for (const oldest of this.#messages.keys()) {
      if (this.#messages.size <= this.#most) break
      this.#messages.delete(oldest)
      this.#words.drop(`message ${oldest}`)
      this.#cutOff = true
    }
  }

  /** People, things, calls, needs and offers: so few that they are put in anew. */
  #takeBoard(): void {
    this.#boardIsNew = false
    const { board, groupThreads } = this.#group.workspace
    const placeOf = (place: DocumentId) => (groupThreads.includes(place) ? null : place)
    const shelf: Findable[] = [
      ...board.things.map(({ id, name, where, rules }) => ({
        ...{
          key: `thing ${id}`,
          kind: 'thing' as const,
          id,
          place: null,
          title: name,
          text: `${where} ${rules}`.trim(),
        },
        by: null,
      })),
      ...board.listings.map(({ id, what, where, place }) => ({
        ...{ key: `listing ${id}`, kind: 'listing' as const, id, place: placeOf(place), title: what, text: where },
        by: null,
      })),
      ...board.calls.map(({ id, title, text, place }) => ({
        ...{ key: `call ${id}`, kind: 'call' as const, id, place: placeOf(place), title, text },
        by: null,
      })),
      ...[...peopleFacts(this.#group).people.values()]
        .filter(({ left }) => !left)
        .map(({ id, name }) => ({
          ...{ key: `person ${id}`, kind: 'person' as const, id, place: null, title: name, text: '' },
          by: null,
        })),
    ]
    for (const gone of this.#shelf) this.#words.drop(gone)
    for (const each of shelf) this.#words.put(each)
    this.#shelf = new Set(shelf.map(({ key }) => key))
  }

  /** Initiatives and their actions, whose words stand in documents. */
  async #takeDocuments(): Promise<void> {
    const { workspace, rooms } = this.#group
    for (const id of [...this.#documents]) {
      this.#documents.delete(id)
      const start = workspace.board.start(id)
      if (!start) continue
      const { value } = (await rooms.open(id)).state<InitiativeDoc>()
      const { title, why, plan, where, when, needs } = value
      const text = [why, plan, where, when, needs].filter((part) => part !== '').join(' ')
      this.#words.put({
        ...{ key: `initiative ${id}`, kind: 'initiative', id, place: id, by: null },
        title: title || start.title,
        text,
      })
      for (const [action, { title, details, where, skills }] of Object.entries(value.actions)) {
        const text = [details, where, skills].filter((part) => part !== '').join(' ')
        this.#words.put({
          ...{ key: `action ${action}`, kind: 'action', id: action, place: id, by: null },
          title,
          text,
        })
      }
      await this.#rest()
    }
  }
}
