import * as Automerge from '@automerge/automerge/slim'
import { beforeAll, describe, expect, test } from 'vitest'
import { closeDocument, initialiseEngine, type Candidate } from './engine.ts'
import { readOperations } from './operations.ts'
import type { NamedOperation } from './references.ts'
import { aHostileChange, candidate, codecOf } from './testing/hostile.ts'
import { Random } from './testing/random.ts'
import { anInitiative, honestChanges } from './testing/writing.ts'

beforeAll(() => initialiseEngine('embedded'))

const codec = codecOf(Automerge)

/** What of an operation anybody asks for. */
const essence = ({ action, obj, key, elemId, insert = false, datatype, pred }: NamedOperation) => ({
  action,
  obj,
  ...(key === undefined ? { elemId } : { key }),
  insert,
  counter: datatype === 'counter',
  pred: [...pred].sort(),
})

describe('reading operations from columns', () => {
  test('says the same as Automerge of honest changes, and what texts they set', () => {
    for (let seed = 1; seed <= 6; seed++)
      for (const { bytes } of honestChanges(new Random(seed), 4, 25)) {
        const read = readOperations(bytes)
        const whole: readonly (NamedOperation & { readonly value?: unknown })[] = Automerge.decodeChange(bytes).ops
        expect(read?.map(essence)).toEqual(whole.map(essence))
        for (const [at, { action, value }] of whole.entries())
          expect(read?.[at]?.text).toBe(action === 'set' && typeof value === 'string' ? value : undefined)
      }
  })

  test('says the same of marks and of every kind of value', () => {
    type Doc = { text?: string; all?: readonly unknown[]; count?: Automerge.Counter }
    let doc = Automerge.from<Doc>({ text: 'Bring tools', all: ['a', 1, -2, 1.5, true, false, null, new Date(5)] })
    doc = Automerge.change(doc, (draft) => {
      Automerge.mark(draft, ['text'], { start: 0, end: 5, expand: 'both' }, 'bold', true)
      draft.all = [new Uint8Array([1, 2]), new Automerge.ImmutableString('là'), { deep: [] }]
      draft.count = new Automerge.Counter(3)
    })
    doc = Automerge.change(doc, (draft) => {
      draft.count?.increment(2)
      delete draft.all
    })
    for (const bytes of Automerge.getAllChanges(doc))
      expect(readOperations(bytes)?.map(essence)).toEqual(Automerge.decodeChange(bytes).ops.map(essence))
  })

  test('of hostile changes it says the same, or that no operation can be like that', () => {
    let same = 0
    for (let seed = 1; seed <= 20; seed++) {
      const random = new Random(seed)
      const honest = honestChanges(random, 3, 6)
      const base = anInitiative(honest)
      const hostile: Candidate[] = []
      for (let made = 0; made < 40; made++) {
        const parsed = candidate(aHostileChange(codec, random, base, random.hex(16), honest, hostile, seed % 5 === 0))
        if (parsed) hostile.push(parsed)
      }
      closeDocument(base)
      for (const { bytes } of hostile) {
        const read = readOperations(bytes)?.map(essence)
        const whole = decoded(bytes)
        if (read !== undefined && whole !== undefined) expect(read).toEqual(whole)
        if (read !== undefined && whole !== undefined) same += 1
      }
    }
    expect(same).toBeGreaterThan(300)
  })
})

const decoded = (bytes: Uint8Array) => {
  try {
    return Automerge.decodeChange(bytes).ops.map(essence)
  } catch {
    return undefined
  }
}
