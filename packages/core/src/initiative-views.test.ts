import { describe, expect, test } from 'vitest'
import { type Board, createBoard } from './board.ts'
import type { DocumentState, InitiativeDoc } from './documents.ts'
import { type GroupFacts, initiativeFacts, type MemberFacts, type PeopleFacts } from './facts.ts'
import {
  ActionId,
  ChangeHash,
  ControlId,
  DeviceId,
  DocumentId,
  GroupId,
  type Instant,
  MemberId,
  StatementId,
} from './ids.ts'
import { homeView, initiativeRow, initiativeView } from './initiative-views.ts'
import { peopleView } from './people-view.ts'
import type { CloseResult, Statement } from './statement.ts'

const filled = (length: number, n: number) => new Uint8Array(length).fill(n)
const [aino, omar] = [MemberId.fromBytes(filled(32, 1)), MemberId.fromBytes(filled(32, 2))]
const [phone, laptop, stray] = [8, 9, 7].map((n) => DeviceId.fromBytes(filled(32, n))) as [DeviceId, DeviceId, DeviceId]
const cafe = DocumentId.fromBytes(filled(16, 1))
const market = DocumentId.fromBytes(filled(16, 2))
const fixing = ActionId.fromBytes(filled(8, 1))
const hosting = ActionId.fromBytes(filled(8, 2))
const heads = [ChangeHash.fromBytes(filled(32, 5))]

const member = (id: MemberId, name: string, via: MemberId | null, since: number, device: DeviceId): MemberFacts => ({
  id,
  name,
  via,
  since: since as Instant,
  left: false,
  moderator: false,
  paused: null,
  contested: false,
  cameBack: null,
  devices: [{ id: device, frozen: false }],
})
const people: PeopleFacts = {
  me: omar,
  thisDevice: laptop,
  people: new Map([
    [omar, member(omar, '', aino, 5, laptop)],
    [aino, member(aino, 'Aino', null, 1, phone)],
  ]),
  memberOf: new Map([
    [phone, aino],
    [laptop, omar],
  ]),
}
const [personAino, personOmar] = [
  { id: aino, name: 'Aino', me: false },
  { id: omar, name: 'Someone', me: true },
]
const group: GroupFacts = {
  id: GroupId.fromBytes(filled(32, 3)),
  document: DocumentId.fromBytes(filled(16, 9)),
  name: 'Marolles',
  nameVersions: [],
  purpose: { text: 'We repair.', heads },
  continues: null,
  example: false,
}

const boardOf = (...all: readonly (readonly [MemberId, Statement])[]): Board => {
  const board = createBoard()
  for (const [n, [by, statement]] of all.entries()) {
    board.add({ id: StatementId.fromBytes(filled(16, n)), by, device: phone, seq: n + 1, at: n as Instant, statement })
  }
  return board
}
const id = (n: number) => StatementId.fromBytes(filled(16, n))
const start = (initiative = cafe): readonly [MemberId, Statement] => [
  aino,
  { kind: 'start', initiative, title: 'Repair café' },
]
const need = (action: ActionId, places: number): readonly [MemberId, Statement] => [
  aino,
  { kind: 'need', initiative: cafe, action, places, replaces: [] },
]
const take = (by: MemberId, action: ActionId, starts: string | null = null): readonly [MemberId, Statement] => [
  by,
  { kind: 'take', initiative: cafe, action, starts },
]
const done = (by: MemberId, of: number): readonly [MemberId, Statement] => [
  by,
  { kind: 'done', initiative: cafe, take: id(of), minutes: 30, note: 'On the shelf.' },
]
const say = (thread: DocumentId): readonly [MemberId, Statement] => [
  omar,
  { kind: 'message', thread, after: [], replyTo: null, mentions: [] },
]

