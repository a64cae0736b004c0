import { genesisActor } from './shapes.ts'
import type { Extent, History } from './History.ts'
import type { ChangeHead } from './preparse.ts'

/** The parts of a decoded operation that name other operations (`counter@actor`). */
export interface NamedOperation {
  readonly action: string
  readonly obj: string
  readonly elemId?: string
  readonly datatype?: string
  readonly pred: readonly string[]
}

/**
 * What our documents are made of. Counters are not: two concurrent increments can overflow what each alone does not, so whether
 * a change holds would depend on others that it never saw. Tables are a leftover that Automerge 3 treats as maps.
 */
const actions: ReadonlySet<string> = new Set(['makeMap', 'makeList', 'makeText', 'set', 'del', 'markBegin', 'markEnd'])

/** Why a decoded change cannot be part of its document, or `undefined`. */
export const referenceFault = (
  head: ChangeHead,
  operations: readonly NamedOperation[],
  past: Extent,
  history: History,
): 'unknown action' | 'unknown operation' | undefined => {
  /** Whether the change could have seen this operation: one in its past, or an earlier one of its own. */
  const sees = (id: string, counter: number): boolean => {
    const split = id.indexOf('@')
    const named = Number(id.slice(0, split))
    const actor = id.slice(split + 1)
    if (actor === head.actor && named >= head.startOp) return named < counter
    const holder = history.holding(actor, named)
    return holder !== undefined && holder.seq <= (past.get(actor) ?? 0)
  }
  for (const [at, { action, obj, elemId, datatype, pred }] of operations.entries()) {
    const counter = head.startOp + at
    if (!actions.has(action) || datatype === 'counter') return 'unknown action'
    if (obj !== '_root' && !sees(obj, counter)) return 'unknown operation'
    if (elemId !== undefined && elemId !== '_head' && !sees(elemId, counter)) return 'unknown operation'
    if (!pred.every((id) => sees(id, counter))) return 'unknown operation'
  }
  return undefined
}

/** A change that begins a document anew, or writes as the genesis. */
export const isSecondBeginning = (head: ChangeHead): boolean => head.deps.length === 0 || head.actor === genesisActor
