import {
  type DeviceId,
  type DocumentId,
  type DocumentKind,
  type Entropy,
  type GroupDoc,
  type InitiativeDoc,
  initiativeFacts,
  type Instant,
} from '@auzolan/core'
import type { Store } from '@auzolan/storage'
import { type DocHandle, openDocument } from '../documents/engine.ts'
import { snapshotKey } from '../log/layout.ts'
import { Room, type RoomParts } from './room.ts'
import type { DocumentChange } from './said.ts'
import { decodeSnapshotRecord } from './snapshot-record.ts'
import type { Workspace } from './workspace.ts'

/** The open documents of one workspace. A document is loaded when somebody looks at it and let go when nobody did for a while. */
export class Rooms {
  readonly #workspace: Workspace
  readonly #store: Store
  readonly #entropy: Entropy
  /** In the order of last use. */
  readonly #rooms = new Map<DocumentId, Promise<Room>>()
  readonly #engine: () => Promise<void>

  constructor(workspace: Workspace, store: Store, entropy: Entropy, engine: () => Promise<void>) {
    this.#engine = engine
    this.#workspace = workspace
    this.#store = store
    this.#entropy = entropy
  }

  open(document: DocumentId): Promise<Room> {
    const room = this.#rooms.get(document) ?? this.#load(document)
    this.#rooms.delete(document)
    this.#rooms.set(document, room)
    for (const [oldest, idle] of this.#rooms) {
      if (this.#rooms.size <= OPEN_DOCUMENTS) break
      this.#rooms.delete(oldest)
      void idle.then(
        (room) => room.close(),
        // Who opened it was told why it does not load.
        () => undefined,
      )
    }
    return room
  }

  /** Changes that were stored, own or received: those of open documents are applied now, the others when they are opened. */
  async take(changes: readonly DocumentChange[]): Promise<void> {
    const byDocument = groupByDocument(changes)
    for (const [document, mine] of byDocument) (await this.#rooms.get(document))?.take(mine)
  }

  /** Reads the list lines of documents, one by one. */
  async refreshFacts(documents: readonly DocumentId[]): Promise<void> {
    for (const document of documents) {
      if (this.#workspace.groupThreads.includes(document)) continue
      const state = (await this.open(document)).state<InitiativeDoc>()
      this.#workspace.setFacts(document, initiativeFacts(state), state.heads)
    }
  }

  /** Proves what came into open documents. Answers those of which something did not hold: they show it no more. */
  async prove(): Promise<readonly DocumentId[]> {
    const changed: DocumentId[] = []
    for (const [document, opening] of [...this.#rooms]) {
      const room = await opening
      if (this.#rooms.get(document) !== opening) continue
      if (room.prove()) changed.push(document)
      this.#workspace.compareLine(document, room.heads)
    }
    return changed
  }

  /** What a document reads like with further changes, which it does not get. */
  async scratch<Doc extends GroupDoc | InitiativeDoc>(
    document: DocumentId,
    changes: readonly DocumentChange[],
  ): Promise<Doc> {
    return this.#madeOf<Doc>(document, [...(await this.#workspace.changesOf(document)), ...changes])
  }

  /** What a document read like before a moment, by the times that authors claim. */
  async before<Doc extends GroupDoc | InitiativeDoc>(document: DocumentId, moment: Instant): Promise<Doc> {
    return this.#madeOf<Doc>(
      document,
      (await this.#workspace.changesOf(document)).filter(({ at }) => at < moment),
    )
  }

  /** Reads a document once, without keeping it open. `changes`: all of it. */
  async once<T>(document: DocumentId, changes: readonly DocumentChange[], read: (room: Room) => T): Promise<T> {
    const room = await this.#read(document, async (covered) =>
      changes.filter((change) => {
        const { device, seq } = change.carried ?? change
        return seq > (covered?.get(device) ?? 0)
      }),
    )
    try {
      return read(room)
    } finally {
      room.release()
    }
  }

  /** Lets go of every document without keeping anything of it: what counts has changed. They are read again when somebody looks. */
  async forget(): Promise<void> {
    const rooms = [...this.#rooms.values()]
    this.#rooms.clear()
    for (const room of rooms) (await room).release()
  }

  async close(): Promise<void> {
    const rooms = [...this.#rooms.values()]
    this.#rooms.clear()
    for (const room of rooms) await (await room).close()
  }

  /** One that did not load is tried again by whoever asks next. */
  async #load(document: DocumentId): Promise<Room> {
    try {
      const room = await this.#read(document, (covered) => this.#workspace.changesOf(document, covered))
      this.#workspace.compareLine(document, room.heads)
      return room
    } catch (error) {
      this.#rooms.delete(document)
      throw error
    }
  }

  async #read(document: DocumentId, changesAfter: ChangesAfter): Promise<Room> {
    await this.#engine()
    const parts = this.#partsOf(document)
    const saved = await this.#store.get(snapshotKey(this.#workspace.group, document))
    const record = saved && decodeSnapshotRecord(saved)
    if (record) {
      const after = await changesAfter(record.covered)
      const opened = openDocument(parts.kind, record.document, [])
      if (opened.ok) return new Room(parts, opened.value, record, after)
    }
    return new Room(parts, beginning(parts.kind), undefined, await changesAfter())
  }

  async #madeOf<Doc extends GroupDoc | InitiativeDoc>(
    document: DocumentId,
    changes: readonly DocumentChange[],
  ): Promise<Doc> {
    await this.#engine()
    const parts = this.#partsOf(document)
    const room = new Room(parts, beginning(parts.kind), undefined, changes)
    const { value } = room.state<Doc>()
    room.release()
    return value
  }

  #partsOf(document: DocumentId): RoomParts {
    const kind = this.#workspace.groupThreads.includes(document) ? 'group' : 'initiative'
    return { document, kind, group: this.#workspace.group, entropy: this.#entropy, store: this.#store }
  }
}

/** Changes of a document, all or those after what is `covered`. */
type ChangesAfter = (covered?: ReadonlyMap<DeviceId, number>) => Promise<readonly DocumentChange[]>

const beginning = (kind: DocumentKind): DocHandle => {
  const opened = openDocument(kind, null, [])
  if (!opened.ok) throw new Error('a document does not open from its constant beginning')
  return opened.value
}

const groupByDocument = (changes: readonly DocumentChange[]): Map<DocumentId, DocumentChange[]> => {
  const groups = new Map<DocumentId, DocumentChange[]>()
  for (const change of changes) {
    const group = groups.get(change.document)
    if (group) group.push(change)
    else groups.set(change.document, [change])
  }
  return groups
}

/** Documents kept open after use: what one person switches between. Each holds up to 3 MB of WebAssembly memory. */
const OPEN_DOCUMENTS = 6
