import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PeopleFacts } from './facts.ts'
import { DeviceId, DocumentId, type Instant, MemberId, StatementId } from './ids.ts'
import { type Reaction, reactions, type Said, type Statement } from './statement.ts'
import { standingReactions } from './talk-marks.ts'
import { readMark, type ReadMark, threadTips, threadView } from './thread.ts'

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
  readonly device?: DeviceId
  readonly mentions?: readonly MemberId[]
}
const message = (n: number, at: number, draft: Draft = {}): Said => ({
  id: sid(n),
  by: draft.by ?? aino,
  device: draft.device ?? device,
  seq: n,
  at: at as Instant,
  statement: {
    kind: 'message',
    thread: draft.in ?? thread,
    after: (draft.after ?? []).map(sid),
    replyTo: draft.replyTo === undefined ? null : sid(draft.replyTo),
    mentions: draft.mentions ?? [],
  },
  text: draft.text === undefined ? `message ${n}` : draft.text,
})
const retract = (n: number, by: MemberId, of: number): Said => {
  const statement: Statement = { kind: 'retract', thread, message: sid(of) }
  return { id: sid(n), by, device, seq: n, at: n as Instant, statement }
}

const answer = (n: number, by: MemberId, statement: Statement, text?: string): Said => {
  const said = { id: sid(n), by, device, seq: n, at: n as Instant, statement }
  return text === undefined ? said : { ...said, text }
}
const revise = (n: number, by: MemberId, of: number, text: string, mentions: readonly MemberId[] = []): Said =>
  answer(n, by, { kind: 'revise', thread, message: sid(of), mentions }, text)
const react = (n: number, by: MemberId, of: number, reaction: Reaction = 'heart'): Said =>
  answer(n, by, { kind: 'react', thread, message: sid(of), reaction })
const unreact = (n: number, by: MemberId, ...reactions: readonly number[]): Said =>
  answer(n, by, { kind: 'unreact', thread, reactions: reactions.map(sid) })
const became = (n: number, of: number, title: string): Said =>
  answer(n, omar, { kind: 'became', thread, message: sid(of), made: elsewhere, action: null, listing: null, title })

const view = (said: readonly Said[], cameLater: readonly number[] = [], read: ReadMark | null = null) =>
  threadView(thread, said, people, { cameLater: new Set(cameLater.map(sid)), read }).messages
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
          statement: { kind: 'message', thread, after: threadTips(thread, said), replyTo: null, mentions: [] },
        }
        expect(order([...said, next]).at(-1)).toBe(sid(9_000))
      }),
    )
  })
})

