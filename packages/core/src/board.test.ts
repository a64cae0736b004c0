import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Board, createBoard } from './board.ts'
import { ActionId, ControlId, DeviceId, DocumentId, type Instant, MemberId, StatementId } from './ids.ts'
import { claimState } from './plan.ts'
import {
  bookers,
  type CloseResult,
  closeResults,
  type Said,
  type Seen,
  sides,
  sights,
  type Statement,
} from './statement.ts'

const member = (n: number) => MemberId.fromBytes(new Uint8Array(32).fill(n))
const [aino, omar, lies] = [member(1), member(2), member(3)]
const device = DeviceId.fromBytes(new Uint8Array(32).fill(9))
const cafe = DocumentId.fromBytes(new Uint8Array(16).fill(1))
const other = DocumentId.fromBytes(new Uint8Array(16).fill(2))
const fixing = ActionId.fromBytes(new Uint8Array(8).fill(1))
const hosting = ActionId.fromBytes(new Uint8Array(8).fill(2))
const sid = (n: number) => StatementId.fromBytes(Uint8Array.of(n >> 8, n & 255, ...new Uint8Array(14)))

const said = (n: number, by: MemberId, at: number, statement: Statement): Said => ({
  id: sid(n),
  by,
  device,
  seq: n,
  at: at as Instant,
  statement,
})
const take = (n: number, by: MemberId, at: number, action = fixing) =>
  said(n, by, at, { kind: 'take', initiative: cafe, action, starts: null })
const giveBack = (n: number, by: MemberId, of: number) =>
  said(n, by, n, { kind: 'giveBack', initiative: cafe, take: sid(of) })
const done = (n: number, by: MemberId, of: number, minutes: number, at = n) =>
  said(n, by, at, { kind: 'done', initiative: cafe, take: sid(of), minutes, note: `report ${n}` })
const saw = (n: number, by: MemberId, of: number, what: Seen) =>
  said(n, by, n, { kind: 'witness', initiative: cafe, take: sid(of), saw: what })
const doing = (n: number, by: MemberId, of: number) =>
  said(n, by, n, { kind: 'doing', initiative: cafe, take: sid(of) })
const need = (n: number, places: number, replaces: readonly number[] = [], at = n) =>
  said(n, aino, at, { kind: 'need', initiative: cafe, action: fixing, places, replaces: replaces.map(sid) })

const close = (n: number, by: MemberId, result: CloseResult, replaces: readonly number[] = []) =>
  said(n, by, n, { kind: 'close', initiative: cafe, result, sentence: `said ${n}`, replaces: replaces.map(sid) })
const reopen = (n: number, by: MemberId, closings: readonly number[]) =>
  said(n, by, n, { kind: 'reopen', initiative: cafe, closings: closings.map(sid) })

const fold = (everything: readonly Said[]) => {
  const board = createBoard()
  for (const each of everything) board.add(each)
  return board
}
const atFixing = (...everything: readonly Said[]) => fold(everything).action(cafe, fixing)

const proposals = [1, 2].map((n) => ControlId.fromBytes(new Uint8Array(32).fill(n)))

/** Everything a board answers. */
const answers = (board: Board) => ({
  names: [aino, omar, lies].map((each) => board.name(each)),
  initiatives: [...board.initiatives()].sort(),
  actions: [cafe, other].map((each) => [...board.actions(each)].sort()),
  states: [cafe, other].flatMap((each) => [fixing, hosting].map((action) => board.action(each, action))),
  closings: [cafe, other].map((each) => board.closings(each)),
  heardAt: [cafe, other].map((each) => board.heardAt(each)),
  talks: [cafe, other].map((each) => board.talk(each)),
  mentions: [aino, omar, lies].map((each) => board.mentions(each)),
  origins: [cafe, other].flatMap((each) => [{}, { action: fixing }].map((what) => board.origin(each, what))),
  listings: board.listings,
  things: board.things,
  calls: board.calls,
  messages: board.messages,
  devices: [aino, omar, lies].map((who) => board.deviceName(who, device)),
  asking: [aino, omar, lies].map((who) => board.asksFirst(who, device)),
  keepers: board.sharedKeepers,
  reasons: proposals.flatMap((each) => [aino, omar, lies].map((who) => board.because(each, who))),
  unknown: board.unknown,
  lastAt: board.lastAt,
})

