import {
  DeviceId,
  DocumentId,
  type Instant,
  MemberId,
  type Said,
  StatementId,
  type ThreadId,
  threadTips,
} from '@auzolan/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ThreadCache } from './thread-cache.ts'

const thread: ThreadId = DocumentId.fromBytes(new Uint8Array(16))
const idOf = (number: number) => StatementId.fromBytes(new Uint8Array(16).fill(number))
const by = (person: number) => MemberId.fromBytes(new Uint8Array(32).fill(person))
const device = DeviceId.fromBytes(new Uint8Array(32))

const message = (number: number, after: readonly number[], person = 1): Said => ({
  id: idOf(number),
  by: by(person),
  device,
  seq: number,
  at: number as Instant,
  statement: { kind: 'message', thread, after: after.map(idOf), replyTo: null, mentions: [] },
  text: `message ${number}`,
})

const retract = (number: number, of: number, person = 1): Said => ({
  ...message(number, [], person),
  statement: { kind: 'retract', thread, message: idOf(of) },
})

/** Each message comes after up to two earlier ones; the last one closes all open ends but a few. */
const someThread = fc
  .array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 30 })
  .map((refs) =>
    refs.map(([one, other], at) => message(at + 1, at === 0 ? [] : [...new Set([1 + (one % at), 1 + (other % at)])])),
  )

describe('a thread in use', () => {
  test('knows what a new message comes after, whatever arrived in whatever order, and however often it was asked', () => {
    fc.assert(
      fc.property(someThread, fc.infiniteStream(fc.boolean()), fc.nat(), (said, asks, turn) => {
        const order = said.map((_, at) => said[(at * 7 + turn) % said.length] as Said)
        fc.pre(new Set(order).size === said.length)
        const cache = new ThreadCache(thread, [])
        for (const each of order) {
          cache.add(each)
          if (asks.next().value) void cache.tips
        }
        const answered = new Set(said.flatMap(({ statement }) => (statement.kind === 'message' ? statement.after : [])))
        const open = said.filter(({ id }) => !answered.has(id))
        fc.pre(open.length <= 4)
        expect(new Set(cache.tips)).toEqual(new Set(threadTips(thread, said)))
      }),
    )
  })

  test('keeps what is open in mind while more is open than one message can refer to', () => {
    const cache = new ThreadCache(thread, [])
    const said = [1, 2, 3, 4, 5].map((number) => message(number, []))
    for (const each of said) cache.add(each)
    expect(cache.tips).toEqual([2, 3, 4, 5].map(idOf))
    cache.add(message(6, [4, 5]))
    expect(cache.tips).toEqual([1, 2, 3, 6].map(idOf))
  })

  test('hands out each withdrawn message once, and only at its own author’s wish', () => {
    const cache = new ThreadCache(thread, [message(1, []), message(2, [1], 2)])
    cache.add(retract(3, 1))
    cache.add(retract(4, 2))
    expect(cache.takeWithdrawn().map(({ id }) => id)).toEqual([idOf(1)])
    expect(cache.takeWithdrawn()).toEqual([])
    cache.add(retract(5, 2, 2))
    expect(cache.takeWithdrawn().map(({ id }) => id)).toEqual([idOf(2)])
  })

  test('hands out the other words of a withdrawn message with it, and those somebody else put in its mouth stay theirs', () => {
    const revise = (number: number, of: number, person = 1): Said => ({
      ...message(number, [], person),
      statement: { kind: 'revise', thread, message: idOf(of), mentions: [] },
    })
    const cache = new ThreadCache(thread, [message(1, []), revise(2, 1), revise(3, 1, 2)])
    cache.add(retract(4, 1))
    expect(cache.takeWithdrawn().map(({ id }) => id)).toEqual([idOf(1), idOf(2)])
    cache.add(revise(5, 1))
    expect(cache.takeWithdrawn().map(({ id }) => id)).toEqual([idOf(5)])
  })
})
