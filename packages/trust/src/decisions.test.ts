import type { ControlId } from '@auzolan/core'
import { afterEach, describe, expect, test } from 'vitest'
import type { Action } from './actions.ts'
import { encodeControl, parseControl, type Control, type Vote } from './control.ts'
import type { RuleName, Rule, Settings } from './rules.ts'
import { Circle } from './testing/circle.ts'
import { digestsInOrders } from './testing/orders.ts'

let circle: Circle
const found = async (names: readonly string[], settings?: Settings): Promise<Circle> =>
  (circle = await Circle.found(names, settings))

// Whatever a test did, everybody who knows the same sees the same, in any order of delivery.
afterEach(async () => {
  expect(new Set(await digestsInOrders(circle)).size).toBe(1)
})

const three = ['Ane', 'Beñat', 'Cira']
const five = [...three, 'Dani', 'Eneko']
const rename: Action = { kind: 'rename', name: 'Tool library', purpose: '' }
const by = (rule: Rule, name: RuleName = 'rename'): Settings => ({
  rules: new Map([[name, rule]]),
  admission: { kind: 'invitation' },
  quorum: null,
})
const view = (proposal: ControlId, me?: string) => {
  const found = circle.log.proposals(me === undefined ? undefined : circle.member(me)).find(({ id }) => id === proposal)
  if (!found) throw new Error('no such proposal')
  return found
}

describe('a decision', () => {
  test('needs more than half of the voters by default, and holds once it is enacted', async () => {
    const { log, group } = await found(three)
    const proposal = await circle.propose('Ane', rename)
    await circle.vote('Ane', proposal, 'yes')
    expect(view(proposal)).toMatchObject({ phase: 'open', ready: false, tally: { yes: 1, of: 3 } })
    expect(await circle.refusal('Ane', { kind: 'enact', proposal, close: null })).toBe('not decided')
    await circle.vote('Cira', proposal, 'yes')
    expect(view(proposal)).toMatchObject({ phase: 'open', ready: true, missing: [circle.member('Beñat')] })
    const enact = await circle.enact('Beñat', proposal)
    expect(log.state()).toMatchObject({ group, name: 'Tool library' })
    expect(log.state().decided.get(proposal)).toBe(enact)
    expect(view(proposal)).toMatchObject({ phase: 'decided', enact, ready: false })
  })

  test('counts only ballots in the past of its enactment', async () => {
    await found(three)
    const proposal = await circle.propose('Ane', rename)
    const first = await circle.vote('Ane', proposal, 'yes')
    await circle.vote('Beñat', proposal, 'yes', [proposal])
    expect(await circle.refusal('Cira', { kind: 'enact', proposal, close: null }, [first])).toBe('not decided')
  })

  test('is enacted once: an old one cannot be said again to undo what came after', async () => {
    const { log } = await found(three)
    const { proposal, last } = await circle.agree(three, rename)
    const enact = await circle.enact('Ane', proposal, null, [last])
    await circle.decide(three, { kind: 'rename', name: 'Garden', purpose: '' })
    expect(await circle.refusal('Beñat', { kind: 'enact', proposal, close: null })).toBe('enacted before')
    // Enacted a second time from a moment before the first enactment, it is still the same, older decision.
    await circle.enact('Beñat', proposal, null, [last])
    expect(log.state().name).toBe('Garden')
    expect(log.state().decided.get(proposal)).toBeOneOf([enact, circle.entries.at(-1)?.id])
  })

  test('about the same thing made apart: more yes votes, and the same one on every device', async () => {
    const { log } = await found(five)
    const start = circle.heads
    await circle.decide(three, { kind: 'rename', name: 'Garden', purpose: '' }, start)
    await circle.decide(['Dani', 'Eneko', 'Cira', 'Ane'], rename, start)
    expect(log.state().name).toBe('Tool library')
    expect(log.state().decided.size).toBe(1)
  })

  test('may be made by ballots of electors alone', async () => {
    const { log } = await found(three)
    const invite = await circle.invite('Ane', 9)
    for (const name of ['Gari', 'Haizea', 'Iker']) await circle.admit('Ane', invite, name)
    const proposal = await circle.propose('Gari', rename)
    for (const name of ['Gari', 'Haizea', 'Iker', 'Ane']) await circle.vote(name, proposal, 'yes')
    expect(await circle.refusal('Gari', { kind: 'enact', proposal, close: null })).toBe('not decided')
    expect(view(proposal).tally).toEqual({ yes: 1, no: 0, abstain: 0, object: 0, spoiled: 0, of: 3 })
    await circle.vote('Beñat', proposal, 'yes')
    await circle.enact('Gari', proposal)
    expect(log.state().name).toBe('Tool library')
  })

  test('of a newcomer to vote counts from the next seal on', async () => {
    const { log } = await found(['Ane'])
    const invite = await circle.invite('Ane', 1)
    await circle.admit('Ane', invite, 'Gari')
    const members = [circle.member('Ane'), circle.member('Gari')].sort()
    const voters = await circle.decide(['Ane'], { kind: 'voters', members })
    expect([...log.state().voters].sort()).toEqual(members)
    expect([...log.state().electorate]).toEqual([circle.member('Ane')])
    await circle.decide(['Ane'], rename)
    expect(log.state().name).toBe('Tool library')
    await circle.seal(['Ane'], voters)
    expect([...log.state().electorate].sort()).toEqual(members)
    const { proposal } = await circle.agree(['Ane'], { kind: 'rename', name: 'Mine', purpose: '' })
    expect(await circle.refusal('Ane', { kind: 'enact', proposal, close: null })).toBe('not decided')
  })

  test('about what is not there is refused', async () => {
    const { group } = await found(three)
    const nobody = '00'.repeat(32) as ControlId
    const stranger = { kind: 'remove', member: nobody as string as never } as const
    expect(await circle.refusal('Ane', { kind: 'propose', action: stranger, reason: '' })).toBe('unknown member')
    const members = [nobody as string as never]
    expect(await circle.refusal('Ane', { kind: 'propose', action: { kind: 'voters', members }, reason: '' })).toBe(
      'unknown member',
    )
    const readmit = { kind: 'readmit', member: circle.member('Beñat') } as const
    expect(await circle.refusal('Ane', { kind: 'propose', action: readmit, reason: '' })).toBe('unknown member')
    expect(await circle.refusal('Ane', { kind: 'ballot', proposal: nobody, vote: 'yes' })).toBe('unknown proposal')
    const founding = group as string as ControlId
    expect(await circle.refusal('Ane', { kind: 'enact', proposal: founding, close: null })).toBe('unknown proposal')
    expect(await circle.refusal('Ane', { kind: 'ack', close: founding })).toBe('unknown close')
    const proposal = await circle.propose('Ane', rename)
    expect(await circle.refusal('Ane', { kind: 'enact', proposal, close: proposal })).toBe('unknown close')
  })
})

