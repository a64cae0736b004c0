import * as Automerge from '@automerge/automerge/slim'
import { DocumentId } from '@auzolan/core'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  closeDocument,
  digest,
  documentState,
  hashes,
  initialiseEngine,
  liveDocuments,
  openDocument,
  snapshot,
  type Candidate,
} from './engine.ts'
import { aHostileChange, candidate, codecOf } from './testing/hostile.ts'
import { Random } from './testing/random.ts'
import { anInitiative, deliver, honestChanges, inBatches, someEdit, value, write } from './testing/writing.ts'

beforeAll(() => initialiseEngine('embedded'))

const id = DocumentId.fromBytes(new Uint8Array(16))
const codec = codecOf(Automerge)

/** Changes per scenario that are wrong in some way. */
const hostilePerScenario = 50
const scenarios = 162

/** One honest history and hostile changes on it, given in several orders to several replicas. Answers how many were given and accepted. */
const scenario = (seed: number) => {
  const random = new Random(seed)
  const honest = honestChanges(random, 3, 6)
  const base = anInitiative(honest)
  const hostile: Candidate[] = []
  let made = 0
  while (made < hostilePerScenario) {
    const bytes = aHostileChange(codec, random, base, random.hex(16), honest, hostile, seed % 5 === 0)
    if (bytes === undefined) continue
    made++
    const parsed = candidate(bytes)
    if (parsed !== undefined) hostile.push(parsed)
  }
  closeDocument(base)
  const all = [...honest, ...hostile]
  const outcomes = [[all], inBatches(random, random.shuffled(all), 1), inBatches(random, random.shuffled(all), 8)].map(
    (batches) => {
      const handle = anInitiative()
      deliver(handle, batches)
      documentState(handle, id, () => undefined)
      const outcome = { hashes: hashes(handle).join(), digest: digest(handle).join() }
      const saved = openDocument('initiative', value(snapshot(handle)), [])
      expect(digest(value(saved)).join()).toBe(outcome.digest)
      closeDocument(value(saved))
      for (let edits = 0; edits < 3; edits++) write(handle, 'ab'.repeat(16), someEdit(random, handle))
      closeDocument(handle)
      return outcome
    },
  )
  expect({ seed, ...outcomes[1] }).toEqual({ seed, ...outcomes[0] })
  expect({ seed, ...outcomes[2] }).toEqual({ seed, ...outcomes[0] })
  const held = new Set(outcomes[0]?.hashes.split(','))
  return { made, parsed: hostile.length, accepted: hostile.filter(({ head }) => held.has(head.hash)).length }
}

describe('hostile changes', () => {
  test(
    'thousands of them destroy no document, depend on no order, and do not stop honest editing',
    { timeout: 300_000 },
    () => {
      const total = { made: 0, parsed: 0, accepted: 0 }
      for (let seed = 1; seed <= scenarios; seed++) {
        const one = scenario(seed)
        total.made += one.made
        total.parsed += one.parsed
        total.accepted += one.accepted
      }
      expect(total.made).toBeGreaterThanOrEqual(8_000)
      expect(total.parsed).toBeGreaterThan(total.made / 2)
      expect(total.accepted).toBeGreaterThan(500)
      expect(liveDocuments()).toBe(0)
    },
  )
})
