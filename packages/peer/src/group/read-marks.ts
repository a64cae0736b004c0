import { DeviceId, DocumentId, type GroupId, type ReadMark, StatementId, type ThreadId } from '@auzolan/core'
import type { Store } from '@auzolan/storage'
import { decodeCbor, encodeCbor } from '@auzolan/trust'
import { readKey, readsKey } from '../log/layout.ts'
import { seal, unseal } from '../log/sealed.ts'
import { writeSpare } from '../log/spare.ts'

/** What this device has read of a thread. Known here alone and never sent. */
export interface ThreadRead {
  readonly upTo: ReadMark
  /** Messages that were there. */
  readonly messages: number
  /** Messages that called this person by name and were there. */
  readonly mentions: readonly StatementId[]
}

/** Where somebody has read to, thread by thread: a record each, so that two tabs do not overwrite each other's. */
export class ReadMarks {
  readonly #store: Store
  readonly #group: GroupId

  constructor(store: Store, group: GroupId) {
    this.#store = store
    this.#group = group
  }

  /** `undefined`: this device never showed the thread, or what was kept is damaged. */
  async of(thread: ThreadId): Promise<ThreadRead | undefined> {
    const record = await this.#store.get(readKey(this.#group, thread))
    return record && decode(record)
  }

  async all(): Promise<ReadonlyMap<ThreadId, ThreadRead>> {
    const found = new Map<ThreadId, ThreadRead>()
    for (const { key, value } of await this.#store.range({ prefix: readsKey(this.#group) })) {
      const [thread, read] = [DocumentId.parse(key.at(-1)), decode(value)]
      if (thread && read) found.set(thread, read)
    }
    return found
  }

  /** False where the device has no room: it will all be new once more. */
  keep(thread: ThreadId, read: ThreadRead): Promise<boolean> {
    return writeSpare(this.#store, [{ do: 'put', key: readKey(this.#group, thread), value: encode(read) }])
  }
}

const VERSION = 1

const encode = ({ upTo, messages, mentions }: ThreadRead): Uint8Array =>
  seal(
    encodeCbor([
      VERSION,
      messages,
      mentions.map(StatementId.toBytes),
      Array.from(upTo, ([device, seq]) => [DeviceId.toBytes(device), seq]),
    ]),
  )

const decode = (record: Uint8Array): ThreadRead | undefined => {
  const bytes = unseal(record)
  const read = bytes && decodeCbor(bytes)
  if (!read?.ok || !Array.isArray(read.value)) return undefined
  const [version, messages, mentions, upTo] = read.value as readonly unknown[]
  if (version !== VERSION || typeof messages !== 'number' || !Array.isArray(mentions) || !Array.isArray(upTo))
    return undefined
  // The seal vouches that these are the bytes we wrote.
  return {
    messages,
    mentions: (mentions as readonly Uint8Array[]).map(StatementId.fromBytes),
    upTo: new Map((upTo as readonly [Uint8Array, number][]).map(([device, seq]) => [DeviceId.fromBytes(device), seq])),
  }
}