describe('ballots', () => {
  test('of one member: the newest counts', async () => {
    await found(three)
    const proposal = await circle.propose('Ane', rename)
    await circle.vote('Ane', proposal, 'yes')
    await circle.vote('Ane', proposal, 'no')
    expect(view(proposal, 'Ane')).toMatchObject({ tally: { yes: 0, no: 1 }, mine: 'no' })
  })

  test('that differ and do not know of each other count for nothing, until a later one covers both', async () => {
    await found(three)
    await circle.addDevice('Ane', 'Ane’s phone')
    const proposal = await circle.propose('Ane', rename)
    await circle.vote('Ane', proposal, 'yes', [proposal])
    await circle.vote('Ane’s phone', proposal, 'no', [proposal])
    await circle.vote('Beñat', proposal, 'yes')
    expect(view(proposal, 'Ane')).toMatchObject({ tally: { yes: 1, no: 0, spoiled: 1 }, mine: 'spoiled', ready: false })
    expect(await circle.refusal('Cira', { kind: 'enact', proposal, close: null })).toBe('not decided')
    await circle.vote('Ane’s phone', proposal, 'yes')
    expect(view(proposal, 'Ane')).toMatchObject({ tally: { yes: 2, spoiled: 0 }, mine: 'yes', ready: true })
  })

  test('that say the same apart count once', async () => {
    await found(three)
    await circle.addDevice('Ane', 'Ane’s phone')
    const proposal = await circle.propose('Ane', rename)
    await circle.vote('Ane', proposal, 'yes', [proposal])
    await circle.vote('Ane’s phone', proposal, 'yes', [proposal])
    expect(view(proposal, 'Ane').tally).toMatchObject({ yes: 1, spoiled: 0 })
  })
})

