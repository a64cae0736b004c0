import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PeopleFacts } from './facts.ts'
import { DeviceId, DocumentId, type Instant, MemberId, StatementId } from './ids.ts'
import type { Said, Statement } from './statement.ts'
import { threadTips, threadView } from './thread.ts'

const aino = MemberId.fromBytes(new Uint8Array(32).fill(1))
const omar = MemberId.fromBytes(new Uint8Array(32).fill(2))
const device = DeviceId.fromBytes(new Uint8Array(32).fill(9))
const thread = DocumentId.fromBytes(new Uint8Array(16).fill(1))
const elsewhere = DocumentId.fromBytes(new Uint8Array(16).fill(2))
const people: PeopleFacts = {
  me: aino,
  thisDevice: device,
  people: new Map([
    [
      aino,
      {
        id: aino,
        name: 'Aino',
        via: null,
        since: 0 as Instant,
        left: false,
        moderator: false,
        paused: null,
        contested: false,
        cameBack: null,
        devices: [],
      },
    ],
  ]),
  memberOf: new Map([[device, aino]]),
}
const sid = (n: number) => StatementId.fromBytes(Uint8Array.of(n >> 16, n >> 8, n, ...new Uint8Array(13)))

interface Draft {
  readonly by?: MemberId
  readonly after?: readonly number[]
  readonly replyTo?: number
  readonly text?: string | null
  readonly in?: DocumentId
}
const message = (n: number, at: number, draft: Draft = {}): Said => ({
  id: sid(n),
  by: draft.by ?? aino,
  device,
  seq: n,
  at: at as Instant,
  statement: {
    kind: 'message',
    thread: draft.in ?? thread,
    after: (draft.after ?? []).map(sid),
    replyTo: draft.replyTo === undefined ? null : sid(draft.replyTo),
  },
  text: draft.text === undefined ? `message ${n}` : draft.text,
})
const retract = (n: number, by: MemberId, of: number): Said => {
  const statement: Statement = { kind: 'retract', thread, message: sid(of) }
  return { id: sid(n), by, device, seq: n, at: n as Instant, statement }
}

const view = (said: readonly Said[], cameLater: readonly number[] = []) =>
  threadView(thread, said, people, new Set(cameLater.map(sid))).messages
const order = (said: readonly Said[]) => view(said).map(({ id }) => id)

/** Each message refers to earlier ones only, as digests force it to. Claimed times lie. */
const anyThread = fc
  .array(fc.tuple(fc.nat(9), fc.uniqueArray(fc.nat(), { maxLength: 3 }), fc.option(fc.nat())), { maxLength: 40 })
  .map((drafts) =>
    drafts.map(([at, after, replyTo], n) => {
      const earlier = (ref: number) => (n === 0 ? 500 : ref % n)
      const refs = [...new Set(after.map(earlier))]
      return message(n, at, replyTo === null ? { after: refs } : { after: refs, replyTo: earlier(replyTo) })
    }),
  )

describe('a thread', () => {
  test('reads the same whatever the order and repetition it arrived in', () => {
    const anyArrival = anyThread.chain((said) =>
      fc.tuple(fc.constant(said), fc.shuffledSubarray([...said, ...said], { minLength: 2 * said.length })),
    )
    fc.assert(fc.property(anyArrival, ([said, arrived]) => void expect(view(arrived)).toEqual(view(said))))
  })

  test('never shows a message above what it answers or comes after', () => {
    fc.assert(
      fc.property(anyThread, (said) => {
        const places = new Map(order(said).map((id, at) => [id, at]))
        for (const { id, statement } of said) {
          if (statement.kind !== 'message') continue
          for (const ref of [...statement.after, statement.replyTo ?? id]) {
            if (ref !== id && places.has(ref)) expect(places.get(ref)).toBeLessThan(places.get(id) as number)
          }
        }
      }),
    )
  })

  test('said apart is ordered by claimed time, then id', () => {
    expect(
      order([
        message(1, 0),
        message(4, 3, { after: [1] }),
        message(3, 3, { after: [1] }),
        message(2, 9, { after: [1] }),
      ]),
    ).toEqual([1, 3, 4, 2].map(sid))
  })

  test('a reply stays below what it answers though its clock is slow', () => {
    expect(order([message(1, 900), message(2, 3, { replyTo: 1 })])).toEqual([sid(1), sid(2)])
  })

  test('late: what came in after messages below it is marked', () => {
    expect(view([message(1, 1), message(2, 2)], [1]).map(({ cameLater }) => cameLater)).toEqual([true, false])
  })

  test('holds nothing of other threads', () => expect(view([message(1, 1, { in: elsewhere })])).toEqual([]))

  test('a message is withdrawn by its author alone', () => {
    expect(view([message(1, 1), retract(2, omar, 1)])[0]?.text).toBe('message 1')
    expect(view([retract(2, aino, 1), message(1, 1)])[0]?.text).toBe(null)
    expect(view([message(1, 1, { text: null })])[0]?.text).toBe(null)
  })

  test('someone whose name is not known is someone', () => {
    expect(view([message(1, 1, { by: omar })])[0]?.by).toEqual({ id: omar, name: 'Someone', me: false })
  })

  test('messages in a circle are shown all the same', () => {
    expect(order([message(1, 1, { after: [2] }), message(2, 2, { after: [1] }), message(3, 3)])).toEqual(
      [1, 2, 3].map(sid),
    )
  })

  test('a braid, where every message has two ways down, is walked once', () => {
    const braid = Array.from({ length: 2_000 }, (_, n) => message(n, 0, { after: n < 2 ? [] : [n - 2, n - 1] }))
    expect(order(braid).at(-1)).toBe(sid(1_999))
  })

  test('a chain of 20,000 messages keeps its order', () => {
    const chain = Array.from({ length: 20_000 }, (_, n) => message(n, 20_000 - n, n === 0 ? {} : { after: [n - 1] }))
    expect(order([...chain].reverse())).toEqual(chain.map(({ id }) => id))
  })
})

describe('a new message', () => {
  test('comes after what nobody refers to yet', () => {
    expect(threadTips(thread, [message(1, 1), message(2, 2, { after: [1] }), message(3, 3, { replyTo: 1 })])).toEqual(
      [2, 3].map(sid),
    )
  })

  test('names at most the last four of a thread that fell apart', () => {
    expect(
      threadTips(
        thread,
        [1, 2, 3, 4, 5, 6].map((n) => message(n, n)),
      ),
    ).toEqual([3, 4, 5, 6].map(sid))
  })

  test('said in one place, one after the other, stands last', () => {
    fc.assert(
      fc.property(anyThread, (said) => {
        const next: Said = {
          ...message(9_000, 0),
          statement: { kind: 'message', thread, after: threadTips(thread, said), replyTo: null },
        }
        expect(order([...said, next]).at(-1)).toBe(sid(9_000))
      }),
    )
  })
})
