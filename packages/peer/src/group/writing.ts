import {
  type Clock,
  type DocumentId,
  type DocumentState,
  type Edit,
  encodeStatement,
  err,
  type Heads,
  type InitiativeDoc,
  type Instant,
  ok,
  type Result,
  type Statement,
  type StatementId,
} from '@auzolan/core'
import { StoreError } from '@auzolan/storage'
import {
  type Control,
  encodeCbor,
  encodeControl,
  type Entry,
  type ItemDraft,
  itemTypes,
  statementId,
} from '@auzolan/trust'
import type { EditFault } from '../documents/engine.ts'
import type { Stop } from '../log/admission.ts'
import { Queue } from '../log/queue.ts'
import type { Refusal } from '../peer.ts'
import type { Group } from './group.ts'

type House = Pick<Group, 'id' | 'record' | 'keys' | 'workspace' | 'rooms' | 'isActive' | 'isRevoked' | 'isRewound'>

/** What this device writes in a group: each act is one entry, and resolves once that is on disk. */
export class Writing {
  readonly #house: House
  readonly #clock: Clock
  readonly #written: (at: Instant) => Promise<void>
  readonly #tell: () => void
  readonly #editing = new Queue()
  #saving = 0
  #saveError: StoreError['kind'] | null = null

  /** `written`: an entry is on disk; what it changes is to be known before the act is answered. `tell`: saving began or ended. */
  constructor(
    house: House,
    clock: Clock,
    { written, tell }: { readonly written: (at: Instant) => Promise<void>; readonly tell: () => void },
  ) {
    this.#house = house
    this.#clock = clock
    this.#written = written
    this.#tell = tell
  }

  get saving(): boolean {
    return this.#saving > 0
  }
  get saveError(): StoreError['kind'] | null {
    return this.#saveError
  }

  /** Says something in this person's name. */
  async say(statement: Statement, text?: string): Promise<Result<StatementId, Refusal>> {
    const { id, keys } = this.#house
    const bytes = encodeCbor(encodeStatement(statement))
    const items: ItemDraft[] = [{ type: itemTypes.statement, bytes }]
    if (text !== undefined) items.push({ type: itemTypes.text, bytes: new TextEncoder().encode(text) })
    const entry = await this.#append(items)
    return entry.ok ? ok(statementId(id, keys.device, entry.value.seq, 0, bytes)) : entry
  }

  /** Says several things in one entry, each with the bytes of its text where it has one. */
  async sayAll(
    all: readonly { readonly statement: Statement; readonly text?: Uint8Array }[],
  ): Promise<Result<readonly StatementId[], Refusal>> {
    const { id, keys } = this.#house
    const items: ItemDraft[] = []
    const said: { readonly index: number; readonly bytes: Uint8Array }[] = []
    for (const { statement, text } of all) {
      const bytes = encodeCbor(encodeStatement(statement))
      said.push({ index: items.length, bytes })
      items.push({ type: itemTypes.statement, bytes })
      if (text) items.push({ type: itemTypes.text, bytes: text })
    }
    const entry = await this.#append(items)
    if (!entry.ok) return entry
    return ok(said.map(({ index, bytes }) => statementId(id, keys.device, entry.value.seq, index, bytes)))
  }

  /** Edits a document as one entry, with a statement that belongs to it where there is one. */
  edit(
    document: DocumentId,
    edits: (state: DocumentState<InitiativeDoc>) => readonly Edit[],
    statement?: Statement,
  ): Promise<Result<{ readonly heads: Heads }, Refusal>> {
    return this.#editing.run(async () => {
      const { rooms, keys } = this.#house
      const room = await rooms.open(document)
      const made = room.edit(edits(room.state<InitiativeDoc>()), keys.device, this.#clock.now())
      if (!made.ok) return err(editRefusal(made.error))
      const said: ItemDraft[] = statement
        ? [{ type: itemTypes.statement, bytes: encodeCbor(encodeStatement(statement)) }]
        : []
      if (made.value.items.length + said.length === 0) return ok({ heads: made.value.heads })
      const entry = await this.#append([...said, ...made.value.items])
      return entry.ok ? ok({ heads: made.value.heads }) : entry
    })
  }

  decide(control: Control): Promise<Result<Entry, Refusal>> {
    return this.#append([{ type: itemTypes.control, bytes: encodeControl(control) }])
  }

  async #append(items: readonly ItemDraft[]): Promise<Result<Entry, Refusal>> {
    const { record, keys, workspace } = this.#house
    const isActive = this.#house.isActive(keys.device)
    if (record.standing === 'joining' && !isActive) return err({ type: 'joining' })
    if (workspace.log.frozen.has(keys.device)) return err({ type: 'device frozen' })
    if (this.#house.isRevoked) return err({ type: 'device revoked' })
    if (this.#house.isRewound) return err({ type: 'device rewound' })
    if (!isActive) return err({ type: 'not a member' })
    this.#saving += 1
    this.#tell()
    try {
      const now = this.#clock.now()
      const entry = await workspace.log.append(keys, now, items)
      await this.#written(now)
      this.#saveError = null
      return entry.ok ? entry : err(appendRefusal(entry.error))
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      this.#saveError = error.kind
      return err({ type: 'not saved', why: error.kind })
    } finally {
      this.#saving -= 1
      this.#tell()
    }
  }
}

const appendRefusal = ({ type }: Stop): Refusal => {
  switch (type) {
    case 'damaged':
      return { type: 'not saved', why: 'failed' }
    case 'frozen device':
      return { type: 'device frozen' }
    case 'rewound':
      return { type: 'device rewound' }
    case 'suspended':
      return { type: 'paused' }
    case 'contested':
      return { type: 'contested' }
    case 'not a voter':
      return { type: 'no vote' }
    case 'needs sponsors':
    case 'needs a decision':
      return { type: 'needs a yes' }
    case 'not a moderator':
      return { type: 'no moderator' }
    default:
      return { type: 'no such thing' }
  }
}

const editRefusal = (fault: EditFault): Refusal =>
  fault.type === 'too long' ? { type: 'too long', field: fault.field, limit: fault.limit } : { type: 'no such thing' }
