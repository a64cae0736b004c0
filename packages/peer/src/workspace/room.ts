import {
  type ChangeHash,
  type DeviceId,
  DocumentId,
  type DocumentKind,
  type DocumentState,
  type Edit,
  type Entropy,
  fieldSteps,
  type GroupDoc,
  type GroupId,
  type Heads,
  type InitiativeDoc,
  type Instant,
  ok,
  type Result,
  type WrittenStep,
} from '@auzolan/core'
import type { Store } from '@auzolan/storage'
import { encodeCbor, itemTypes, type ItemDraft } from '@auzolan/trust'
import { actorOf, nonceBytes } from '../documents/actor.ts'
import {
  admit,
  type Candidate,
  candidatesOf,
  changeAt,
  closeDocument,
  type DocHandle,
  documentAt,
  documentState,
  edit,
  type EditFault,
  heads,
  prove,
  snapshot,
  writtenSteps,
} from '../documents/engine.ts'
import { genesis } from '../documents/shapes.ts'
import { type Written, writtenIn } from '../documents/written.ts'
import { snapshotKey } from '../log/layout.ts'
import type { DocumentChange } from './said.ts'
import { encodeSnapshotRecord } from './snapshot-record.ts'

/** An edit that was made on an open document and is not stored yet: write `items` as an entry, the log's news brings it back. */
export interface MadeEdit {
  readonly items: readonly ItemDraft[]
  readonly heads: Heads
}

/** What a room is of, and where it keeps its snapshot. */
export interface RoomParts {
  readonly document: DocumentId
  readonly kind: DocumentKind
  readonly group: GroupId
  readonly entropy: Entropy
  readonly store: Store
}

/** One open document with what of its changes cannot be applied yet. */
export class Room {
  readonly #parts: RoomParts
  readonly #handle: DocHandle
  readonly #authors: Map<string, DeviceId>
  readonly #covered: Map<DeviceId, number>
  readonly #own = new Map<string, Uint8Array>()
  #waiting: readonly Candidate[] = []
  /** Changes that the document does not hold, and whose they are. */
  readonly #outside = new Map<ChangeHash, { readonly candidate: Candidate; readonly device: DeviceId }>()
  /** The first change with each actor and number, of those that the document does not hold. */
  readonly #places = new Map<string, ChangeHash>()
  #sinceSnapshot = 0
  /** As last read, with the heads it had: every screen that shows something of it asks for it. */
  #read: { readonly heads: string; readonly state: DocumentState } | undefined

  constructor(
    parts: RoomParts,
    handle: DocHandle,
    from:
      { readonly covered: ReadonlyMap<DeviceId, number>; readonly authors: ReadonlyMap<string, DeviceId> } | undefined,
    changes: readonly DocumentChange[],
  ) {
    this.#parts = parts
    this.#handle = handle
    this.#authors = new Map(from?.authors)
    this.#covered = new Map(from?.covered)
    this.take(changes)
  }

