import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { readSyncMessage, writeSyncStep1, writeUpdate } from 'y-protocols/sync'
import * as Y from 'yjs'
import type { Link } from '../models/sockets.ts'
import { isWhole, messagesIn, rowOf, say, titleOf, writeItem, type YItem } from '../models/yjs.ts'
import type { BrowserWorkspace, Subject, Workspace } from '../subject.ts'

const rootOf = (doc: Y.Doc): YItem => doc.getMap('item')

/** A document per initiative, and one that names them all. */
class Collection {
  readonly docs = new Map<string, Y.Doc>()
  readonly index = new Y.Doc()
  #watch: ((id: string, update: Uint8Array, origin: unknown) => void)[] = []

  constructor() {
    this.#hear('', this.index)
  }

  /** Called for every update of every document; the index has the empty id. */
  onUpdate(tell: (id: string, update: Uint8Array, origin: unknown) => void): void {
    this.#watch.push(tell)
  }

  names = (): string[] => [...this.index.getMap('items').keys()]

  doc(id: string): Y.Doc {
    if (id === '') return this.index
    const known = this.docs.get(id)
    if (known) return known
    const doc = new Y.Doc()
    this.docs.set(id, doc)
    this.#hear(id, doc)
    return doc
  }

  item = (id: string): YItem | undefined => {
    const doc = this.docs.get(id)
    return doc && rootOf(doc)
  }

  #hear(id: string, doc: Y.Doc): void {
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      for (const tell of this.#watch) tell(id, update, origin)
    })
  }
}

const workspaceOf = (collection: Collection): Workspace => ({
  rows: () => [...collection.docs].map(([id, doc]) => rowOf(id, rootOf(doc))),
  titleOf: (id) => titleOf(collection.item(id)),
  messagesIn: (id) => messagesIn(collection.item(id)),
  isWhole: (item) => isWhole(collection.item(item.id), item),
  setTitle: (id, title) => void collection.item(id)?.set('title', title),
  say: (id, message) => {
    const item = collection.item(id)
    if (item) say(item, message)
  },
  onChange: (tell) => collection.onUpdate(tell),
})

/** y-protocols for many documents over one socket: each message bears its document's id; nothing waits for an answer to another. */
const connect = (collection: Collection, link: Link) => {
  const asked = new Set<string>()
  const sending = (id: string, write: (encoder: encoding.Encoder) => void) => {
    const encoder = encoding.createEncoder()
    encoding.writeVarString(encoder, id)
    const empty = encoding.length(encoder)
    write(encoder)
    if (encoding.length(encoder) > empty) link.send(encoding.toUint8Array(encoder))
  }
  const ask = (id: string) => {
    if (asked.has(id)) return
    asked.add(id)
    sending(id, (encoder) => writeSyncStep1(encoder, collection.doc(id)))
  }
  collection.onUpdate((id, update, origin) => {
    if (id === '') collection.names().forEach(ask)
    if (origin !== link) sending(id, (encoder) => writeUpdate(encoder, update))
  })
  link.receive((message) => {
    const decoder = decoding.createDecoder(message)
    const id = decoding.readVarString(decoder)
    sending(id, (encoder) => void readSyncMessage(decoder, encoder, collection.doc(id), link))
  })
  ask('')
  collection.names().forEach(ask)
}

/** All documents in one block of bytes: [id, update] pairs, the index first. */
const pack = (docs: Iterable<readonly [string, Y.Doc]>): Uint8Array => {
  const encoder = encoding.createEncoder()
  for (const [id, doc] of docs) {
    encoding.writeVarString(encoder, id)
    encoding.writeVarUint8Array(encoder, Y.encodeStateAsUpdate(doc))
  }
  return encoding.toUint8Array(encoder)
}

const unpack = (bytes: Uint8Array, take: (id: string, update: Uint8Array) => void) => {
  const decoder = decoding.createDecoder(bytes)
  // A copy of each: IndexedDB stores the whole buffer that a view looks into.
  while (decoding.hasContent(decoder))
    take(decoding.readVarString(decoder), decoding.readVarUint8Array(decoder).slice())
}

const finished = (request: IDBRequest | IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    const fail = () => reject(request.error ?? new Error('IndexedDB failed'))
    request.onerror = fail
    if ('oncomplete' in request) request.oncomplete = () => resolve()
    else request.onsuccess = () => resolve()
  })

interface Stored {
  readonly id: string
  readonly update: Uint8Array
}

/** What y-indexeddb does, for many documents in one database: an update is a record, opening reads them all. */
const openUpdates = async (name: string) => {
  const opening = indexedDB.open(name, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore('updates', { autoIncrement: true })
  await finished(opening)
  const database = opening.result
  const store = (mode: IDBTransactionMode) => database.transaction('updates', mode).objectStore('updates')
  return {
    all: async () => {
      const request = store('readonly').getAll() as IDBRequest<Stored[]>
      await finished(request)
      return request.result
    },
    add: (id: string, update: Uint8Array) => void store('readwrite').add({ id, update } satisfies Stored),
    addAll: async (docs: Iterable<readonly [string, Uint8Array]>) => {
      const updates = store('readwrite')
      for (const [id, update] of docs) updates.add({ id, update } satisfies Stored)
      await finished(updates.transaction)
    },
  }
}

export const subject: Subject = {
  name: 'Yjs, doc per item',
  settings:
    'yjs 13.6.33, a document per initiative and one index; y-protocols multiplexed over one bare WebSocket; updates of all documents in one IndexedDB store (y-indexeddb would open 2,000 databases)',
  node: async () => {
    const { readFile, writeFile, readdir } = await import('node:fs/promises')
    const { dialLink, listenForLinks } = await import('../models/sockets.ts')
    return {
      seed: async (items, { host, member }) => {
        const collection = new Collection()
        items.forEach((item, index) => {
          const doc = collection.doc(item.id)
          writeItem(doc, item, index, () => rootOf(doc))
          collection.index.getMap('items').set(item.id, 1)
        })
        const bytes = pack([['', collection.index], ...collection.docs])
        for (const folder of [host, member]) await writeFile(`${folder}/seed.bin`, bytes)
      },
      open: async (folder) => {
        const collection = new Collection()
        if ((await readdir(folder)).includes('seed.bin'))
          unpack(await readFile(`${folder}/seed.bin`), (id, update) => Y.applyUpdate(collection.doc(id), update))
        return {
          ...workspaceOf(collection),
          listen: () => listenForLinks((link) => connect(collection, link)),
          dial: async (port) => connect(collection, await dialLink(port)),
        }
      },
    }
  },
  browser: () =>
    Promise.resolve({
      seed: async (items, fromNode) => {
        if (!fromNode) throw new Error(`${items.length} items and no seed`)
        const updates = await openUpdates('workspace')
        const docs: [string, Uint8Array][] = []
        unpack(fromNode, (id, update) => docs.push([id, update]))
        await updates.addAll(docs)
      },
      open: async (): Promise<BrowserWorkspace> => {
        const collection = new Collection()
        const updates = await openUpdates('workspace')
        for (const { id, update } of await updates.all()) Y.applyUpdate(collection.doc(id), update)
        collection.onUpdate((id, update) => updates.add(id, update))
        const workspace = workspaceOf(collection)
        return {
          ...workspace,
          say: async (id, message) => workspace.say(id, message),
          fork: async () => {
            const copies = await openUpdates('fork')
            const docs = [['', collection.index] as const, ...collection.docs]
            await copies.addAll(docs.map(([id, doc]) => [id, Y.encodeStateAsUpdate(doc)]))
          },
        }
      },
    }),
}