describe('rules', () => {
  const weak: readonly Rule[] = [
    { kind: 'threshold', num: 1, den: 3 },
    { kind: 'majority', num: 1, den: 2 },
    { kind: 'consent', num: 1, den: 2, objections: 0 },
    { kind: 'advice', least: 3, from: null },
    { kind: 'sortition', size: 3, inner: { kind: 'unanimous' } },
  ]
  const critical = ['remove', 'readmit', 'voters', 'role', 'rule', 'rebind'] as const

  test.each(critical)('below one half are refused for %s, at the founding and at every change', async (name) => {
    await found(three)
    for (const rule of weak) {
      await expect(Circle.found(['Ane'], by(rule, name))).rejects.toThrow('weak rule')
      const action: Action = { kind: 'rule', name, rule }
      expect(await circle.refusal('Ane', { kind: 'propose', action, reason: '' })).toBe('weak rule')
    }
    await circle.propose('Ane', { kind: 'rule', name, rule: { kind: 'threshold', num: 1, den: 2 } })
  })

  test('let a quorum of less than half seal neither at the founding nor by decision', async () => {
    await found(three)
    const quorum = { num: 1, den: 3 }
    const settings = { rules: new Map(), admission: { kind: 'invitation' }, quorum } as const
    await expect(Circle.found(['Ane'], settings)).rejects.toThrow('weak rule')
    expect(await circle.refusal('Ane', { kind: 'propose', action: { kind: 'quorum', quorum }, reason: '' })).toBe(
      'weak rule',
    )
  })

  test('say how many: unanimous', async () => {
    await found(three, by({ kind: 'unanimous' }))
    const proposal = await circle.propose('Ane', rename)
    for (const name of ['Ane', 'Beñat']) await circle.vote(name, proposal, 'yes')
    expect(view(proposal).ready).toBe(false)
    await circle.vote('Cira', proposal, 'yes')
    expect(view(proposal).ready).toBe(true)
  })

  test('of advice leave the decision to the proposer, after enough answers of others', async () => {
    await found(three, by({ kind: 'advice', least: 2, from: null }))
    const proposal = await circle.propose('Ane', rename)
    await circle.vote('Ane', proposal, 'yes')
    await circle.vote('Beñat', proposal, 'no')
    expect(await circle.refusal('Ane', { kind: 'enact', proposal, close: null })).toBe('not decided')
    await circle.vote('Cira', proposal, 'no')
    expect(await circle.refusal('Beñat', { kind: 'enact', proposal, close: null })).toBe('not decided')
    await circle.enact('Ane', proposal)
  })

  test('of advice may ask holders of a role alone', async () => {
    await found(three, by({ kind: 'advice', least: 1, from: 'moderator' }))
    const proposal = await circle.propose('Ane', rename)
    await circle.vote('Beñat', proposal, 'yes')
    expect(await circle.refusal('Ane', { kind: 'enact', proposal, close: null })).toBe('not decided')
    await circle.decide(three, { kind: 'role', member: circle.member('Beñat'), role: 'moderator', on: true })
    await circle.enact('Ane', proposal)
  })

  test('in force where it was proposed and where it is enacted must both be satisfied', async () => {
    const { log } = await found(five)
    const proposal = await circle.propose('Ane', rename)
    const start = circle.heads
    await circle.decide(five, { kind: 'rule', name: 'rename', rule: { kind: 'unanimous' } })
    for (const name of three) await circle.vote(name, proposal, 'yes')
    expect(view(proposal).rule).toEqual({ kind: 'unanimous' })
    expect(await circle.refusal('Ane', { kind: 'enact', proposal, close: null })).toBe('not decided')
    // Nor does it help to propose under the strict rule what is enacted under a mild one.
    const strict = await circle.propose('Ane', rename)
    await circle.decide(five, { kind: 'rule', name: 'rename', rule: { kind: 'threshold', num: 1, den: 2 } })
    for (const name of three) await circle.vote(name, strict, 'yes')
    expect(await circle.refusal('Ane', { kind: 'enact', proposal: strict, close: null })).toBe('not decided')
    expect(log.state().name).toBe('Repair café')
    expect(start.length).toBe(1)
  })

  test('changed apart must be satisfied too, so that an old mild rule is of no use to who names an old moment', async () => {
    const { log } = await found(five)
    const proposal = await circle.propose('Ane', rename)
    let last = proposal
    for (const name of three) last = await circle.vote(name, proposal, 'yes', [last])
    const rule = await circle.decide(five, { kind: 'rule', name: 'rename', rule: { kind: 'unanimous' } }, [proposal])
    const enact = await circle.enact('Ane', proposal, null, [last])
    expect(log.state().name).toBe('Repair café')
    expect(log.why(enact)).toEqual({ is: 'voided', reason: { type: 'rule changed', by: rule } })
    expect(view(proposal).phase).toBe('voided')
    // With the ballots that were missing it can be enacted after all.
    for (const name of ['Dani', 'Eneko']) await circle.vote(name, proposal, 'yes')
    await circle.enact('Ane', proposal)
    expect(log.state().name).toBe('Tool library')
  })

  test('changed apart for something else do not matter', async () => {
    const { log } = await found(five)
    const start = circle.heads
    await circle.decide(three, rename, start)
    await circle.decide(five, { kind: 'rule', name: 'text', rule: { kind: 'unanimous' } }, start)
    expect(log.state().name).toBe('Tool library')
    expect(log.state().rules.get('text')).toEqual({ kind: 'unanimous' })
  })
})

