import { sha256 } from '@auzolan/trust'
import { edit, type Candidate, type DocHandle } from '../engine.ts'
import { preparse } from '../preparse.ts'
import type { Random } from './random.ts'
import { someEdit, value } from './writing.ts'

/** An operation and a change in Automerge's JSON form: what `encodeChange` takes without asking whether it makes sense. */
export interface LooseOperation {
  action: string
  obj: string
  key?: string
  elemId?: string
  insert?: boolean
  value?: string | number | boolean | null
  datatype?: string
  pred: string[]
}
export interface LooseChange {
  actor: string
  seq: number
  startOp: number
  time: number
  message: string | null
  deps: string[]
  ops: LooseOperation[]
}

/** A small change that is right in itself, but for what is given. */
export const looseChange = (given: Partial<LooseChange>): LooseChange => ({
  actor: 'e'.repeat(32),
  seq: 1,
  startOp: 1,
  time: 1,
  message: null,
  deps: [],
  ops: [{ action: 'set', obj: '_root', key: 'title', value: 'x', pred: [] }],
  ...given,
})

/** Automerge's own change codec, as a test gets it from the library. */
export interface Codec {
  readonly decoded: (bytes: Uint8Array) => LooseChange & { readonly hash: string }
  /** `undefined`: even `encodeChange` would not write this. */
  readonly encoded: (change: LooseChange) => Uint8Array | undefined
}

export const codecOf = <Decoded extends Omit<LooseChange, 'ops'> & { hash: string; ops: unknown }>(automerge: {
  decodeChange: (bytes: Uint8Array) => Decoded
  encodeChange: (change: Decoded) => Uint8Array
}): Codec => ({
  decoded: (bytes) => {
    const { hash, actor, seq, startOp, time, message, deps, ops } = automerge.decodeChange(bytes)
    return { hash, actor, seq, startOp, time, message, deps, ops: ops as LooseOperation[] }
  },
  encoded: (change) => {
    try {
      return automerge.encodeChange(change as unknown as Decoded)
    } catch {
      return undefined
    }
  },
})

/** Bytes with a checksum that fits, whatever else is wrong with them. */
export const resealed = (bytes: Uint8Array): Uint8Array => {
  const sealed = bytes.slice()
  sealed.set(sha256(sealed.subarray(8)).subarray(0, 4), 4)
  return sealed
}

export const candidate = (bytes: Uint8Array | undefined): Candidate | undefined => {
  const head = bytes === undefined ? undefined : preparse(bytes)
  return bytes !== undefined && head?.ok === true ? { bytes, head: head.value } : undefined
}

/** An honest edit on what the handle holds, by an actor of its own, not admitted: the clay for what follows. */
export const anHonestChange = (codec: Codec, random: Random, handle: DocHandle, actor: string): LooseChange => {
  for (;;) {
    const { changes } = value(edit(handle, [someEdit(random, handle)], { time: 1, actor: () => actor }))
    if (changes[0] !== undefined) return codec.decoded(changes[0].bytes)
  }
}

/** Operation ids that exist somewhere, and some that do not. */
export const operationIds = (changes: readonly Candidate[]): string[] => [
  ...changes.flatMap(({ head }) =>
    Array.from({ length: Math.min(head.ops, 20) }, (_, at) => `${head.startOp + at}@${head.actor}`),
  ),
  `1@${'0'.repeat(32)}`,
  `2@${'0'.repeat(32)}`,
  `3@${'0'.repeat(32)}`,
  `999@${'0'.repeat(32)}`,
  `1@${'f'.repeat(32)}`,
]

type Mutation = (random: Random, change: LooseChange, ids: readonly string[], known: readonly Candidate[]) => void

const operation = (random: Random, change: LooseChange): LooseOperation | undefined =>
  change.ops[random.below(change.ops.length)]

const onOperation =
  (change: (random: Random, operation: LooseOperation, ids: readonly string[]) => void): Mutation =>
  (random, whole, ids) => {
    const one = operation(random, whole)
    if (one !== undefined) change(random, one, ids)
  }

