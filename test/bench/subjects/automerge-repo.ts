import * as Automerge from '@automerge/automerge'
import {
  type DocHandle,
  type DocumentId,
  parseAutomergeUrl,
  Repo,
  stringifyAutomergeUrl,
} from '@automerge/automerge-repo'
import { documentOf, isWhole, type Item, rowOf } from '../models/automerge.ts'
import type { BrowserWorkspace, Subject, Workspace } from '../subject.ts'

interface Index {
  items: Record<string, true>
}

const bytesOf = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

/** An initiative's id is its document's id. */
const documentId = (id: string): DocumentId =>
  parseAutomergeUrl(stringifyAutomergeUrl({ documentId: bytesOf(id) as never })).documentId

const indexId = documentId('00'.repeat(16))
const forkedIndexId = documentId('11'.repeat(16))

/** All documents in one block: length (4 bytes) and bytes of each, the index first. */
const pack = (docs: readonly Uint8Array[]): Uint8Array => {
  const packed = new Uint8Array(docs.reduce((total, doc) => total + 4 + doc.length, 0))
  const view = new DataView(packed.buffer)
  let at = 0
  for (const doc of docs) {
    view.setUint32(at, doc.length)
    packed.set(doc, at + 4)
    at += 4 + doc.length
  }
  return packed
}

const unpack = (packed: Uint8Array): Uint8Array[] => {
  const view = new DataView(packed.buffer, packed.byteOffset)
  const docs: Uint8Array[] = []
  for (let at = 0; at < packed.length; at += 4 + view.getUint32(at))
    docs.push(packed.subarray(at + 4, at + 4 + view.getUint32(at)))
  return docs
}

class Workroom implements Workspace {
  readonly repo: Repo
  readonly handles = new Map<string, DocHandle<Item>>()
  #index: DocHandle<Index> | undefined
  #tell: () => void = () => undefined

  constructor(repo: Repo) {
    this.repo = repo
  }

  hold(id: string, handle: DocHandle<Item>): void {
    this.handles.set(id, handle)
    handle.on('change', () => this.#tell())
    this.#tell()
  }

  /** Takes up the index and every document it names, now and later. */
  takeUp(index: DocHandle<Index>): Promise<void> {
    this.#index = index
    const asked = new Set(this.handles.keys())
    const askAll = () =>
      Promise.all(
        Object.keys(index.doc().items)
          .filter((id) => !asked.has(id))
          .map(async (id) => {
            asked.add(id)
            this.hold(id, await this.repo.find<Item>(documentId(id)))
          }),
      )
    index.on('change', () => void askAll())
    return askAll().then(() => undefined)
  }

  import(packed: Uint8Array): void {
    const [index, ...docs] = unpack(packed)
    if (!index) throw new Error('a seed without an index')
    this.#index = this.repo.import<Index>(index, { docId: indexId })
    const ids = Object.keys(this.#index.doc().items)
    docs.forEach((bytes, n) => {
      const id = ids[n] ?? ''
      this.hold(id, this.repo.import<Item>(bytes, { docId: documentId(id) }))
    })
  }

  #item = (id: string): Item | undefined => this.handles.get(id)?.doc()

  rows = () => [...this.handles].map(([id, handle]) => rowOf(id, handle.doc()))
  titleOf = (id: string) => this.#item(id)?.title
  messagesIn = (id: string) => this.#item(id)?.messages.length ?? 0
  isWhole: Workspace['isWhole'] = (item) => isWhole(this.#item(item.id), item)
  setTitle: Workspace['setTitle'] = (id, title) => this.handles.get(id)?.change((draft) => void (draft.title = title))
  say: Workspace['say'] = (id, message) =>
    this.handles.get(id)?.change((draft) => void draft.messages.push({ ...message }))
  onChange: Workspace['onChange'] = (tell) => (this.#tell = tell)
}

export const subject: Subject = {
  name: 'automerge-repo',
  settings:
    'automerge-repo 2.5.6, a document per initiative and one index; its WebSocket adapters; the guest announces, the host only answers; flush of the changed document only; IndexedDB adapter',
  node: async () => {
    const { readFile, writeFile, readdir } = await import('node:fs/promises')
    const { WebSocketClientAdapter, WebSocketServerAdapter } =
      await import('@automerge/automerge-repo-network-websocket')
    const { listenServer } = await import('../models/sockets.ts')
    /** Milliseconds between dials; 0 would dial again every millisecond and lose documents. */
    const redial = 5_000
    return {
      seed: async (items, { host, member }) => {
        const index = Automerge.from<{ items: Record<string, true> }>({
          items: Object.fromEntries(items.map(({ id }) => [id, true as const])),
        })
        const sorted = [...items].sort((one, other) => (one.id < other.id ? -1 : 1))
        const bytes = pack(
          [index, ...sorted.map(documentOf)].map((doc) => Automerge.save(doc as Automerge.Doc<unknown>)),
        )
        for (const folder of [host, member]) await writeFile(`${folder}/seed.bin`, bytes)
      },
      open: async (folder) => {
        const repo = new Repo({ shareConfig: { announce: async () => announces, access: async () => true } })
        let announces = true
        const workroom = new Workroom(repo)
        const seeded = (await readdir(folder)).includes('seed.bin')
        if (seeded) workroom.import(await readFile(`${folder}/seed.bin`))
        return Object.assign(workroom, {
          listen: async () => {
            announces = false
            const { server, port } = await listenServer()
            repo.networkSubsystem.addNetworkAdapter(new WebSocketServerAdapter(server as never))
            return port
          },
          dial: async (port: number) => {
            const adapter = new WebSocketClientAdapter(`ws://127.0.0.1:${port}`, redial)
            repo.networkSubsystem.addNetworkAdapter(adapter)
            await adapter.whenReady()
            if (!seeded) void repo.find<Index>(indexId).then((index) => workroom.takeUp(index))
          },
        })
      },
    }
  },
  browser: async () => {
    const { IndexedDBStorageAdapter } = await import('@automerge/automerge-repo-storage-indexeddb')
    const openRepo = () => new Repo({ storage: new IndexedDBStorageAdapter('workspace') })
    return {
      seed: async (items, fromNode) => {
        if (!fromNode) throw new Error(`${items.length} items and no seed`)
        const workroom = new Workroom(openRepo())
        workroom.import(fromNode)
        await workroom.repo.flush([indexId, ...[...workroom.handles.keys()].map(documentId)])
      },
      open: async (): Promise<BrowserWorkspace> => {
        const repo = openRepo()
        const workroom = new Workroom(repo)
        await workroom.takeUp(await repo.find<Index>(indexId))
        return Object.assign(workroom, {
          say: async (id: string, message: Parameters<Workspace['say']>[1]) => {
            workroom.handles.get(id)?.change((draft) => void draft.messages.push({ ...message }))
            await repo.flush([documentId(id)])
          },
          fork: async () => {
            const copies = [...workroom.handles.values()].map((handle) => repo.clone(handle))
            const index = Automerge.from({ items: Object.fromEntries(copies.map((copy) => [copy.documentId, true])) })
            repo.import(Automerge.save(index), { docId: forkedIndexId })
            await repo.flush([forkedIndexId, ...copies.map((copy) => copy.documentId)])
          },
        })
      },
    }
  },
}
