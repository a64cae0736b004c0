import { createMergeableStore, type MergeableContent, type MergeableStore } from 'tinybase'
import { createIndexedDbPersister } from 'tinybase/persisters/persister-indexed-db'
import { createCustomSynchronizer } from 'tinybase/synchronizers'
import { type Initiative, type Message, type Step, stepsOf } from '../corpus.ts'
import type { Link } from '../models/sockets.ts'
import type { BrowserWorkspace, Subject, Workspace } from '../subject.ts'

/** Seconds until a request for a difference is given up. The largest workload takes far less. */
const requestTimeout = 60

const take = (store: MergeableStore, item: string, step: Step): void => {
  switch (step.do) {
    case 'start':
      store.setRow('items', item, { title: step.title })
      return
    case 'describe':
      store.setPartialRow('items', item, { why: step.why, when: step.when, where: step.where })
      return
    case 'write':
      store.setCell('items', item, 'plan', step.plan)
      return
    case 'plan': {
      const { id, ...action } = step.action
      store.setRow('actions', id, { item, ...action })
      return
    }
    case 'say':
      say(store, item, step.message)
      return
  }
}

const say = (store: MergeableStore, item: string, { id, ...message }: Message) =>
  store.setRow('messages', id, { item, ...message })

const textOf = (store: MergeableStore, table: string, row: string, cell: string): string => {
  const value = store.getCell(table, row, cell)
  return typeof value === 'string' ? value : ''
}

const countByItem = (store: MergeableStore, table: string): Map<string, number> => {
  const counts = new Map<string, number>()
  store.forEachRow(table, (id) => {
    const item = textOf(store, table, id, 'item')
    counts.set(item, (counts.get(item) ?? 0) + 1)
  })
  return counts
}

const workspaceOf = (store: MergeableStore): Workspace => ({
  rows: () => {
    const [actions, messages] = [countByItem(store, 'actions'), countByItem(store, 'messages')]
    return store.getRowIds('items').map((id) => ({
      id,
      title: textOf(store, 'items', id, 'title'),
      actions: actions.get(id) ?? 0,
      messages: messages.get(id) ?? 0,
    }))
  },
  titleOf: (id) => textOf(store, 'items', id, 'title'),
  messagesIn: (id) => countByItem(store, 'messages').get(id) ?? 0,
  isWhole: (item: Initiative) =>
    store.getCell('items', item.id, 'title') === item.title &&
    store.getCell('items', item.id, 'plan') === item.plan &&
    item.actions.every(({ id }) => store.hasRow('actions', id)) &&
    item.messages.every(({ id }) => store.hasRow('messages', id)),
  setTitle: (id, title) => void store.setCell('items', id, 'title', title),
  say: (id, message) => void say(store, id, message),
  onChange: (tell) => void store.addDidFinishTransactionListener(tell),
})

/** JSON has no `undefined`, and a removed cell is one; TinyBase's own synchronizers write this character for it, too. */
const removed = '\uFFFC'
const encode = (message: unknown[]) =>
  JSON.stringify(message, (_, value: unknown) => (value === undefined ? removed : value))
const decode = (text: string): unknown =>
  JSON.parse(text, (_, value: unknown) => (value === removed ? undefined : value))

/** TinyBase's synchronizer straight between two peers; its WebSocket server would be a third one between them. */
const connect = async (store: MergeableStore, link: Link) => {
  const synchronizer = createCustomSynchronizer(
    store,
    (_toClient, requestId, message, body) => link.send(encode([requestId, message, body])),
    (receive) =>
      link.receive((bytes) => {
        const [requestId, message, body] = decode(new TextDecoder().decode(bytes)) as [string | null, number, unknown]
        receive('other', requestId, message, body)
      }),
    () => undefined,
    requestTimeout,
  )
  await synchronizer.startSync()
}

export const subject: Subject = {
  name: 'TinyBase',
  settings:
    'tinybase 10.0.1, mergeable store; its synchronizer over a bare WebSocket without deflate; IndexedDB persister',
  node: async () => {
    const { readFile, writeFile, readdir } = await import('node:fs/promises')
    const { dialLink, listenForLinks } = await import('../models/sockets.ts')
    return {
      seed: async (items, { host, member }) => {
        const store = createMergeableStore('seed')
        for (const item of items) for (const step of stepsOf(item)) store.transaction(() => take(store, item.id, step))
        for (const folder of [host, member]) await writeFile(`${folder}/seed.bin`, encode(store.getMergeableContent()))
      },
      open: async (folder) => {
        const store = createMergeableStore()
        if ((await readdir(folder)).includes('seed.bin'))
          store.setMergeableContent(decode(await readFile(`${folder}/seed.bin`, 'utf8')) as MergeableContent)
        return {
          ...workspaceOf(store),
          listen: () => listenForLinks((link) => void connect(store, link)),
          dial: async (port) => connect(store, await dialLink(port)),
        }
      },
    }
  },
  browser: () =>
    Promise.resolve({
      seed: async (items, fromNode) => {
        const store = createMergeableStore('seed')
        if (!fromNode) throw new Error(`${items.length} items and no seed`)
        store.setMergeableContent(decode(new TextDecoder().decode(fromNode)) as MergeableContent)
        await createIndexedDbPersister(store, 'workspace').save()
      },
      open: async (): Promise<BrowserWorkspace> => {
        const store = createMergeableStore()
        const persister = createIndexedDbPersister(store, 'workspace')
        await persister.load()
        const workspace = workspaceOf(store)
        return {
          ...workspace,
          say: async (id, message) => {
            await workspace.say(id, message)
            await persister.save()
          },
          fork: async () => {
            const copy = createMergeableStore()
            copy.setMergeableContent(store.getMergeableContent())
            await createIndexedDbPersister(copy, 'fork').save()
          },
        }
      },
    }),
}