const unsaid = { where: '', skills: '', starts: '', ends: '' }
const document: DocumentState<InitiativeDoc> = {
  id: cafe,
  kind: 'initiative',
  heads,
  value: {
    title: 'Café on Sunday',
    why: 'Too much is thrown away.',
    when: 'Sun',
    where: 'Cellar',
    plan: 'Bring lamps.',
    needs: 'Two lamps',
    hypothesis: 'Half of it can be mended.',
    measure: 'We count.',
    checkOn: '2026-12-01',
    starts: '',
    ends: '',
    actions: {
      [hosting]: { title: 'Host', details: '', when: '', order: 'A', ...unsaid },
      [fixing]: { title: 'Fix', details: 'Irons', when: '14:00', order: 'B', ...unsaid, starts: '2026-12-05T13:00Z' },
    },
  },
  versions: {
    title: [
      { value: 'Café on Sunday', device: laptop, at: 7 as Instant },
      { value: 'Café on Saturday', device: stray, at: 6 as Instant },
    ],
  },
}

describe('an initiative', () => {
  test('is not shown before its start arrived', () => {
    expect(initiativeView(boardOf(take(omar, fixing)), document, people)).toBe(undefined)
    expect(initiativeRow(boardOf(), cafe, undefined, people)).toBe(undefined)
  })

  test('two values: the field shows one and names both, with who wrote them', () => {
    const view = initiativeView(boardOf(start()), document, people)
    expect(view?.title).toEqual({
      value: 'Café on Sunday',
      versions: [
        { value: 'Café on Sunday', by: personOmar, at: 7 },
        { value: 'Café on Saturday', by: { id: MemberId.fromBytes(filled(32, 7)), name: 'Someone', me: false }, at: 6 },
      ],
    })
    expect(view?.where).toEqual({ value: 'Cellar', versions: [] })
  })

  test('shows its actions in their order with who takes them', () => {
    const view = initiativeView(boardOf(start(), need(fixing, 2), take(omar, fixing), done(omar, 2)), document, people)
    expect(view?.actions.map(({ id, places, tooMany }) => ({ id, places, tooMany }))).toEqual([
      { id: hosting, places: 1, tooMany: 0 },
      { id: fixing, places: 2, tooMany: 0 },
    ])
    expect(view?.actions[1]?.takes).toEqual([
      {
        id: id(2),
        by: personOmar,
        at: 2,
        done: 30,
        note: 'On the shelf.',
        doing: false,
        timeChanged: false,
        sights: [],
      },
    ])
  })

  test('whoever said yes to another time is asked again, until they say yes to this one or have done it', () => {
    const asked = (...said: readonly (readonly [MemberId, Statement])[]) =>
      initiativeView(boardOf(start(), ...said), document, people)?.actions[1]?.takes.map(
        ({ timeChanged }) => timeChanged,
      )
    const [before, now] = ['2026-12-04T13:00Z', '2026-12-05T13:00Z']
    expect(asked(take(omar, fixing, before))).toEqual([true])
    expect(asked(take(omar, fixing, ''))).toEqual([true])
    expect(asked(take(omar, fixing, now))).toEqual([false])
    expect(asked(take(omar, fixing, null))).toEqual([false])
    expect(asked(take(omar, fixing, before), take(omar, fixing, now))).toEqual([false])
    expect(asked(take(omar, fixing, now), take(omar, fixing, before))).toEqual([true])
    expect(asked(take(omar, fixing, before), done(omar, 1))).toEqual([false])
  })

  test('too many for the place: the chip counts them and one is asked', () => {
    const board = boardOf(start(), take(aino, fixing), take(omar, fixing))
    expect(initiativeView(board, document, people)?.actions[1]).toMatchObject({
      places: 1,
      tooMany: 1,
      suggestion: id(2),
    })
    expect(initiativeRow(board, cafe, initiativeFacts(document), people)).toMatchObject({
      places: 2,
      taken: 1,
      tooMany: 1,
    })
  })

  test.each([
    ['idea', []],
    ['gathering', [take(omar, fixing)]],
    ['gathering', [take(omar, fixing), done(omar, 1)]],
    ['going', [take(omar, fixing), take(aino, hosting)]],
    ['going', [take(omar, fixing), take(aino, hosting), done(omar, 1)]],
    ['done', [take(omar, fixing), take(aino, hosting), done(omar, 1), done(aino, 2)]],
    ['done', [take(omar, fixing), take(aino, hosting), done(omar, 1), done(aino, 2), need(fixing, 3)]],
  ] as const)('is %s after these words', (progress, said) => {
    const board = boardOf(start(), ...said)
    expect(initiativeView(board, document, people)?.life.progress).toBe(progress)
    expect(initiativeRow(board, cafe, initiativeFacts(document), people)?.life.progress).toBe(progress)
  })
})