describe('what is said to messages', () => {
  const anyMember = fc.constantFrom(aino, omar)
  const anyRef = fc.integer({ min: 0, max: 8 })
  const anyMark = fc.oneof(
    fc.tuple(anyMember, anyRef, fc.string({ maxLength: 3 })).map(
      ([by, of, text]) =>
        (n: number) =>
          revise(n, by, of, text),
    ),
    fc.tuple(anyMember, anyRef, fc.constantFrom(...reactions)).map(
      ([by, of, what]) =>
        (n: number) =>
          react(n, by, of, what),
    ),
    fc.tuple(anyMember, fc.array(fc.integer({ min: 5, max: 20 }), { maxLength: 3 })).map(
      ([by, of]) =>
        (n: number) =>
          unreact(n, by, ...of),
    ),
    fc.tuple(anyMember, anyRef).map(
      ([by, of]) =>
        (n: number) =>
          retract(n, by, of),
    ),
    anyRef.map((of) => (n: number) => became(n, of, 'Soup day')),
  )
  const anyTalk = fc
    .array(anyMark, { maxLength: 20 })
    .map((marks) => [
      ...[0, 1, 2, 3, 4].map((n) => message(n, n, { by: n % 2 === 0 ? aino : omar })),
      ...marks.map((mark, at) => mark(at + 5)),
    ])

  test('reads the same whatever the order and repetition it arrived in', () => {
    const anyArrival = anyTalk.chain((said) =>
      fc.tuple(fc.constant(said), fc.shuffledSubarray([...said, ...said], { minLength: 2 * said.length })),
    )
    fc.assert(fc.property(anyArrival, ([said, arrived]) => void expect(view(arrived)).toEqual(view(said))))
  })

  test('the latest words of its author count, and what it said before can be seen', () => {
    const [first] = view([
      message(1, 1),
      revise(3, aino, 1, 'later'),
      revise(2, aino, 1, 'soon'),
      revise(4, omar, 1, 'no'),
    ])
    expect(first).toMatchObject({
      text: 'later',
      earlier: [
        { text: 'message 1', at: 1 },
        { text: 'soon', at: 2 },
      ],
    })
  })

  test('who withdraws a message withdraws its other words with it', () => {
    expect(view([message(1, 1), revise(2, aino, 1, 'other'), retract(3, aino, 1)])[0]).toMatchObject({
      text: null,
      earlier: [],
    })
  })

  test('a reaction counts once for a person, however often it was given, and goes when all of them are taken back', () => {
    const twice = [message(1, 1), react(2, omar, 1), react(3, omar, 1), react(4, aino, 1, 'yes')]
    expect(view(twice)[0]?.reactions.map(({ reaction, by }) => [reaction, by.map(({ id }) => id)])).toEqual([
      ['yes', [aino]],
      ['heart', [omar]],
    ])
    const given = standingReactions(twice, omar, { message: sid(1), reaction: 'heart' })
    expect(given).toEqual([sid(2), sid(3)])
    expect(view([...twice, unreact(5, omar, 2)])[0]?.reactions).toHaveLength(2)
    expect(view([...twice, unreact(5, omar, 2, 3)])[0]?.reactions).toHaveLength(1)
    expect(view([...twice, unreact(5, aino, 2, 3)])[0]?.reactions).toHaveLength(2)
  })

  test('a reaction given again apart from its being taken back stands', () => {
    const apart = [message(1, 1), react(2, omar, 1), unreact(3, omar, 2), react(4, omar, 1)]
    expect(view(apart)[0]?.reactions).toHaveLength(1)
  })

  test('what was made of a message is told beside it', () => {
    expect(view([message(1, 1), became(2, 1, 'Soup day')])[0]?.became).toEqual([
      { made: elsewhere, action: null, listing: null, title: 'Soup day' },
    ])
  })

  test('whom it calls by name is who its present words call', () => {
    const called = [message(1, 1, { mentions: [omar] }), revise(2, aino, 1, 'you', [aino])]
    expect(view(called.slice(0, 1))[0]?.mentions.map(({ id }) => id)).toEqual([omar])
    expect(view(called)[0]?.mentions.map(({ id }) => id)).toEqual([aino])
  })
})

describe('where somebody has read to', () => {
  const otherDevice = DeviceId.fromBytes(new Uint8Array(32).fill(8))
  /** Two devices; each one's entries arrive in their order, cut off anywhere. */
  const anyReading = fc
    .tuple(anyThread, fc.infiniteStream(fc.boolean()), fc.nat(40), fc.nat(40))
    .map(([said, coin, one, other]) => {
      const all = said.map((each) => ({
        ...each,
        seq: each.seq + 1,
        by: omar,
        device: coin.next().value ? device : otherDevice,
      }))
      return { all, read: all.filter((each) => each.seq <= (each.device === device ? one : other)) }
    })

  test('nothing that was read ever moves, whatever comes later, and nothing new stands above it', () => {
    fc.assert(
      fc.property(anyReading, ({ all, read }) => {
        const now = view(all, [], readMark(read))
        expect(now.slice(0, read.length).map(({ id }) => id)).toEqual(order(read))
        expect(now.map(({ unread }) => unread)).toEqual([
          ...read.map(() => false),
          ...all.slice(read.length).map(() => true),
        ])
        expect(new Set(now.map(({ id }) => id))).toEqual(new Set(order(all)))
      }),
    )
  })

  test('what one says oneself is never new', () => {
    expect(view([message(1, 1), message(2, 2, { by: omar })], [], new Map()).map(({ unread }) => unread)).toEqual([
      false,
      true,
    ])
  })

  test('a thread that this device never showed has nothing new', () => {
    expect(view([message(1, 1, { by: omar })])[0]?.unread).toBe(false)
  })
})
