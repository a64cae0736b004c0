import type { Edit, Instant } from '@auzolan/core'
import { encodeCbor, encodeControl, itemTypes, seededKeys, signEntry, startFeed } from '@auzolan/trust'
import {
  admit,
  candidatesOf,
  type DocHandle,
  edit,
  heads as headsOf,
  initialiseEngine,
  openDocument,
  proseAt,
  snapshot,
} from '../../../packages/peer/src/documents/engine.ts'
import type { Key } from '../corpus.ts'
import type { DocumentSide } from '../subject.ts'

const actor = (letter: string) => letter.repeat(32)

const opened = (whole: Uint8Array | null = null): DocHandle => {
  const document = openDocument('initiative', whole, [])
  if (!document.ok) throw new Error(document.error.type)
  return document.value
}

const planOf = (handle: DocHandle): string => {
  const text = proseAt(handle, ['plan'], headsOf(handle))
  if (!text.ok) throw new Error(text.error.type)
  return text.value
}

/** Writes a text as somebody does who sees this document; answers the changes. */
const write = (handle: DocHandle, by: string, text: string): readonly Uint8Array[] => {
  const edits: Edit[] = [{ do: 'write', field: ['plan'], from: headsOf(handle), text }]
  const made = edit(handle, edits, { time: 0, actor: () => by })
  if (!made.ok) throw new Error(made.error.type)
  admit(handle, made.value.changes)
  return made.value.changes.map(({ bytes }) => bytes)
}

const inserted = (text: string, at: number, part: string) => text.slice(0, at) + part + text.slice(at)

const pressed = (text: string, key: Key): string =>
  'insert' in key ? inserted(text, key.at, key.insert) : text.slice(0, key.at) + text.slice(key.at + key.remove)

/** Keys of one flush: at most 200 ms of somebody who types 25 keys a second. */
const keysAFlush = 5

/** What an entry adds to its change: its head in the chain, its item, the document's and session's ids, the time, a signature. */
const entryBytes = async (change: Uint8Array): Promise<number> => {
  const keys = await seededKeys(new Uint8Array(32).fill(1))
  const item = { type: itemTypes.change, bytes: encodeCbor([new Uint8Array(16), new Uint8Array(8), change]) }
  const founding = {
    type: itemTypes.control,
    bytes: encodeControl({
      kind: 'found',
      name: 'Workspace',
      purpose: '',
      founders: [{ device: keys.device, box: keys.box, name: 'Ane', cosign: null }],
      continues: null,
      nonce: new Uint8Array(16),
    }),
  }
  const first = await signEntry(startFeed(keys.device), 'founding', keys, {
    at: 1_800_000_000_000 as Instant,
    heads: [],
    items: [founding],
  })
  const heads = first.entry.id ? [first.entry.id] : []
  const second = await signEntry(first.tip, first.group, keys, {
    at: 1_800_000_000_000 as Instant,
    heads,
    items: [item],
  })
  const third = await signEntry(second.tip, first.group, keys, {
    at: 1_800_000_000_000 as Instant,
    heads,
    items: [item],
  })
  return third.entry.packed.length + 64
}

export const auzolanDocument = async (): Promise<DocumentSide> => {
  await initialiseEngine('embedded')
  return {
    diverge: (edits) => {
      const base = opened()
      write(base, actor('a'), 'Both begin here.')
      const whole = snapshot(base)
      if (!whole.ok) throw new Error(whole.error.type)
      const [left, right] = (['b', 'c'] as const).map((letter) => {
        const handle = opened(whole.value)
        const changes: Uint8Array[] = []
        let text = planOf(handle)
        for (let n = 0; n < edits; n++) {
          text = inserted(text, (n * 7) % (n + 16), letter)
          changes.push(...write(handle, actor(letter), text))
        }
        return { handle, changes }
      })
      if (!left || !right) throw new Error('two sides')
      return Promise.resolve({
        merge: () => {
          const { accepted } = admit(left.handle, candidatesOf(right.changes))
          if (accepted.length !== edits) throw new Error(`${accepted.length} of ${edits}`)
        },
      })
    },
    type: async () => {
      const handle = opened()
      let text = ''
      const around = (await entryBytes(new Uint8Array(100))) - 100
      return {
        press: (key) => {
          text = pressed(text, key)
          write(handle, actor('b'), text)
          return 0
        },
        flushed: (keys) => {
          const flushes = opened()
          let [now, bytes] = ['', 0]
          for (const [at, key] of keys.entries()) {
            now = pressed(now, key)
            if ((at + 1) % keysAFlush > 0 && at + 1 < keys.length) continue
            for (const change of write(flushes, actor('c'), now)) bytes += change.length + around
          }
          return bytes
        },
        text: () => text,
        save: () => {
          const whole = snapshot(handle)
          if (!whole.ok) throw new Error(whole.error.type)
          return whole.value
        },
        load: (saved) => planOf(opened(saved)),
      }
    },
  }
}