test('closed in two ways: both are shown with who said so, and the list says that there is something to settle', () => {
  const close = (by: MemberId, result: CloseResult): readonly [MemberId, Statement] => [
    by,
    { kind: 'close', initiative: cafe, result, sentence: 'It is over.', replaces: [] },
  ]
  const apart = boardOf(start(), close(aino, 'learned'), close(omar, 'achieved'))
  expect(initiativeView(apart, document, people)).toMatchObject({
    life: { results: ['achieved', 'learned'] },
    closings: [
      { id: id(1), by: personAino, at: 1, result: 'learned', sentence: 'It is over.' },
      { id: id(2), by: personOmar, at: 2, result: 'achieved', sentence: 'It is over.' },
    ],
  })
  expect(initiativeRow(apart, cafe, initiativeFacts(document), people)?.unsettled).toBe(2)
  const alike = boardOf(start(), close(aino, 'learned'), close(omar, 'learned'))
  expect(initiativeRow(alike, cafe, initiativeFacts(document), people)).toMatchObject({
    unsettled: 1,
    life: { results: ['learned'] },
  })
})

describe('the home screen', () => {
  test('opens from rows, the newest first, also before a document arrived', () => {
    const board = boardOf(start(), need(fixing, 2), take(omar, fixing), start(market), say(cafe), say(group.document))
    const home = homeView(board, { group, people, documents: new Map([[cafe, initiativeFacts(document)]]) })
    expect(home).toMatchObject({
      name: { value: 'Marolles', versions: [] },
      me: personOmar,
      members: 2,
      messages: 2,
      unknown: 0,
    })
    expect(home.initiatives).toEqual([
      {
        id: market,
        title: 'Repair café',
        life: { progress: 'idea', heardAt: 3, checkOn: null, results: [] },
        startedBy: personAino,
        startedAt: 3,
        when: '',
        where: '',
        actions: 0,
        places: 0,
        taken: 0,
        tooMany: 0,
        messages: 0,
        unsettled: 0,
      },
      {
        id: cafe,
        title: 'Café on Sunday',
        life: { progress: 'gathering', heardAt: 4, checkOn: '2026-12-01', results: [] },
        startedBy: personAino,
        startedAt: 0,
        when: 'Sun',
        where: 'Cellar',
        actions: 2,
        places: 3,
        taken: 1,
        tooMany: 0,
        messages: 1,
        unsettled: 1,
      },
    ])
  })
})

test('people are shown as they came, with who invited them and this device marked', () => {
  const invitation = {
    id: ControlId.fromBytes(filled(32, 4)),
    by: aino,
    note: 'for the street',
    uses: 5,
    used: [omar],
    expires: null,
    cancelled: false,
    link: null,
    asksFirst: false,
  }
  const view = peopleView(people, [invitation])
  expect(view.people).toEqual([
    {
      ...personAino,
      via: 'founder',
      since: 1,
      left: false,
      moderator: false,
      paused: null,
      contested: false,
      cameBack: null,
      devices: [{ id: phone, frozen: false, current: false }],
    },
    {
      ...personOmar,
      via: personAino,
      since: 5,
      left: false,
      moderator: false,
      paused: null,
      contested: false,
      cameBack: null,
      devices: [{ id: laptop, frozen: false, current: true }],
    },
  ])
  expect(view.invitations).toEqual([{ ...invitation, by: personAino, used: [personOmar] }])
})
