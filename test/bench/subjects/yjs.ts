import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { readSyncMessage, writeSyncStep1, writeUpdate } from 'y-protocols/sync'
import * as Y from 'yjs'
import type { Link } from '../models/sockets.ts'
import { isWhole, messagesIn, rowOf, say, titleOf, writeItem, type YItem, yjsDocument } from '../models/yjs.ts'
import type { BrowserWorkspace, Subject, Workspace } from '../subject.ts'

const itemsOf = (doc: Y.Doc) => doc.getMap<YItem>('items')

const workspaceOf = (doc: Y.Doc): Workspace => {
  const items = itemsOf(doc)
  return {
    rows: () => [...items.entries()].map(([id, item]) => rowOf(id, item)),
    titleOf: (id) => titleOf(items.get(id)),
    messagesIn: (id) => messagesIn(items.get(id)),
    isWhole: (item) => isWhole(items.get(item.id), item),
    setTitle: (id, title) => void items.get(id)?.set('title', title),
    say: (id, message) => {
      const item = items.get(id)
      if (item) say(item, message)
    },
    onChange: (tell) => void doc.on('update', tell),
  }
}

/** The sync protocol of y-protocols: state vectors first, then every update as it happens. */
const connect = (doc: Y.Doc, link: Link) => {
  const sending = (write: (encoder: encoding.Encoder) => void) => {
    const encoder = encoding.createEncoder()
    write(encoder)
    if (encoding.length(encoder) > 0) link.send(encoding.toUint8Array(encoder))
  }
  link.receive((message) =>
    sending((encoder) => void readSyncMessage(decoding.createDecoder(message), encoder, doc, link)),
  )
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== link) sending((encoder) => writeUpdate(encoder, update))
  })
  sending((encoder) => writeSyncStep1(encoder, doc))
}

export const subject: Subject = {
  name: 'Yjs',
  settings: 'yjs 13.6.33, one document; y-protocols over a bare WebSocket without deflate; y-indexeddb 9.0.12',
  document: () => Promise.resolve(yjsDocument),
  node: async () => {
    const { readFile, writeFile, access } = await import('node:fs/promises')
    const { dialLink, listenForLinks } = await import('../models/sockets.ts')
    return {
      seed: async (items, { host, member }) => {
        const doc = new Y.Doc()
        items.forEach((item, index) => {
          itemsOf(doc).set(item.id, new Y.Map())
          writeItem(doc, item, index, () => itemsOf(doc).get(item.id) as YItem)
        })
        for (const folder of [host, member]) await writeFile(`${folder}/seed.bin`, Y.encodeStateAsUpdate(doc))
      },
      open: async (folder) => {
        const doc = new Y.Doc()
        const file = `${folder}/seed.bin`
        const seeded = await access(file).then(
          () => true,
          () => false,
        )
        if (seeded) Y.applyUpdate(doc, await readFile(file))
        return {
          ...workspaceOf(doc),
          listen: () => listenForLinks((link) => connect(doc, link)),
          dial: async (port) => connect(doc, await dialLink(port)),
        }
      },
    }
  },
  browser: async () => {
    const { IndexeddbPersistence } = await import('y-indexeddb')
    const persist = (name: string, doc: Y.Doc) => new IndexeddbPersistence(name, doc).whenSynced
    return {
      seed: async (items, fromNode) => {
        const doc = new Y.Doc()
        if (!fromNode) throw new Error(`${items.length} items and no seed`)
        Y.applyUpdate(doc, fromNode)
        await persist('workspace', doc)
      },
      open: async (): Promise<BrowserWorkspace> => {
        const doc = new Y.Doc()
        await persist('workspace', doc)
        const workspace = workspaceOf(doc)
        return {
          ...workspace,
          say: async (id, message) => workspace.say(id, message),
          fork: async () => {
            const copy = new Y.Doc()
            Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
            await persist('fork', copy)
          },
        }
      },
    }
  },
}