/** One way each to be wrong. Most leave the rest of the change right, so that it gets past the first checks. */
export const mutations: Readonly<Record<string, Mutation>> = {
  'another predecessor': onOperation((random, op, ids) => (op.pred = [random.pick(ids)])),
  'one predecessor more': onOperation((random, op, ids) => op.pred.push(random.pick(ids))),
  'no predecessor': onOperation((_, op) => (op.pred = [])),
  'the same predecessor twice': onOperation((_, op) => op.pred.push(...op.pred)),
  'another object': onOperation((random, op, ids) => (op.obj = random.pick(ids))),
  'the root as object': onOperation((_, op) => (op.obj = '_root')),
  'another element': onOperation((random, op, ids) => {
    delete op.key
    op.elemId = random.pick(ids)
  }),
  'a key in a text': onOperation((random, op) => {
    delete op.elemId
    op.key = random.pick(['title', 'plan', 'actions', '', 'x'])
  }),
  'an element as first': onOperation((_, op) => {
    delete op.key
    op.elemId = '_head'
  }),
  'insert turned round': onOperation((_, op) => (op.insert = op.insert !== true)),
  'another action': onOperation((random, op) => {
    op.action = random.pick(['set', 'del', 'inc', 'makeMap', 'makeList', 'makeText', 'markBegin', 'markEnd'])
  }),
  'another value': onOperation((random, op) => (op.value = random.pick(['', 'text', 7, true, null, '😀']))),
  'a counter': onOperation((random, op) => {
    op.datatype = 'counter'
    op.value = random.pick([1, 2 ** 52, -(2 ** 52)])
  }),
  'an overflowing increment': onOperation((random, op) => {
    op.action = 'inc'
    op.value = random.pick([2 ** 53 - 1, -(2 ** 53 - 1), 1])
  }),
  'an operation twice': (random, change) => {
    const one = operation(random, change)
    if (one !== undefined) change.ops.splice(random.below(change.ops.length + 1), 0, structuredClone(one))
  },
  'an operation less': (random, change) => void change.ops.splice(random.below(change.ops.length), 1),
  'operations in another order': (random, change) => void (change.ops = random.shuffled(change.ops)),
  'no operations': (_, change) => void (change.ops = []),
  'another first operation': (random, change) => {
    change.startOp = random.pick([
      1,
      change.startOp - 1,
      change.startOp + 1,
      2 ** 31 - 2,
      2 ** 31,
      2 ** 32 - 1,
      2 ** 40,
    ])
  },
  'another sequence number': (random, change) => {
    change.seq = random.pick([change.seq + 1, change.seq + 4, 2 ** 31, 1, 2])
  },
  'a missing dep': (random, change) => void change.deps.splice(random.below(change.deps.length), 1),
  'no deps': (_, change) => void (change.deps = []),
  'an unknown dep': (random, change) => void change.deps.push(random.hex(32)),
  'other deps': (random, change, _, known) => {
    change.deps = random
      .shuffled(known)
      .slice(0, 1 + random.below(3))
      .map(({ head }) => head.hash)
  },
  'an old moment': (random, change, _, known) => {
    const { head } = random.pick(known)
    change.deps = [head.hash]
    change.startOp = head.startOp + head.ops
  },
  "somebody else's actor": (random, change, _, known) => void (change.actor = random.pick(known).head.actor),
  "somebody else's actor and next number": (random, change, _, known) => {
    const { head } = random.pick(known)
    change.actor = head.actor
    change.seq = head.seq + 1
  },
  "somebody else's place": (random, change, _, known) => {
    const { head } = random.pick(known)
    Object.assign(change, { actor: head.actor, seq: head.seq, startOp: head.startOp, deps: [...head.deps] })
  },
  "the genesis' actor": (_, change) => void (change.actor = '0'.repeat(32)),
  nothing: () => undefined,
}

/** Those that take the place of somebody's own change, which then falls with all that was built on it. */
const thefts = Object.keys(mutations).filter((name) => name.startsWith('somebody'))
const others = Object.keys(mutations).filter((name) => !thefts.includes(name))

/** A change that is wrong in one to three ways, or bytes of one with bits turned over. */
export const aHostileChange = (
  codec: Codec,
  random: Random,
  handle: DocHandle,
  actor: string,
  known: readonly Candidate[],
  hostile: readonly Candidate[],
  steal: boolean,
): Uint8Array | undefined => {
  const change = anHonestChange(codec, random, handle, actor)
  const before = random.chance(25) && hostile.length > 0 ? random.pick(hostile).head : undefined
  if (before !== undefined) {
    change.deps = [before.hash]
    change.startOp = before.startOp + before.ops
    if (random.chance(30)) Object.assign(change, { actor: before.actor, seq: before.seq + 1 })
  }
  const ids = operationIds([...known, ...hostile])
  for (let times = 1 + random.below(3); times > 0; times--)
    mutations[random.pick(steal && random.chance(10) ? thefts : others)]?.(random, change, ids, known)
  change.deps = [...new Set(change.deps)].sort()
  const bytes = codec.encoded(change)
  if (bytes === undefined || !random.chance(20)) return bytes
  const flipped = bytes.slice()
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = 9 + random.below(flipped.length - 9)
    flipped[at] = (flipped[at] as number) ^ (1 << random.below(8))
  }
  return random.chance(90) ? resealed(flipped) : flipped
}