  take(changes: readonly DocumentChange[]): void {
    const fresh: Candidate[] = []
    for (const change of changes) {
      const { device, seq } = change.carried ?? change
      if (seq > (this.#covered.get(device) ?? 0)) this.#covered.set(device, seq)
      const [candidate] = candidatesOf([change.bytes])
      if (!candidate || candidate.head.actor !== actorOf(change.group, change.document, change.device, change.nonce))
        continue
      this.#authors.set(candidate.head.actor, change.device)
      this.#outside.set(candidate.head.hash, { candidate, device: change.device })
      if (this.#isFirst(candidate)) fresh.push(candidate)
    }
    if (fresh.length === 0) return
    const candidates = [...this.#waiting, ...fresh]
    const waiting = new Set(admit(this.#handle, candidates).waiting.map(({ hash }) => hash))
    this.#waiting = candidates.filter(({ head }) => waiting.has(head.hash))
    this.#sinceSnapshot += fresh.length
    for (const { head } of candidates) {
      if (changeAt(this.#handle, head.actor, head.seq) !== head.hash) continue
      this.#outside.delete(head.hash)
      this.#places.delete(placeOf(head))
    }
  }

  /**
   * Of two changes with one actor and number the one that comes first in its device's feed takes the place, whatever becomes of it: an actor
   * is one device's, and everybody has its feed in one order. So no later one, however it was made, takes what others have built on away.
   */
  #isFirst({ head }: Candidate): boolean {
    const first = changeAt(this.#handle, head.actor, head.seq) ?? this.#places.get(placeOf(head))
    if (first === undefined) this.#places.set(placeOf(head), head.hash)
    return first === undefined || first === head.hash
  }

  /** What this device wrote that the document does not hold, as what it was written on does not count, or not any more. */
  unmerged(device: DeviceId): readonly Written[] {
    const own = [...this.#outside.values()].filter((one) => one.device === device)
    return own.length === 0
      ? []
      : writtenIn(
          this.#parts.kind,
          own.map(({ candidate }) => candidate),
        )
  }

  state<Doc extends GroupDoc | InitiativeDoc>(): DocumentState<Doc> {
    const now = this.heads.join()
    if (this.#read?.heads !== now) {
      const state = documentState(this.#handle, this.#parts.document, ({ actor, at }) => {
        const device = this.#authors.get(actor)
        return device && { device, at }
      })
      this.#read = { heads: now, state }
    }
    return this.#read.state as DocumentState<Doc>
  }

  /** Who wrote what of an initiative, the newest first, as far back as is shown at once. */
  history(): { readonly steps: readonly WrittenStep[]; readonly more: boolean } {
    const all = writtenSteps(this.#handle)
    const steps: WrittenStep[] = []
    let next = 0
    while (next < all.length && next < SHOWN_CHANGES && steps.length < SHOWN_STEPS) {
      const first = next
      while (this.#goesOn(all[next], all[next + 1])) next += 1
      const [newest, oldest] = [all[first], all[next]]
      next += 1
      const device = newest && this.#authors.get(newest.actor)
      if (!newest || !oldest || !device) continue
      const [before, after] = [oldest.deps, [newest.hash]].map((moment) => documentAt(this.#handle, moment))
      const fields = fieldSteps(before as InitiativeDoc, after as InitiativeDoc)
      if (fields.length > 0) steps.push({ id: newest.hash, device, at: newest.at, fields })
    }
    return { steps, more: next < all.length }
  }

  /** Whether a change and the one it builds on are of one go: typing is stored every few seconds. */
  #goesOn(newer: Step | undefined, older: Step | undefined): boolean {
    if (!newer || !older || newer.deps.length !== 1 || newer.deps[0] !== older.hash) return false
    return (
      this.#authors.get(newer.actor) === this.#authors.get(older.actor) && Math.abs(newer.at - older.at) < IN_ONE_GO
    )
  }

  get heads(): Heads {
    return heads(this.#handle)
  }

  prove(): boolean {
    return prove(this.#handle).length > 0
  }

  /** Makes the changes; the document does not hold them until they come back through `take`. */
  edit(edits: readonly Edit[], device: DeviceId, now: Instant): Result<MadeEdit, EditFault> {
    const { group, document, entropy, kind } = this.#parts
    const made = edit(
      this.#handle,
      edits.map((each) => fromBeginning(each, kind)),
      {
        time: Math.floor(now / 1000),
        actor: (may) => {
          for (const actor of this.#own.keys()) if (may(actor)) return actor
          const nonce = entropy.bytes(nonceBytes)
          const actor = actorOf(group, document, device, nonce)
          this.#own.set(actor, nonce)
          return actor
        },
      },
    )
    if (!made.ok) return made
    const items = made.value.changes.map(({ bytes, head }) => ({
      type: itemTypes.change,
      bytes: encodeCbor([DocumentId.toBytes(document), this.#own.get(head.actor) as Uint8Array, bytes]),
    }))
    return ok({ items, heads: made.value.heads })
  }

  /** The document with its history, as Automerge saves it. `undefined`: it does not survive saving. */
  save(): Uint8Array | undefined {
    const whole = snapshot(this.#handle)
    return whole.ok ? whole.value : undefined
  }

  /** Lets go of the document; keeps a snapshot when enough has changed and it holds everything: the rest would be forgotten with it. */
  async close(): Promise<void> {
    const { group, document, store } = this.#parts
    if (this.#sinceSnapshot >= SNAPSHOT_CHANGES && this.#outside.size === 0) {
      const whole = snapshot(this.#handle)
      if (whole.ok) {
        const value = encodeSnapshotRecord({ document: whole.value, covered: this.#covered, authors: this.#authors })
        await store
          .write([{ do: 'put', key: snapshotKey(group, document), value }], { durability: 'relaxed' })
          .catch(() => false)
      }
    }
    this.release()
  }

  release(): void {
    closeDocument(this.#handle)
  }
}

const placeOf = ({ actor, seq }: Candidate['head']): string => `${actor}:${seq}`

/** Text that was written before the document held any builds on its constant first change. */
const fromBeginning = (edit: Edit, kind: DocumentKind): Edit => {
  if (edit.do !== 'write' || edit.from.length > 0) return edit
  return { ...edit, from: candidatesOf([genesis[kind]]).map(({ head }) => head.hash) }
}

type Step = ReturnType<typeof writtenSteps>[number]
/** Changes that are looked at for a history, and steps of it: two readings of the document each, some milliseconds. */
const SHOWN_CHANGES = 2_000
const SHOWN_STEPS = 60
/** What one device writes within so many milliseconds of its last is one step: somebody is at it. */
const IN_ONE_GO = 10 * 60_000
/** Changes after which closing writes a snapshot: reading fewer again costs less than writing one. */
const SNAPSHOT_CHANGES = 32
