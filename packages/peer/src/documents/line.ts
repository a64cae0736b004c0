import { ActionId, type ChangeHash, type DocumentFacts } from '@auzolan/core'
import type { ChangeHead } from './preparse.ts'
import { type Operation, readOperations } from './operations.ts'
import { preparse } from './preparse.ts'
import { clip, fieldRule, genesis, genesisActor } from './shapes.ts'

/** What the list says of an initiative, and the newest change it says it of. */
export interface Line {
  readonly facts: DocumentFacts
  readonly tip: ChangeHash
}

export interface LineChange {
  readonly head: ChangeHead
  readonly bytes: Uint8Array
}

const beginning = (): Line => {
  const head = preparse(genesis.initiative)
  if (!head.ok) throw new Error('a genesis change does not read')
  return { facts: { title: '', when: '', where: '', checkOn: '', actions: [], unsettled: 0 }, tip: head.value.hash }
}

/** The line of an initiative in which nobody wrote yet. */
export const firstLine: Line = beginning()

/**
 * The line after one more change, without opening the document. That works while each change builds on the one before, which is most of the time:
 * then whatever it sets replaces what was there. (Automerge names its author's change before beside it: all that is known lies below `tip`.) `undefined`: something was written apart, or the change does what only Automerge can tell.
 * Judges nothing: what the document's gate refuses is put right when the document is opened next.
 */
export const lineAfter = ({ facts, tip }: Line, { head, bytes }: LineChange): Line | undefined => {
  if (facts.unsettled > 0 || !head.deps.includes(tip)) return undefined
  if (!head.keyed) return { facts, tip: head.hash }
  const operations = readOperations(bytes)
  if (!operations) return undefined
  let next = facts
  for (const operation of operations) {
    const changed = factsAfter(next, operation)
    if (!changed) return undefined
    next = changed
  }
  return { facts: next, tip: head.hash }
}

const factsAfter = (facts: DocumentFacts, operation: Operation): DocumentFacts | undefined => {
  const { obj, key, action } = operation
  if (obj === actionsObject)
    return key === undefined ? undefined : { ...facts, actions: actionsAfter(facts, key, action) }
  if (obj !== '_root') return facts
  const rule = key === undefined ? undefined : fieldRule('initiative', [key])
  if (rule?.merges !== 'short') return undefined
  const { limit } = rule
  if (key !== 'title' && key !== 'when' && key !== 'where' && key !== 'checkOn')
    return action === 'del' || (action === 'set' && operation.text !== undefined) ? facts : undefined
  if (action === 'del') return { ...facts, [key]: '' }
  return action === 'set' && operation.text !== undefined ? { ...facts, [key]: clip(operation.text, limit) } : undefined
}

const actionsAfter = ({ actions }: DocumentFacts, key: string, action: string): readonly ActionId[] => {
  const id = ActionId.parse(key)
  if (!id) return actions
  const rest = actions.filter((each) => each !== id)
  return action === 'makeMap' ? [...rest, id].sort() : rest
}

/** The map of actions: what the genesis makes third. */
const actionsObject = `3@${genesisActor}`