const anyMember = fc.constantFrom(aino, omar, lies)
const anyInitiative = fc.constantFrom(cafe, other)
const anyAction = fc.constantFrom(fixing, hosting)
const anyRef = fc.integer({ min: 0, max: 30 }).map(sid)
const anyStatement: fc.Arbitrary<Statement> = fc.oneof(
  fc.record({ kind: fc.constant('card' as const), name: fc.constantFrom('Aino', 'Omar', '') }),
  fc.record({
    kind: fc.constant('start' as const),
    initiative: anyInitiative,
    title: fc.constantFrom('Café', 'Markt'),
  }),
  fc.record({
    kind: fc.constant('need' as const),
    initiative: anyInitiative,
    action: anyAction,
    places: fc.integer({ min: 1, max: 4 }),
    replaces: fc.uniqueArray(anyRef, { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('take' as const),
    initiative: anyInitiative,
    action: anyAction,
    starts: fc.constantFrom(null, '', '2026-12-05T13:00Z'),
  }),
  fc.record({ kind: fc.constant('giveBack' as const), initiative: anyInitiative, take: anyRef }),
  fc.record({
    kind: fc.constant('done' as const),
    initiative: anyInitiative,
    take: anyRef,
    minutes: fc.nat(90),
    note: fc.constantFrom('', 'See the shelf.'),
  }),
  fc.record({ kind: fc.constant('doing' as const), initiative: anyInitiative, take: anyRef }),
  fc.record({ kind: fc.constant('notYet' as const), initiative: anyInitiative, take: anyRef }),
  fc.record({
    kind: fc.constant('witness' as const),
    initiative: anyInitiative,
    take: anyRef,
    saw: fc.constantFrom(...sights),
  }),
  fc.record({
    kind: fc.constant('close' as const),
    initiative: anyInitiative,
    result: fc.constantFrom(...closeResults),
    sentence: fc.constantFrom('', 'It went well.'),
    replaces: fc.uniqueArray(anyRef, { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('reopen' as const),
    initiative: anyInitiative,
    closings: fc.uniqueArray(anyRef, { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('message' as const),
    thread: anyInitiative,
    after: fc.constant([]),
    replyTo: fc.constant(null),
    mentions: fc.uniqueArray(anyMember, { maxLength: 2 }),
  }),
  fc.record({
    kind: fc.constant('device' as const),
    device: fc.constant(device),
    name: fc.constantFrom('Phone', 'Laptop'),
  }),
  fc.record({ kind: fc.constant('askFirst' as const), key: fc.constant(device) }),
  fc.record({
    kind: fc.constant('keeper' as const),
    peer: fc.constantFrom('one', 'two'),
    addresses: fc.constantFrom([], ['/ip4/192.0.2.1/tcp/1'], ['/dns4/a.example/tcp/2', '/ip6/::1/tcp/3']),
  }),
  fc.record({
    kind: fc.constant('because' as const),
    proposal: fc.constantFrom(...proposals),
    words: fc.constantFrom('Too loud.', ''),
  }),
  fc.record({
    kind: fc.constant('revise' as const),
    thread: anyInitiative,
    message: anyRef,
    mentions: fc.uniqueArray(anyMember, { maxLength: 2 }),
  }),
  fc.record({ kind: fc.constant('retract' as const), thread: anyInitiative, message: anyRef }),
  fc.record({
    kind: fc.constant('became' as const),
    thread: anyInitiative,
    message: anyRef,
    made: anyInitiative,
    action: fc.option(anyAction),
    listing: fc.constant(null),
    title: fc.constant(''),
  }),
  fc.record({
    kind: fc.constant('listing' as const),
    place: anyInitiative,
    side: fc.constantFrom(...sides),
    what: fc.constantFrom('Chairs', 'Soup'),
    amount: fc.integer({ min: 1, max: 5 }),
    unit: fc.constantFrom('', 'l'),
    when: fc.constant(''),
    where: fc.constantFrom('', 'Hall'),
  }),
  fc.record({
    kind: fc.constant('call' as const),
    place: anyInitiative,
    call: fc.option(anyRef),
    title: fc.constantFrom('Quiet nights', 'Quiet streets'),
    text: fc.constantFrom('We ask for 30 km/h.', 'We ask for 20 km/h.'),
    goal: fc.constantFrom(0, 3),
    until: fc.constantFrom('', '1970-01-01T00:00Z'),
    open: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('sign' as const),
    place: anyInitiative,
    call: anyRef,
    version: anyRef,
    name: fc.constantFrom('Aino', 'Omar'),
    comment: fc.constant(''),
  }),
  fc.record({
    kind: fc.constant('unsign' as const),
    place: anyInitiative,
    call: anyRef,
    signatures: fc.uniqueArray(anyRef, { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('paper' as const),
    place: anyInitiative,
    call: anyRef,
    version: anyRef,
    name: fc.constantFrom('Aino', 'Bea'),
    sheet: fc.constant(''),
  }),
  fc.record({
    kind: fc.constant('sawPaper' as const),
    place: anyInitiative,
    call: anyRef,
    papers: fc.uniqueArray(anyRef, { maxLength: 3 }),
    stands: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('thing' as const),
    place: anyInitiative,
    thing: fc.option(anyRef),
    name: fc.constantFrom('Laser', 'Van'),
    where: fc.constant(''),
    rules: fc.constant(''),
    who: fc.constantFrom(...bookers),
    people: fc.uniqueArray(anyMember, { maxLength: 2 }),
    longest: fc.constantFrom(0, 60),
    notice: fc.constantFrom(0, 60),
    shared: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('book' as const),
    place: anyInitiative,
    thing: anyRef,
    from: fc.constantFrom('1970-01-01T00:00Z', '1970-01-01T01:00Z'),
    to: fc.constantFrom('1970-01-01T01:00Z', '1970-01-01T03:00Z'),
    note: fc.constant(''),
  }),
  fc.record({
    kind: fc.constant('unbook' as const),
    place: anyInitiative,
    booking: anyRef,
    for: fc.option(anyRef),
  }),
  fc.record({
    kind: fc.constant('settle' as const),
    place: anyInitiative,
    one: anyRef,
    other: anyRef,
    stands: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('use' as const),
    place: anyInitiative,
    booking: anyRef,
    minutes: fc.nat(90),
    note: fc.constant(''),
    stands: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('promise' as const),
    place: anyInitiative,
    listing: anyRef,
    amount: fc.integer({ min: 1, max: 5 }),
    note: fc.constant(''),
  }),
  fc.record({
    kind: fc.constant('release' as const),
    place: anyInitiative,
    promises: fc.uniqueArray(anyRef, { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('handOver' as const),
    place: anyInitiative,
    promise: anyRef,
    stands: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('unlist' as const), place: anyInitiative, listing: anyRef, stands: fc.boolean() }),
)
/** At most 30 statements with ids 0–29, so that references often meet something; few claimed times, so that ties happen. */
const anyTalk = fc
  .array(fc.tuple(anyStatement, anyMember, fc.nat(5)), { maxLength: 30 })
  .map((all) => all.map(([statement, by, at], n) => said(n, by, at, statement)))

describe('the board', () => {
  test('does not care in which order or how often it hears something', () => {
    const anyHearing = anyTalk.chain((talk) =>
      fc.tuple(fc.constant(talk), fc.shuffledSubarray([...talk, ...talk], { minLength: 2 * talk.length })),
    )
    fc.assert(
      fc.property(anyHearing, ([talk, heard]) => void expect(answers(fold(heard))).toEqual(answers(fold(talk)))),
      { numRuns: 300 },
    )
  })

  test('goes on from its stored form as if it had never stopped', () => {
    fc.assert(
      fc.property(anyTalk, fc.nat(30), (talk, cut) => {
        const stored = fold(talk.slice(0, cut))
        stored.addUnknown(sid(99))
        const again = Board.fromData(JSON.parse(JSON.stringify(stored.toData())))
        if (!again.ok) throw new Error(again.error.at)
        expect(answers(again.value)).toEqual(answers(stored))
        for (const board of [stored, again.value]) for (const each of [...talk.slice(cut), ...talk]) board.add(each)
        again.value.addUnknown(sid(99))
        expect(answers(again.value)).toEqual(answers(stored))
        expect(answers(stored)).toEqual({ ...answers(fold(talk)), unknown: 1 })
      }),
    )
  })

  test('refuses a stored form that is damaged, and never throws', () => {
    const data = JSON.stringify(
      fold([
        take(1, aino, 1),
        done(2, aino, 1, 30),
        need(3, 2),
        said(4, omar, 4, { kind: 'card', name: 'Omar' }),
        close(5, aino, 'learned'),
      ]).toData(),
    )
    expect(Board.fromData(JSON.parse(data)).ok).toBe(true)
    expect(Board.fromData(JSON.parse(data.replace('"Omar"', '5')))).toEqual({
      ok: false,
      error: { type: 'not a board', at: 'cards' },
    })
    expect(Board.fromData(JSON.parse(data.replaceAll(cafe, 'cafe')))).toEqual({
      ok: false,
      error: { type: 'not a board', at: 'plans' },
    })
    expect(Board.fromData(JSON.parse(data.replace('"learned"', '"won"')))).toEqual({
      ok: false,
      error: { type: 'not a board', at: 'closings' },
    })
    expect(Board.fromData(JSON.parse(data.replace('[10,', '[9,')))).toMatchObject({ error: { at: 'version' } })
    fc.assert(fc.property(fc.anything(), (data) => void expect(Board.fromData(data).ok).toBe(false)))
    fc.assert(fc.property(fc.array(fc.anything()), (rest) => void Board.fromData([5, 0, '', ...rest])))
  })

  test('an action nobody stated a need for has one place', () => expect(atFixing().places).toBe(1))

  test('a need replaces the ones it names, whatever their clocks said', () => {
    expect(atFixing(need(1, 2, [], 900), need(2, 5, [1], 3)).places).toBe(5)
  })

  test('of two needs said apart the later is shown, and one that replaces both settles it', () => {
    const apart = [need(1, 2), need(2, 3, [1]), need(3, 4, [1])]
    expect(atFixing(...apart).places).toBe(4)
    expect(atFixing(...apart, need(4, 1, [2, 3], 0)).places).toBe(1)
  })

  test('taking twice is one place, and both takes are named', () => {
    const { claims } = atFixing(take(2, aino, 5), take(1, aino, 6))
    expect(claims).toEqual([
      {
        id: sid(2),
        at: 5,
        by: aino,
        takes: [sid(2), sid(1)],
        starts: null,
        done: null,
        note: '',
        doing: false,
        sights: [],
      },
    ])
  })

  test('too many for the place: everyone stays, and the last to say yes is asked', () => {
    const state = atFixing(need(1, 2), take(2, aino, 10), take(3, omar, 30), take(4, lies, 20))
    expect(state.claims.map((claim) => claim.by)).toEqual([aino, lies, omar])
    expect(state).toMatchObject({ places: 2, tooMany: 1, suggestion: sid(3) })
  })

  test('whoever has done the work is not asked to step back', () => {
    expect(atFixing(take(1, aino, 1), take(2, omar, 2), done(3, omar, 2, 60)).suggestion).toEqual(sid(1))
    expect(atFixing(take(1, aino, 1), take(2, omar, 2), done(3, omar, 2, 60), done(4, aino, 1, 60)).suggestion).toBe(
      null,
    )
  })

  test('a place given back is free, and can be taken again', () => {
    expect(atFixing(take(1, aino, 1), giveBack(2, aino, 1)).claims).toEqual([])
    expect(atFixing(take(1, aino, 1), giveBack(2, aino, 1), take(3, aino, 3)).claims).toMatchObject([{ id: sid(3) }])
  })

  test('nobody gives back or finishes what somebody else took', () => {
    expect(atFixing(take(1, aino, 1), giveBack(2, omar, 1), done(3, omar, 1, 60)).claims).toMatchObject([
      { by: aino, done: null },
    ])
  })

  test('work that is done was not given back, and its latest report counts', () => {
    expect(
      atFixing(take(1, aino, 1), giveBack(2, aino, 1), done(3, aino, 1, 60), done(4, aino, 1, 90, 2)).claims,
    ).toMatchObject([{ done: 60 }])
  })

  const stateOf = (...answers: readonly Said[]) => {
    const [claim] = atFixing(take(1, aino, 1), ...answers).claims
    return claim && claimState(claim)
  }

  test('what was taken is done when its person says so, and confirmed when somebody else saw it', () => {
    expect(stateOf()).toBe('taken')
    expect(stateOf(doing(2, aino, 1))).toBe('doing')
    expect(stateOf(doing(2, aino, 1), done(3, aino, 1, 30))).toBe('done')
    expect(stateOf(done(3, aino, 1, 30), saw(4, omar, 1, 'done'))).toBe('confirmed')
    expect(stateOf(saw(4, omar, 1, 'notDone'))).toBe('not done')
  })

  test('what was said to be done, or at it, is taken back by its own person, and said again later counts', () => {
    const notYet = (n: number, by: MemberId, of: number) =>
      said(n, by, n, { kind: 'notYet', initiative: cafe, take: sid(of) })
    expect(stateOf(doing(2, aino, 1), notYet(3, aino, 1))).toBe('taken')
    expect(stateOf(notYet(3, aino, 1), done(2, aino, 1, 30))).toBe('taken')
    expect(stateOf(done(2, aino, 1, 30), notYet(3, omar, 1))).toBe('done')
    expect(stateOf(done(2, aino, 1, 30), notYet(3, aino, 1), doing(4, aino, 1))).toBe('doing')
    expect(atFixing(take(1, aino, 1), done(2, aino, 1, 30), notYet(3, aino, 1), giveBack(4, aino, 1)).claims).toEqual(
      [],
    )
  })

  test('nobody is their own witness, and nobody is at what somebody else took', () => {
    expect(stateOf(done(2, aino, 1, 30), saw(3, aino, 1, 'done'))).toBe('done')
    expect(stateOf(doing(2, omar, 1))).toBe('taken')
  })

  test('people who saw different things leave it unclear, until a witness says otherwise', () => {
    const different = [done(2, aino, 1, 30), saw(3, omar, 1, 'notDone')]
    expect(stateOf(...different)).toBe('unclear')
    expect(stateOf(saw(3, omar, 1, 'notDone'), saw(4, lies, 1, 'done'))).toBe('unclear')
    expect(stateOf(...different, saw(5, omar, 1, 'done'))).toBe('confirmed')
    expect(stateOf(...different, saw(5, omar, 1, 'nothing'))).toBe('done')
  })

  test('taken on two devices apart, a report and a witness of either count for the one place', () => {
    const [claim] = atFixing(take(1, aino, 1), take(2, aino, 2), done(3, aino, 2, 45), saw(4, omar, 1, 'done')).claims
    expect(claim).toMatchObject({ id: sid(1), done: 45, note: 'report 3', sights: [{ by: omar, saw: 'done' }] })
  })

  test('an initiative started twice was started by the first', () => {
    const start = (n: number, by: MemberId, at: number) =>
      said(n, by, at, { kind: 'start', initiative: cafe, title: `by ${n}` })
    expect(fold([start(1, aino, 8), start(2, omar, 7)]).start(cafe)).toEqual({
      id: sid(2),
      at: 7,
      by: omar,
      title: 'by 2',
    })
  })

  test('the latest card names its owner', () => {
    const card = (n: number, at: number, name: string) => said(n, aino, at, { kind: 'card', name })
    expect(fold([card(1, 9, 'Aino K.'), card(2, 3, 'Aino')]).name(aino)).toBe('Aino K.')
  })

  const endsOf = (...everything: readonly Said[]) =>
    fold(everything)
      .closings(cafe)
      .map(({ result, by }) => [result, by])

  test('closed apart in two ways, both stand until somebody settles it', () => {
    const apart = [close(1, aino, 'achieved'), close(2, omar, 'learned')]
    expect(endsOf(...apart)).toEqual([
      ['achieved', aino],
      ['learned', omar],
    ])
    expect(endsOf(...apart, close(3, lies, 'learned', [1, 2]))).toEqual([['learned', lies]])
  })

  test('whoever opens it again opens what they knew of: what was closed apart from that stands', () => {
    const known = [close(1, aino, 'stopped'), reopen(2, omar, [1])]
    expect(endsOf(...known)).toEqual([])
    expect(endsOf(...known, close(3, lies, 'stopped'))).toEqual([['stopped', lies]])
    expect(endsOf(...known, close(3, lies, 'stopped'), reopen(4, aino, [3]))).toEqual([])
  })

  test('an initiative is heard of by what is said of it, said in its thread, or written in it', () => {
    const board = fold([take(1, aino, 40)])
    expect(board.heardAt(cafe)).toBe(40)
    board.add(said(2, omar, 60, { kind: 'message', thread: cafe, after: [], replyTo: null, mentions: [] }))
    expect(board.heardAt(cafe)).toBe(60)
    board.addWriting(cafe, 90 as Instant)
    board.addWriting(cafe, 80 as Instant)
    expect(board.heardAt(cafe)).toBe(90)
    expect(board.heardAt(other)).toBe(null)
  })
})

describe('being called by name', () => {
  const call = (n: number, by: MemberId, ...mentions: readonly MemberId[]) =>
    said(n, by, n, { kind: 'message', thread: cafe, after: [], replyTo: null, mentions })
  const called = (...everything: readonly Said[]) =>
    fold(everything)
      .mentions(aino)
      .map(({ message }) => message)

  test('counts once for a message, and not by oneself', () => {
    const again = said(3, omar, 3, { kind: 'revise', thread: cafe, message: sid(1), mentions: [aino] })
    expect(called(call(1, omar, aino, lies), call(2, aino, aino), again, call(4, omar, lies))).toEqual([sid(1)])
  })

  test('ends when its author withdraws the message', () => {
    const withdraw = (by: MemberId) => said(2, by, 2, { kind: 'retract', thread: cafe, message: sid(1) })
    expect(called(call(1, omar, aino), withdraw(lies))).toEqual([sid(1)])
    expect(called(withdraw(omar), call(1, omar, aino))).toEqual([])
  })
})
