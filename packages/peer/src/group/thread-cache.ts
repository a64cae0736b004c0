import { type Said, type StatementId, threadTips, type ThreadId } from '@auzolan/core'

/** The messages of one open thread, and what a new one comes after. */
export class ThreadCache {
  readonly thread: ThreadId
  readonly said: Said[]
  readonly #ids: Set<StatementId>
  /** What nobody refers to yet: few, unless many write apart. */
  readonly #open = new Map<StatementId, Said>()
  readonly #answered = new Set<StatementId>()

  constructor(thread: ThreadId, said: readonly Said[]) {
    this.thread = thread
    this.said = [...said]
    this.#ids = new Set(said.map(({ id }) => id))
    for (const each of said) this.#place(each)
  }

  add(said: Said): void {
    if (this.#ids.has(said.id)) return
    this.#ids.add(said.id)
    this.said.push(said)
    this.#place(said)
  }

  /** Messages whose author withdrew them, and their other words, whose text is still held; each is answered once. */
  takeWithdrawn(): readonly Said[] {
    const wishes = new Set(
      this.said.flatMap(({ by, statement }) => (statement.kind === 'retract' ? [`${by} ${statement.message}`] : [])),
    )
    if (wishes.size === 0) return []
    const withdrawn: Said[] = []
    for (const [at, said] of this.said.entries()) {
      if (typeof said.text !== 'string' || !wishes.has(`${said.by} ${messageOf(said)}`)) continue
      withdrawn.push(said)
      this.said[at] = { ...said, text: null }
    }
    return withdrawn
  }

  /** Looks at what is open, not at the whole thread: it is asked for every message sent. */
  get tips(): readonly StatementId[] {
    return threadTips(this.thread, [...this.#open.values()])
  }

  #place(said: Said): void {
    const { statement } = said
    if (statement.kind !== 'message') return
    if (!this.#answered.has(said.id)) this.#open.set(said.id, said)
    for (const id of statement.replyTo ? [...statement.after, statement.replyTo] : statement.after) {
      this.#answered.add(id)
      this.#open.delete(id)
    }
  }
}

/** The message that a text belongs to. */
const messageOf = ({ id, statement }: Said): StatementId => (statement.kind === 'revise' ? statement.message : id)
