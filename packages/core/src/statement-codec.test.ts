import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ActionId, ControlId, DeviceId, DocumentId, MemberId, StatementId } from './ids.ts'
import { bookers, closeResults, reactions, sides, sights, type Statement } from './statement.ts'
import { encodeStatement, hasText, parseStatement } from './statement-codec.ts'
import { checkName, checkText, checkTitle, TEXT_LIMIT } from './text.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const documentId = bytes(16).map(DocumentId.fromBytes)
const controlId = bytes(32).map(ControlId.fromBytes)
const actionId = bytes(8).map(ActionId.fromBytes)
const statementId = bytes(16).map(StatementId.fromBytes)
const people = fc.uniqueArray(bytes(32).map(MemberId.fromBytes), { maxLength: 16 })
const tidied = (least: number, most: number) =>
  fc.string({ unit: 'grapheme', maxLength: most }).map((text) => {
    const checked = checkName(text)
    return checked.ok && checked.value.length >= least ? checked.value : 'Fixing day'
  })

const anyStatement: fc.Arbitrary<Statement> = fc.oneof(
  fc.record({ kind: fc.constant('card' as const), name: tidied(0, 20) }),
  fc.record({ kind: fc.constant('start' as const), initiative: documentId, title: tidied(1, 40) }),
  fc.record({
    kind: fc.constant('need' as const),
    initiative: documentId,
    action: actionId,
    places: fc.integer({ min: 1, max: 999 }),
    replaces: fc.uniqueArray(statementId, { maxLength: 16 }),
  }),
  fc.record({
    kind: fc.constant('take' as const),
    initiative: documentId,
    action: actionId,
    starts: fc.constantFrom(null, '', '2026-12-05T13:00Z'),
  }),
  fc.record({ kind: fc.constant('giveBack' as const), initiative: documentId, take: statementId }),
  fc.record({
    kind: fc.constant('done' as const),
    initiative: documentId,
    take: statementId,
    minutes: fc.integer({ min: 0, max: 6_000 }),
    note: tidied(0, 40),
  }),
  fc.record({ kind: fc.constant('notYet' as const), initiative: documentId, take: statementId }),
  fc.record({ kind: fc.constant('doing' as const), initiative: documentId, take: statementId }),
  fc.record({
    kind: fc.constant('witness' as const),
    initiative: documentId,
    take: statementId,
    saw: fc.constantFrom(...sights),
  }),
  fc.record({
    kind: fc.constant('close' as const),
    initiative: documentId,
    result: fc.constantFrom(...closeResults),
    sentence: tidied(0, 40),
    replaces: fc.uniqueArray(statementId, { maxLength: 16 }),
  }),
  fc.record({
    kind: fc.constant('reopen' as const),
    initiative: documentId,
    closings: fc.uniqueArray(statementId, { maxLength: 16 }),
  }),
  fc.record({
    kind: fc.constant('message' as const),
    thread: documentId,
    after: fc.uniqueArray(statementId, { maxLength: 4 }),
    replyTo: fc.option(statementId),
    mentions: people,
  }),
  fc.record({ kind: fc.constant('retract' as const), thread: documentId, message: statementId }),
  fc.record({
    kind: fc.constant('device' as const),
    device: bytes(32).map(DeviceId.fromBytes),
    name: tidied(0, 20),
  }),
  fc.record({ kind: fc.constant('askFirst' as const), key: bytes(32).map(DeviceId.fromBytes) }),
  fc.record({
    kind: fc.constant('keeper' as const),
    peer: fc.stringMatching(/^[1-9A-HJ-NP-Za-km-z]{1,90}$/),
    addresses: fc.uniqueArray(fc.stringMatching(/^\/[!-~]{1,199}$/), { maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant('because' as const), proposal: controlId, words: tidied(0, 40) }),
  fc.record({ kind: fc.constant('revise' as const), thread: documentId, message: statementId, mentions: people }),
  fc.record({
    kind: fc.constant('react' as const),
    thread: documentId,
    message: statementId,
    reaction: fc.constantFrom(...reactions),
  }),
  fc.record({
    kind: fc.constant('unreact' as const),
    thread: documentId,
    reactions: fc.uniqueArray(statementId, { maxLength: 16 }),
  }),
  fc.record({
    kind: fc.constant('became' as const),
    thread: documentId,
    message: statementId,
    made: documentId,
    action: fc.option(actionId),
    listing: fc.option(statementId),
    title: tidied(0, 40),
  }),
  fc.record({
    kind: fc.constant('listing' as const),
    place: documentId,
    side: fc.constantFrom(...sides),
    what: tidied(1, 40),
    amount: fc.integer({ min: 1, max: 1_000_000 }),
    unit: tidied(0, 10),
    when: fc.constantFrom('', '2026-12-05T13:00Z'),
    where: tidied(0, 40),
  }),
  fc.record({
    kind: fc.constant('call' as const),
    place: documentId,
    call: fc.option(statementId),
    title: tidied(1, 40),
    text: tidied(1, 60),
    goal: fc.integer({ min: 0, max: 1_000_000 }),
    until: fc.constantFrom('', '2026-12-05T13:00Z'),
    open: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('sign' as const),
    place: documentId,
    call: statementId,
    version: statementId,
    name: tidied(0, 20),
    comment: tidied(0, 40),
  }),
  fc.record({
    kind: fc.constant('unsign' as const),
    place: documentId,
    call: statementId,
    signatures: fc.uniqueArray(statementId, { maxLength: 16 }),
  }),
  fc.record({
    kind: fc.constant('paper' as const),
    place: documentId,
    call: statementId,
    version: statementId,
    name: tidied(1, 20),
    sheet: tidied(0, 40),
  }),
  fc.record({
    kind: fc.constant('sawPaper' as const),
    place: documentId,
    call: statementId,
    papers: fc.uniqueArray(statementId, { maxLength: 20 }),
    stands: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('thing' as const),
    place: documentId,
    thing: fc.option(statementId),
    name: tidied(1, 40),
    where: tidied(0, 40),
    rules: tidied(0, 40),
    who: fc.constantFrom(...bookers),
    people,
    longest: fc.integer({ min: 0, max: 527_040 }),
    notice: fc.integer({ min: 0, max: 527_040 }),
    shared: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('book' as const),
    place: documentId,
    thing: statementId,
    from: fc.constant('2026-12-05T13:00Z'),
    to: fc.constant('2026-12-05T15:30Z'),
    note: tidied(0, 40),
  }),
  fc.record({
    kind: fc.constant('unbook' as const),
    place: documentId,
    booking: statementId,
    for: fc.option(statementId),
  }),
  fc.record({
    kind: fc.constant('settle' as const),
    place: documentId,
    one: statementId,
    other: statementId,
    stands: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('use' as const),
    place: documentId,
    booking: statementId,
    minutes: fc.integer({ min: 0, max: 527_040 }),
    note: tidied(0, 40),
    stands: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('promise' as const),
    place: documentId,
    listing: statementId,
    amount: fc.integer({ min: 1, max: 1_000_000 }),
    note: tidied(0, 40),
  }),
  fc.record({
    kind: fc.constant('release' as const),
    place: documentId,
    promises: fc.uniqueArray(statementId, { maxLength: 16 }),
  }),
  fc.record({ kind: fc.constant('handOver' as const), place: documentId, promise: statementId, stands: fc.boolean() }),
  fc.record({ kind: fc.constant('unlist' as const), place: documentId, listing: statementId, stands: fc.boolean() }),
)

/** What is not written where nothing follows it. */
const leftOut = (said: Statement) => (said.kind === 'message' && said.mentions.length === 0 ? [[]] : [])

const anyDecoded = fc.anything({ withTypedArray: true, withBigInt: true, maxDepth: 3 })

describe('statements as arrays', () => {
  test('what is said is what is read', () => {
    fc.assert(
      fc.property(anyStatement, (said) => {
        expect(parseStatement(encodeStatement(said), hasText(said.kind))).toEqual({ ok: true, value: said })
      }),
    )
  })

  test('the order of fields is the format', () => {
    const [initiative, action, need] = [new Uint8Array(16), new Uint8Array(8), new Uint8Array(16).fill(7)]
    expect(
      encodeStatement({
        kind: 'need',
        initiative: DocumentId.fromBytes(initiative),
        action: ActionId.fromBytes(action),
        places: 2,
        replaces: [StatementId.fromBytes(need)],
      }),
    ).toEqual(['need', initiative, action, 2, [need]])
  })

  test('fields a newer app added at the end change nothing', () => {
    fc.assert(
      fc.property(anyStatement, fc.array(anyDecoded, { maxLength: 3 }), (said, more) => {
        expect(parseStatement([...encodeStatement(said), ...leftOut(said), ...more], hasText(said.kind))).toEqual({
          ok: true,
          value: said,
        })
      }),
    )
  })

  test('what was taken before actions had a time is read as not known', () => {
    const [id, action] = [new Uint8Array(16), new Uint8Array(8)]
    expect(parseStatement(['take', id, action], false)).toMatchObject({ ok: true, value: { starts: null } })
  })

  test('what was done before there were notes is read without one', () => {
    const id = new Uint8Array(16)
    expect(parseStatement(['done', id, id, 30], false)).toMatchObject({ ok: true, value: { minutes: 30, note: '' } })
  })

  test('a message that calls nobody is written as it always was, and reads as calling nobody', () => {
    const [thread, mentions] = [DocumentId.fromBytes(new Uint8Array(16)), [MemberId.fromBytes(new Uint8Array(32))]]
    const said: Statement = { kind: 'message', thread, after: [], replyTo: null, mentions: [] }
    expect(encodeStatement(said)).toEqual(['message', new Uint8Array(16), [], null])
    expect(parseStatement(encodeStatement(said), true)).toEqual({ ok: true, value: said })
    expect(encodeStatement({ ...said, mentions })).toHaveLength(5)
  })

  test('nothing decoded makes the reader throw', () => {
    fc.assert(fc.property(anyDecoded, fc.boolean(), (value, hasText) => void parseStatement(value, hasText)))
  })

  test('a kind this app does not know is named', () => {
    expect(parseStatement(['pledge', 3], false)).toEqual({ ok: false, error: { type: 'unknown kind', kind: 'pledge' } })
    expect(parseStatement(['toString'], false)).toEqual({
      ok: false,
      error: { type: 'unknown kind', kind: 'toString' },
    })
  })

  const id16 = new Uint8Array(16)
  const many = (count: number) => Array.from({ length: count }, (_, at) => new Uint8Array(16).fill(at))
  test.each([
    ['a name of 81 characters', ['card', 'x'.repeat(81)], 'name'],
    ['a title without a letter', ['start', id16, ' \u202e '], 'title'],
    ['a title of 201 characters', ['start', id16, 'x'.repeat(201)], 'title'],
    ['no place', ['need', id16, new Uint8Array(8), 0, []], 'places'],
    ['1,000 places', ['need', id16, new Uint8Array(8), 1_000, []], 'places'],
    ['half a place', ['need', id16, new Uint8Array(8), 1.5, []], 'places'],
    ['17 needs replaced', ['need', id16, new Uint8Array(8), 1, many(17)], 'replaces'],
    ['one need replaced twice', ['need', id16, new Uint8Array(8), 1, [id16, id16]], 'replaces'],
    ['an id of 15 bytes', ['take', new Uint8Array(15), new Uint8Array(8)], 'initiative'],
    ['an id as text', ['take', '00'.repeat(16), new Uint8Array(8)], 'initiative'],
    ['6,001 minutes', ['done', id16, id16, 6_001], 'minutes'],
    ['less than no time', ['done', id16, id16, -1], 'minutes'],
    ['an end nobody knows', ['close', id16, 'won', '', []], 'result'],
    ['an end as it is called elsewhere', ['close', id16, 'handed over', '', []], 'result'],
    ['a sentence of 201 characters', ['close', id16, 'learned', 'x'.repeat(201), []], 'sentence'],
    ['17 closings answered', ['reopen', id16, many(17)], 'closings'],
    ['a note of 201 characters', ['done', id16, id16, 1, 'x'.repeat(201)], 'note'],
    ['a note that is no text', ['done', id16, id16, 1, null], 'note'],
    ['what nobody can see', ['witness', id16, id16, 'lazy'], 'saw'],
    ['a time that is none', ['take', id16, new Uint8Array(8), 'soon'], 'starts'],
    ['five messages before', ['message', id16, many(5), null], 'after'],
    ['a missing field', ['message', id16, []], 'replyTo'],
  ])('refuses %s', (_, value, field) => {
    expect(parseStatement(value, value[0] === 'message')).toMatchObject({
      ok: false,
      error: { type: 'bad field', field },
    })
  })

  test('a message comes with a text, and nothing else does', () => {
    expect(parseStatement(['message', id16, [], null], false)).toEqual({ ok: false, error: { type: 'text missing' } })
    expect(parseStatement(['card', 'Aino'], true)).toEqual({
      ok: false,
      error: { type: 'text not expected', kind: 'card' },
    })
  })
})

describe('texts', () => {
  test('a name loses what cannot be seen or would turn the line around', () => {
    expect(checkName('\u202eAïcha\u0000 Benali\n')).toEqual({ ok: true, value: 'Aïcha  Benali' })
    expect(checkName('  ')).toEqual({ ok: true, value: '' })
  })

  test('a family stays one emoji', () => expect(checkName('👩‍👩‍👧')).toEqual({ ok: true, value: '👩‍👩‍👧' }))

  test('a title needs something to read', () =>
    expect(checkTitle('\t')).toEqual({ ok: false, error: { type: 'empty' } }))

  test('a message keeps its lines', () =>
    expect(checkText('Ja!\r\n\tTot zo.\u0007')).toEqual({ ok: true, value: 'Ja!\n\tTot zo.' }))

  test('a message of 4,001 characters is too long', () => {
    expect(checkText('x'.repeat(TEXT_LIMIT)).ok).toBe(true)
    expect(checkText('x'.repeat(TEXT_LIMIT + 1))).toEqual({ ok: false, error: { type: 'too long', limit: TEXT_LIMIT } })
  })

  test('tidying twice is tidying once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const check of [checkName, checkTitle, checkText]) {
          const once = check(text)
          if (once.ok) expect(check(once.value)).toEqual(once)
        }
      }),
    )
  })
})
