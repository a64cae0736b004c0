import { type ChangeHash, type DocumentFacts, type DocumentId, equalBytes, type Heads } from '@auzolan/core'
import { actorOf } from '../documents/actor.ts'
import { firstLine, lineAfter } from '../documents/line.ts'
import { preparse } from '../documents/preparse.ts'
import type { DocumentChange } from './said.ts'

/** What the list says of each initiative: kept up from the changes as they come, and from documents that were opened. */
export class Lines {
  readonly #facts: Map<DocumentId, DocumentFacts>
  /** The newest change of those whose facts can be carried on; a document without one is read when it is opened. */
  readonly #tips: Map<DocumentId, ChangeHash>
  readonly #stale: Set<DocumentId>
  #last: (Pick<DocumentChange, 'document' | 'device' | 'nonce'> & { readonly actor: string }) | undefined

  constructor(
    facts: ReadonlyMap<DocumentId, DocumentFacts> = new Map(),
    tips: ReadonlyMap<DocumentId, ChangeHash> = new Map(),
    stale: Iterable<DocumentId> = [],
  ) {
    this.#facts = new Map(facts)
    this.#tips = new Map(tips)
    this.#stale = new Set(stale)
  }

  get facts(): ReadonlyMap<DocumentId, DocumentFacts> {
    return this.#facts
  }
  get tips(): ReadonlyMap<DocumentId, ChangeHash> {
    return this.#tips
  }
  /** Documents whose facts must be read from the document itself. */
  get stale(): ReadonlySet<DocumentId> {
    return this.#stale
  }

  /** Changes in the order in which they came; one that came before what it builds on is tried again after the others. */
  take(changes: readonly DocumentChange[]): void {
    let left = changes
    for (let before = -1; left.length !== before && left.length > 0;) {
      before = left.length
      left = left.filter((change) => !this.#follow(change))
    }
    for (const { document } of left) this.#stale.add(document)
  }

  /** As read from the open document. */
  set(document: DocumentId, facts: DocumentFacts, heads: Heads): void {
    const [tip] = heads
    this.#facts.set(document, facts)
    if (tip && heads.length === 1) this.#tips.set(document, tip)
    else this.#tips.delete(document)
    this.#stale.delete(document)
  }

  /** The document was opened: whether it holds what its line says, or its line must be read from it. */
  compare(document: DocumentId, heads: Heads): void {
    const tip = this.#tips.get(document)
    if (tip && (heads.length !== 1 || heads[0] !== tip)) this.#stale.add(document)
  }

  copy(): Lines {
    return new Lines(this.#facts, this.#tips, this.#stale)
  }

  #follow(change: DocumentChange): boolean {
    const { document, bytes } = change
    if (this.#stale.has(document)) return false
    const head = preparse(bytes)
    if (!head.ok || head.value.actor !== this.#actorOf(change)) return true
    const [facts, tip] = [this.#facts.get(document), this.#tips.get(document)]
    if (facts && !tip) return false
    const line = lineAfter(facts && tip ? { facts, tip } : firstLine, { head: head.value, bytes })
    if (!line) return false
    this.#facts.set(document, line.facts)
    this.#tips.set(document, line.tip)
    return true
  }

  /** Most changes follow another of the same writing. */
  #actorOf(change: DocumentChange): string {
    const { document, group, device, nonce } = change
    const last = this.#last
    if (last && last.document === document && last.device === device && equalBytes(last.nonce, nonce)) return last.actor
    const actor = actorOf(group, document, device, nonce)
    this.#last = { document, device, nonce, actor }
    return actor
  }
}
