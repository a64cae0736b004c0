import {
  type ActionId,
  createBoard,
  type DeviceId,
  type DocumentId,
  type GroupId,
  homeView,
  type Instant,
  type MemberId,
  type PeopleFacts,
  type Said,
  type Statement,
  type StatementId,
} from '@auzolan/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KeptRows } from './kept-rows.ts'

const id = <Id>(letter: string, length: number): Id => letter.repeat(2 * length) as Id
const document = fc.constantFrom('a', 'b', 'c').map((letter) => id<DocumentId>(letter, 16))
const action = fc.constantFrom('1', '2').map((letter) => id<ActionId>(letter, 8))
const member = fc.constantFrom('d', 'e').map((letter) => id<MemberId>(letter, 32))

const statement: fc.Arbitrary<Statement> = fc.oneof(
  fc.record({ kind: fc.constant('start' as const), initiative: document, title: fc.string() }),
  fc.record({
    kind: fc.constant('need' as const),
    initiative: document,
    action,
    places: fc.integer({ min: 1, max: 3 }),
    replaces: fc.constant([]),
  }),
  fc.record({ kind: fc.constant('take' as const), initiative: document, action, starts: fc.constant(null) }),
  fc.record({
    kind: fc.constant('message' as const),
    thread: document,
    after: fc.constant([]),
    replyTo: fc.constant(null),
    mentions: fc.constant([]),
  }),
  fc.record({
    kind: fc.constant('close' as const),
    initiative: document,
    result: fc.constantFrom('achieved' as const, 'learned' as const),
    sentence: fc.constant(''),
    replaces: fc.constant([]),
  }),
  fc.record({ kind: fc.constant('card' as const), name: fc.string() }),
)

test('rows that are kept show what rows made anew would show, whatever is said', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(statement, member, fc.nat(50)), { maxLength: 40 }), (all) => {
      const board = createBoard()
      const rows = new KeptRows()
      for (const [at, [said, by, time]] of all.entries()) {
        const one: Said = {
          id: at.toString(16).padStart(32, '0') as StatementId,
          by,
          device: id<DeviceId>('f', 32),
          seq: at + 1,
          at: time as Instant,
          statement: said,
        }
        board.add(one)
        rows.take({ said: [one], changes: [], control: false, from: 'elsewhere', anew: false })
        const people: PeopleFacts = {
          me: id<MemberId>('d', 32),
          thisDevice: id<DeviceId>('f', 32),
          memberOf: new Map(),
          people: new Map(
            ['d', 'e'].map((letter) => {
              const of = id<MemberId>(letter, 32)
              const facts = {
                id: of,
                name: board.name(of) ?? '',
                via: null,
                since: 0 as Instant,
                left: false,
                moderator: false,
                paused: null,
                contested: false,
                cameBack: null,
              }
              return [of, { ...facts, devices: [] }]
            }),
          ),
        }
        const group = {
          id: id<GroupId>('9', 32),
          document: id<DocumentId>('8', 16),
          name: '',
          nameVersions: [],
          purpose: { text: '', heads: [] },
          continues: null,
          example: false,
        }
        const anew = homeView(board, { group, people, documents: new Map() })
        const kept = homeView(board, { group, people, documents: new Map(), rows: rows.all })
        expect(kept).toEqual(anew)
        rows.keep(kept.initiatives)
      }
    }),
  )
})
