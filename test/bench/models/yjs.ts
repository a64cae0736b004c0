import * as Y from 'yjs'
import { type Initiative, type Key, type Message, type Row, type Step, stepsOf } from '../corpus.ts'
import type { DocumentSide } from '../subject.ts'

/** People who wrote the workspace; Yjs keeps a clock for each. */
const authors = 8

/** An initiative as Yjs has it, in a map of one large document or as the root of its own. */
export type YItem = Y.Map<unknown>

const part = <T>(item: YItem, name: string, kind: new (...args: never[]) => T): T | undefined => {
  const value = item.get(name)
  return value instanceof kind ? value : undefined
}

export const take = (item: YItem, step: Step): void => {
  switch (step.do) {
    case 'start':
      item.set('title', step.title)
      item.set('plan', new Y.Text())
      item.set('actions', new Y.Map())
      item.set('messages', new Y.Array())
      return
    case 'describe':
      item.set('why', step.why)
      item.set('when', step.when)
      item.set('where', step.where)
      return
    case 'write':
      part(item, 'plan', Y.Text)?.insert(0, step.plan)
      return
    case 'plan':
      part(item, 'actions', Y.Map)?.set(step.action.id, step.action)
      return
    case 'say':
      part(item, 'messages', Y.Array)?.push([step.message])
      return
  }
}

/** One transaction a step, each initiative by one of the authors. */
export const writeItem = (doc: Y.Doc, item: Initiative, index: number, root: () => YItem): void => {
  doc.clientID = 1 + (index % authors)
  for (const step of stepsOf(item)) doc.transact(() => take(root(), step))
}

export const titleOf = (item: YItem | undefined): string | undefined => {
  const title = item?.get('title')
  return typeof title === 'string' ? title : undefined
}

export const messagesIn = (item: YItem | undefined): number => (item && part(item, 'messages', Y.Array)?.length) ?? 0

export const say = (item: YItem, message: Message): void => part(item, 'messages', Y.Array)?.push([message])

export const rowOf = (id: string, item: YItem): Row => ({
  id,
  title: titleOf(item) ?? '',
  actions: part(item, 'actions', Y.Map)?.size ?? 0,
  messages: messagesIn(item),
})

export const isWhole = (item: YItem | undefined, wanted: Initiative): boolean =>
  item !== undefined &&
  titleOf(item) === wanted.title &&
  messagesIn(item) === wanted.messages.length &&
  part(item, 'actions', Y.Map)?.size === wanted.actions.length &&
  part(item, 'plan', Y.Text)?.toJSON() === wanted.plan

export const yjsDocument: DocumentSide = {
  diverge: (edits) => {
    const [left, right] = [new Y.Doc(), new Y.Doc()]
    left.getText('text').insert(0, 'Both begin here.')
    Y.applyUpdate(right, Y.encodeStateAsUpdate(left))
    for (const [doc, letter] of [
      [left, 'l'],
      [right, 'r'],
    ] as const)
      for (let n = 0; n < edits; n++) doc.getText('text').insert((n * 7) % (n + 16), letter)
    return Promise.resolve({
      merge: () => Y.applyUpdate(left, Y.encodeStateAsUpdate(right, Y.encodeStateVector(left))),
    })
  },
  type: () => {
    const doc = new Y.Doc()
    const text = doc.getText('text')
    let sent = 0
    doc.on('update', (update: Uint8Array) => (sent = update.length))
    return Promise.resolve({
      press: (key: Key) => {
        if ('insert' in key) text.insert(key.at, key.insert)
        else text.delete(key.at, key.remove)
        return sent
      },
      text: () => text.toJSON(),
      save: () => Y.encodeStateAsUpdate(doc),
      load: (saved: Uint8Array) => {
        const copy = new Y.Doc()
        Y.applyUpdate(copy, saved)
        return copy.getText('text').toJSON()
      },
    })
  },
}