describe('a close', () => {
  const majority: Rule = { kind: 'majority', num: 1, den: 2 }
  const opened = async (rule: Rule, votes: readonly (readonly [string, Vote])[]): Promise<ControlId> => {
    await found(five, by(rule))
    const proposal = await circle.propose('Ane', rename)
    for (const [name, vote] of votes) await circle.vote(name, proposal, vote)
    return proposal
  }
  const close = (proposal: ControlId, past?: readonly ControlId[]) =>
    circle.say('Ane', { kind: 'close', proposal }, past ?? circle.heads)
  const ack = (name: string, of: ControlId, past?: readonly ControlId[]) =>
    circle.say(name, { kind: 'ack', close: of }, past ?? circle.heads)

  test('that more than half acknowledge fixes which ballots count', async () => {
    const proposal = await opened(majority, [
      ['Ane', 'yes'],
      ['Beñat', 'yes'],
      ['Cira', 'no'],
    ])
    expect(await circle.refusal('Ane', { kind: 'enact', proposal, close: null })).toBe('not decided')
    const before = circle.heads
    const end = await close(proposal)
    const late = await circle.vote('Dani', proposal, 'no', before)
    await circle.vote('Eneko', proposal, 'no')
    await ack('Ane', end)
    await ack('Beñat', end)
    expect(view(proposal)).toMatchObject({ phase: 'closing', ready: false, close: end })
    expect(await circle.refusal('Ane', { kind: 'enact', proposal, close: end })).toBe('not decided')
    await ack('Cira', end)
    expect(view(proposal)).toMatchObject({ phase: 'closing', ready: true, tally: { yes: 2, no: 1 } })
    await circle.enact('Dani', proposal, end)
    const decided = view(proposal)
    expect(decided).toMatchObject({ phase: 'decided', tally: { yes: 2, no: 1 } })
    expect(decided.late).toContain(late)
    expect(decided.late.length).toBe(2)
  })

  test('counts for neither where somebody acknowledges two', async () => {
    const proposal = await opened(majority, [
      ['Ane', 'yes'],
      ['Beñat', 'yes'],
      ['Cira', 'yes'],
    ])
    const [early, later] = [await close(proposal), await close(proposal)]
    for (const name of three) await ack(name, early)
    await ack('Cira', later)
    expect(await circle.refusal('Ane', { kind: 'enact', proposal, close: early })).toBe('not decided')
    expect(await circle.refusal('Ane', { kind: 'enact', proposal, close: later })).toBe('not decided')
    await ack('Dani', early)
    await circle.enact('Ane', proposal, early)
  })

  test('that nobody can win any more ends the count, and asking again is another one', async () => {
    const four = three.concat('Dani')
    const { log } = await found(four, by(majority))
    const proposal = await circle.propose('Ane', rename)
    const [one, other] = [
      await close(proposal, [proposal]),
      await circle.say('Cira', { kind: 'close', proposal }, [proposal]),
    ]
    // Each had met one of the others alone, and never more than that one.
    for (const [name, end] of [
      ['Beñat', one],
      ['Dani', other],
      ['Ane', other],
    ] as const)
      await ack(name, end, [end])
    expect(view(proposal)).toMatchObject({ phase: 'closing', split: false, close: other })
    await ack('Cira', one, [one, other].sort())
    expect(view(proposal)).toMatchObject({ phase: 'refused', split: true, ready: false })
    for (const end of [one, other])
      expect(await circle.refusal('Dani', { kind: 'enact', proposal, close: end })).toBe('not decided')
    const again = await circle.propose('Beñat', rename)
    for (const name of four) await circle.vote(name, again, 'yes')
    const end = await close(again)
    for (const name of three) await ack(name, end)
    await circle.enact('Ane', again, end)
    expect(log.state().name).toBe('Tool library')
    expect(view(proposal).phase).toBe('refused')
  })

  test('that can still win is waited for, and not where those who could say so have left', async () => {
    const proposal = await opened(majority, [['Ane', 'yes']])
    const end = await close(proposal)
    for (const name of ['Ane', 'Beñat']) await ack(name, end)
    const start = circle.heads
    expect(view(proposal)).toMatchObject({ phase: 'closing', split: false })
    for (const name of ['Cira', 'Dani', 'Eneko']) await circle.say(name, { kind: 'leave' }, start)
    expect(view(proposal)).toMatchObject({ phase: 'refused', split: true })
  })

  test('is not acknowledged by who was removed, unless before', async () => {
    const proposal = await opened(majority, [
      ['Ane', 'yes'],
      ['Beñat', 'yes'],
      ['Cira', 'yes'],
    ])
    const end = await close(proposal)
    await ack('Eneko', end, [end])
    const start = circle.heads
    for (const name of ['Dani', 'Eneko'])
      await circle.decide(three, { kind: 'remove', member: circle.member(name) }, start)
    await ack('Dani', end, [end])
    await ack('Ane', end)
    expect(await circle.refusal('Ane', { kind: 'enact', proposal, close: end })).toBe('not decided')
    await ack('Beñat', end)
    await circle.enact('Ane', proposal, end)
  })

  test('that no rule asks for stands in the way of nothing', async () => {
    await found(three)
    const proposal = await circle.propose('Ane', rename)
    for (const name of ['Ane', 'Beñat']) await circle.vote(name, proposal, 'yes')
    await close(proposal)
    expect(view(proposal)).toMatchObject({ phase: 'open', ready: true, close: null, closes: [] })
    await circle.enact('Ane', proposal)
    expect(view(proposal).phase).toBe('decided')
  })

  test('is shown with who witnessed it and what it leaves out, the one that most agree on first', async () => {
    const proposal = await opened(majority, [['Ane', 'yes']])
    const early = await close(proposal)
    await circle.vote('Beñat', proposal, 'no')
    const later = await close(proposal)
    const shown = () => view(proposal).closes.map(({ id, witnesses, without }) => [id, witnesses.length, without])
    expect(shown()).toEqual([
      [later, 0, 0],
      [early, 0, 1],
    ])
    await ack('Cira', early)
    expect(shown()[0]).toEqual([early, 1, 1])
    expect(view(proposal).closes[1]?.said).toEqual([circle.member('Cira')])
  })

  test('by people without a vote is not acknowledged', async () => {
    const proposal = await opened(majority, [['Ane', 'yes']])
    const invite = await circle.invite('Ane', 1)
    await circle.admit('Ane', invite, 'Gari')
    const end = await close(proposal)
    expect(await circle.refusal('Gari', { kind: 'ack', close: end })).toBe('not a voter')
  })

  test.each<readonly [string, Rule, readonly (readonly [string, Vote])[], 'refused' | 'closing']>([
    [
      'too few took part',
      majority,
      [
        ['Ane', 'yes'],
        ['Beñat', 'yes'],
      ],
      'refused',
    ],
    [
      'no more yes than no',
      majority,
      [
        ['Ane', 'yes'],
        ['Beñat', 'no'],
        ['Cira', 'abstain'],
      ],
      'refused',
    ],
    [
      'an objection weighs like no',
      majority,
      [
        ['Ane', 'yes'],
        ['Beñat', 'object'],
        ['Cira', 'abstain'],
      ],
      'refused',
    ],
    [
      'abstaining is taking part',
      majority,
      [
        ['Ane', 'yes'],
        ['Beñat', 'abstain'],
        ['Cira', 'abstain'],
      ],
      'closing',
    ],
    [
      'somebody objects',
      { kind: 'consent', num: 1, den: 2, objections: 0 },
      [
        ['Ane', 'yes'],
        ['Beñat', 'yes'],
        ['Cira', 'object'],
      ],
      'refused',
    ],
    [
      'no more object than may',
      { kind: 'consent', num: 1, den: 2, objections: 1 },
      [
        ['Ane', 'yes'],
        ['Beñat', 'no'],
        ['Cira', 'object'],
      ],
      'closing',
    ],
  ])('ends it: %s', async (_, rule, votes, phase) => {
    const proposal = await opened(rule, votes)
    const end = await close(proposal)
    for (const name of three) await ack(name, end)
    expect(view(proposal)).toMatchObject({ phase, ready: phase === 'closing' })
  })

  test('of another proposal is of no use', async () => {
    const proposal = await opened(majority, [
      ['Ane', 'yes'],
      ['Beñat', 'yes'],
      ['Cira', 'yes'],
    ])
    const other = await circle.propose('Ane', rename)
    const end = await close(other)
    for (const name of three) await ack(name, end)
    expect(await circle.refusal('Ane', { kind: 'enact', proposal, close: end })).toBe('unknown close')
  })
})

