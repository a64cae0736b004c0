import { type Said, type StatementId, threadTips, type ThreadId } from '@auzolan/core'

/** The messages of one open thread, and what a new one comes after. */
export class ThreadCache {
  readonly thread: ThreadId
  readonly said: Said[]
  readonly #ids: Set<StatementId>
  #tips: readonly Said[]
  /** Messages that came since the tips were worked out. */
  #fresh: Said[] = []
  readonly #answered = new Set<StatementId>()

  constructor(thread: ThreadId, said: readonly Said[]) {
    this.thread = thread
    this.said = [...said]
    this.#ids = new Set(said.map(({ id }) => id))
    const tips = new Set(threadTips(thread, said))
    this.#tips = said.filter(({ id }) => tips.has(id))
    for (const each of said) this.#noteAnswers(each)
  }

  add(said: Said): void {
    if (this.#ids.has(said.id)) return
    this.#ids.add(said.id)
    this.said.push(said)
    this.#fresh.push(said)
    this.#noteAnswers(said)
  }

  /** Messages whose author withdrew them and whose text is still held; each is answered once. */
  takeWithdrawn(): readonly Said[] {
    const wishes = new Set(
      this.said.flatMap(({ by, statement }) => (statement.kind === 'retract' ? [`${by} ${statement.message}`] : [])),
    )
    if (wishes.size === 0) return []
    const withdrawn: Said[] = []
    for (const [at, said] of this.said.entries()) {
      if (typeof said.text !== 'string' || !wishes.has(`${said.by} ${said.id}`)) continue
      withdrawn.push(said)
      this.said[at] = { ...said, text: null }
    }
    return withdrawn
  }

  /** Looks at the last tips and what came since, not at the whole thread: it is asked for every message sent. */
  get tips(): readonly StatementId[] {
    if (this.#fresh.length > 0) {
      const candidates = [...this.#tips, ...this.#fresh].filter(({ id }) => !this.#answered.has(id))
      const ids = new Set(threadTips(this.thread, candidates))
      this.#tips = candidates.filter(({ id }) => ids.has(id))
      this.#fresh = []
    }
    return this.#tips.map(({ id }) => id)
  }

  #noteAnswers({ statement }: Said): void {
    if (statement.kind !== 'message') return
    for (const id of statement.after) this.#answered.add(id)
    if (statement.replyTo) this.#answered.add(statement.replyTo)
  }
}
