import { genesisActor } from './shapes.ts'
import type { Extent, History, Step } from './History.ts'
import type { ChangeHead } from './preparse.ts'

/** A decoded operation; what it names has the form `counter@actor`. */
export interface NamedOperation {
  readonly action: string
  readonly obj: string
  readonly key?: string
  readonly elemId?: string
  readonly insert?: boolean
  readonly datatype?: string
  readonly pred: readonly string[]
}

/** What an operation makes, if it makes an object: a map has keys, a sequence has elements. */
export type Container = 'map' | 'sequence'

/** Objects by id, so that each is looked up in its change only once. */
export class Containers {
  readonly #known = new Map<string, Container>()
  readonly #history: History
  readonly #operations: (step: Step) => readonly NamedOperation[] | undefined

  constructor(history: History, operations: (step: Step) => readonly NamedOperation[] | undefined) {
    this.#history = history
    this.#operations = operations
  }

  /** What the operation at `counter` of `step` made; `undefined` if it made nothing. */
  at(step: Step, counter: number): Container | undefined {
    const id = `${counter}@${step.actor}`
    const known = this.#known.get(id)
    if (known !== undefined) return known
    this.learn(step, this.#operations(step) ?? [])
    return this.#known.get(id)
  }

  learn({ actor, startOp }: Pick<Step, 'actor' | 'startOp'>, operations: readonly NamedOperation[]): void {
    for (const [at, { action }] of operations.entries()) {
      const made = containerOf.get(action)
      if (made !== undefined) this.#known.set(`${startOp + at}@${actor}`, made)
    }
  }

  get history(): History {
    return this.#history
  }
}

const containerOf: ReadonlyMap<string, Container> = new Map([
  ['makeMap', 'map'],
  ['makeList', 'sequence'],
  ['makeText', 'sequence'],
])

/**
 * What our documents are made of. Counters are not: two concurrent increments can overflow what each alone does not, so whether
 * a change holds would depend on others that it never saw. Tables are a leftover that Automerge 3 treats as maps.
 */
const actions: ReadonlySet<string> = new Set(['makeMap', 'makeList', 'makeText', 'set', 'del', 'markBegin', 'markEnd'])

export type OperationFault = 'replaced foundation' | 'unknown action' | 'unknown operation' | 'malformed operation'

/**
 * Why a decoded change cannot be part of its document, or `undefined`. Automerge 3.5.0 takes operations that name what does not
 * exist, or a place that their object does not have, and then loses the document when it is saved or next written to.
 */
export const operationFault = (
  head: ChangeHead,
  operations: readonly NamedOperation[],
  past: Extent,
  containers: Containers,
  foundation: ReadonlySet<string>,
): OperationFault | undefined => {
  const made = new Map<string, Container>()
  const { history } = containers
  /** The change that holds the operation, if it lies in this one's past. */
  const holder = (id: string): { readonly step: Step; readonly counter: number } | undefined => {
    const { counter, actor } = parseId(id)
    const step = history.holding(actor, counter)
    return step !== undefined && step.seq <= (past.get(actor) ?? 0) ? { step, counter } : undefined
  }
  const sees = (id: string, counter: number): boolean => {
    const named = parseId(id)
    return named.actor === head.actor && named.counter >= head.startOp
      ? named.counter < counter
      : holder(id) !== undefined
  }
  const container = (id: string): Container | undefined => {
    if (id === '_root') return 'map'
    const before = made.get(id)
    if (before !== undefined) return before
    const held = holder(id)
    return held === undefined ? undefined : containers.at(held.step, held.counter)
  }
  for (const [at, operation] of operations.entries()) {
    const counter = head.startOp + at
    const { action, obj, key, elemId, datatype, pred } = operation
    if (!actions.has(action) || datatype === 'counter') return 'unknown action'
    if (obj !== '_root' && !sees(obj, counter)) return 'unknown operation'
    if (elemId !== undefined && elemId !== '_head' && !sees(elemId, counter)) return 'unknown operation'
    if (!pred.every((id) => sees(id, counter))) return 'unknown operation'
    if (obj === '_root' && key !== undefined && foundation.has(key)) return 'replaced foundation'
    if (!isWellFormed(operation, container(obj))) return 'malformed operation'
    const makes = containerOf.get(action)
    if (makes !== undefined) made.set(`${counter}@${head.actor}`, makes)
  }
  return undefined
}

/** Whether the operation fits the object it names. */
const isWellFormed = (operation: NamedOperation, container: Container | undefined): boolean => {
  const { action, key, elemId, insert = false, pred } = operation
  if (new Set(pred).size < pred.length) return false
  if (action === 'del' && (insert || pred.length === 0)) return false
  if (key !== undefined) return container === 'map' && elemId === undefined && !insert && !action.startsWith('mark')
  if (container !== 'sequence' || elemId === undefined) return false
  return insert ? pred.length === 0 : pred.length > 0 && elemId !== '_head' && !action.startsWith('mark')
}

const parseId = (id: string): { readonly counter: number; readonly actor: string } => {
  const split = id.indexOf('@')
  return { counter: Number(id.slice(0, split)), actor: id.slice(split + 1) }
}

/** A change that begins a document anew, or writes as the genesis. */
export const isSecondBeginning = (head: ChangeHead): boolean => head.deps.length === 0 || head.actor === genesisActor