describe('what a group can decide', () => {
  test('is kept where it can be read: texts agreed on and forks noted', async () => {
    const { log, group } = await found(['Ane'])
    const document = 'aa'.repeat(16) as never
    const heads = ['bb'.repeat(32) as never]
    await circle.decide(['Ane'], { kind: 'text', document, heads })
    await circle.decide(['Ane'], { kind: 'forkNotice', fork: group })
    expect(log.state().texts.get(document)).toEqual(heads)
    expect(log.state().forks).toEqual([group])
  })

  test('is read as it was written, and nothing unknown is guessed', async () => {
    await found(['Ane'])
    const member = circle.member('Ane')
    const id = '11'.repeat(32) as ControlId
    const { device, box } = circle.who('Ane').keys
    const rules: readonly Rule[] = [
      { kind: 'threshold', num: 2, den: 3 },
      { kind: 'unanimous' },
      { kind: 'majority', num: 1, den: 4 },
      { kind: 'consent', num: 1, den: 4, objections: 2 },
      { kind: 'advice', least: 3, from: 'moderator' },
      { kind: 'advice', least: 3, from: null },
      { kind: 'sortition', size: 5, inner: { kind: 'majority', num: 1, den: 2 } },
    ]
    const actions: readonly Action[] = [
      { kind: 'remove', member },
      { kind: 'readmit', member },
      { kind: 'admit', member },
      { kind: 'voters', members: [member] },
      { kind: 'role', member, role: 'moderator', on: false },
      ...rules.map((rule) => ({ kind: 'rule', name: 'text', rule }) as const),
      { kind: 'admission', admission: { kind: 'sponsors', count: 2 } },
      { kind: 'admission', admission: { kind: 'decision' } },
      { kind: 'quorum', quorum: { num: 2, den: 3 } },
      rename,
      { kind: 'rebind', member, device, box, proof: new Uint8Array(64) },
      { kind: 'forkNotice', fork: circle.group },
      { kind: 'text', document: 'aa'.repeat(16) as never, heads: ['bb'.repeat(32) as never] },
    ]
    const controls: readonly Control[] = [
      ...actions.map((action) => ({ kind: 'propose', action, reason: 'so that' }) as const),
      { kind: 'ballot', proposal: id, vote: 'object' },
      { kind: 'close', proposal: id },
      { kind: 'ack', close: id },
      { kind: 'enact', proposal: id, close: null },
      { kind: 'enact', proposal: id, close: id },
      { kind: 'seal', at: id },
      { kind: 'sponsor', member },
      { kind: 'suspend', member, reason: '' },
      { kind: 'unsuspend', member },
      { kind: 'confirm', member },
    ]
    for (const control of controls) expect(parseControl(encodeControl(control))).toEqual({ ok: true, value: control })
    const newer = encodeControl({ kind: 'ballot', proposal: id, vote: 'maybe' as Vote })
    expect(parseControl(newer)).toEqual({ ok: false, error: { type: 'newer', kind: 'vote maybe' } })
    const unknown = encodeControl({
      kind: 'propose',
      action: { kind: 'role', member, role: 'king' as never, on: true },
      reason: '',
    })
    expect(parseControl(unknown)).toEqual({ ok: false, error: { type: 'newer', kind: 'role king' } })
    const whole: Rule = { kind: 'threshold', num: 2, den: 2 }
    const impossible = encodeControl({
      kind: 'propose',
      action: { kind: 'rule', name: 'text', rule: whole },
      reason: '',
    })
    expect(parseControl(impossible)).toMatchObject({ ok: false, error: { type: 'malformed' } })
  })
})
