import {
  type ActionId,
  DocumentId,
  type Edit,
  initiativeFacts,
  type DocumentState,
  type InitiativeDoc,
} from '@auzolan/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { closeDocument, documentState, initialiseEngine, type Candidate, type DocHandle } from './engine.ts'
import { firstLine, type Line, lineAfter } from './line.ts'
import { Random } from './testing/random.ts'
import { anInitiative, honestChanges, someEdit, write } from './testing/writing.ts'

beforeAll(() => initialiseEngine('embedded'))

const id = DocumentId.fromBytes(new Uint8Array(16))
const action = '0123456789abcdef' as ActionId

const factsOf = (handle: DocHandle) =>
  initiativeFacts(
    documentState(handle, id, () => ({ device: 'd'.repeat(64) as never })) as DocumentState<InitiativeDoc>,
  )

const follow = (changes: readonly Candidate[]): Line | undefined =>
  changes.reduce<Line | undefined>((line, change) => line && lineAfter(line, change), firstLine)

describe('a line of the list', () => {
  test('says what the document says while people write one after the other', () => {
    let [read, unread] = [0, 0]
    for (let seed = 1; seed <= 12; seed++) {
      const random = new Random(seed)
      const handle = anInitiative()
      let line: Line | undefined = firstLine
      for (let at = 0; at < 25; at++) {
        for (const change of write(handle, random.pick(['a', 'b', 'c']).repeat(32), someEdit(random, handle)))
          line = line && lineAfter(line, change)
        if (line) expect({ seed, at, ...line.facts }).toEqual({ seed, at, ...factsOf(handle) })
        if (line) read += 1
        else unread += 1
      }
      closeDocument(handle)
    }
    expect(unread).toBe(0)
    expect(read).toBe(12 * 25)
  })

  test('is left to the document as soon as somebody wrote apart', () => {
    let apart = 0
    for (let seed = 1; seed <= 12; seed++) {
      const changes = honestChanges(new Random(seed), 3, 12)
      const handle = anInitiative(changes)
      const line = follow(changes)
      if (line) expect(line.facts).toEqual(factsOf(handle))
      else apart += 1
      closeDocument(handle)
    }
    expect(apart).toBeGreaterThan(0)
  })

  test('follows actions that come and fields that are written over and emptied', () => {
    const handle = anInitiative()
    const edits: readonly Edit[] = [
      { do: 'set', field: ['title'], value: 'Café' },
      { do: 'put', action, draft: { title: 'Dig', details: '', when: '', order: 'a' } },
      { do: 'set', field: ['actions', action, 'title'], value: 'Dig deep' },
      { do: 'set', field: ['title'], value: 'Repair café' },
      { do: 'set', field: ['where'], value: '' },
      { do: 'set', field: ['checkOn'], value: '2026-12-01' },
      { do: 'set', field: ['measure'], value: 'We count.' },
    ]
    const changes = edits.flatMap((edit) => write(handle, 'a'.repeat(32), edit))
    expect(follow(changes)?.facts).toEqual(factsOf(handle))
    expect(follow(changes)?.facts).toMatchObject({
      title: 'Repair café',
      checkOn: '2026-12-01',
      actions: [action],
    })
    expect(follow(changes.slice(1))).toBeUndefined()
    closeDocument(handle)
  })
})
