import * as Automerge from '@automerge/automerge'
import { type Initiative, type Key, type Row, type Step, stepsOf } from '../corpus.ts'
import type { DocumentSide } from '../subject.ts'

/** An initiative as an Automerge document. */
export interface Item {
  title: string
  why: string
  when: string
  where: string
  plan: string
  actions: Record<string, { title: string; when: string; places: number }>
  messages: { id: string; by: string; at: number; text: string }[]
}

export const take = (draft: Item, step: Step): void => {
  switch (step.do) {
    case 'start':
      Object.assign(draft, { title: step.title, plan: '', actions: {}, messages: [] })
      return
    case 'describe':
      Object.assign(draft, { why: step.why, when: step.when, where: step.where })
      return
    case 'write':
      Automerge.splice(draft, ['plan'], 0, 0, step.plan)
      return
    case 'plan': {
      const { id, ...action } = step.action
      draft.actions[id] = action
      return
    }
    case 'say':
      draft.messages.push({ ...step.message })
      return
  }
}

/** One change a step. */
export const documentOf = (item: Initiative): Automerge.Doc<Item> =>
  stepsOf(item).reduce((doc, step) => Automerge.change(doc, (draft) => take(draft, step)), Automerge.init<Item>())

export const rowOf = (id: string, item: Item): Row => ({
  id,
  title: item.title,
  actions: Object.keys(item.actions).length,
  messages: item.messages.length,
})

export const isWhole = (item: Item | undefined, wanted: Initiative): boolean =>
  item?.title === wanted.title &&
  item.plan === wanted.plan &&
  item.messages.length === wanted.messages.length &&
  Object.keys(item.actions).length === wanted.actions.length

interface Text {
  text: string
}

export const automergeDocument: DocumentSide = {
  diverge: (edits) => {
    const base = Automerge.from<{ text: string }>({ text: 'Both begin here.' })
    const [left, right] = (['l', 'r'] as const).map((letter) => {
      let doc = Automerge.clone(base)
      for (let n = 0; n < edits; n++)
        doc = Automerge.change(doc, (draft) => Automerge.splice(draft, ['text'], (n * 7) % (n + 16), 0, letter))
      return doc
    }) as [Automerge.Doc<Text>, Automerge.Doc<Text>]
    return Promise.resolve({ merge: () => void Automerge.merge(left, right) })
  },
  type: () => {
    let doc = Automerge.from<{ text: string }>({ text: '' })
    return Promise.resolve({
      press: (key: Key) => {
        doc = Automerge.change(doc, (draft) => {
          if ('insert' in key) Automerge.splice(draft, ['text'], key.at, 0, key.insert)
          else Automerge.splice(draft, ['text'], key.at, key.remove)
        })
        return Automerge.getLastLocalChange(doc)?.length ?? 0
      },
      text: () => doc.text,
      save: () => Automerge.save(doc),
      load: (saved: Uint8Array) => Automerge.load<Text>(saved).text,
    })
  },
}
