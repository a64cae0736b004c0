import type { ControlId } from '@auzolan/core'
import { afterEach, describe, expect, test } from 'vitest'
import type { Control } from './control.ts'
import type { Rule } from './rules.ts'
import { lotDigest } from './sortition.ts'
import { Circle } from './testing/circle.ts'
import { digestsInOrders } from './testing/orders.ts'

let circle: Circle
const five = ['Ane', 'Beñat', 'Cira', 'Dani', 'Eneko']
const three = ['Ane', 'Beñat', 'Cira']
const secretOf = (name: string): Uint8Array => new Uint8Array(16).fill(name.length + name.charCodeAt(0))

// Whatever a test did, everybody who knows the same sees the same, in any order of delivery.
afterEach(async () => {
  expect(new Set(await digestsInOrders(circle)).size).toBe(1)
})

const proposed = async (inner: Rule = { kind: 'threshold', num: 1, den: 2 }): Promise<ControlId> => {
  circle = await Circle.found(five, {
    rules: new Map([['rename', { kind: 'sortition', size: 2, inner }]]),
    admission: { kind: 'invitation' },
    quorum: null,
  })
  return circle.propose('Ane', { kind: 'rename', name: 'Garden', purpose: '' })
}
const commit = (proposal: ControlId, name: string): Control => ({
  kind: 'commit',
  proposal,
  digest: lotDigest(proposal, circle.member(name), secretOf(name)),
})
const reveal = (proposal: ControlId, name: string): Control => ({ kind: 'reveal', proposal, secret: secretOf(name) })
const everybody = async (names: readonly string[], say: (name: string) => Control): Promise<ControlId> => {
  let last: ControlId | undefined
  for (const name of names) last = await circle.say(name, say(name))
  return last as ControlId
}
const panelOf = (): readonly string[] | undefined => circle.log.proposals()[0]?.panel?.map((id) => circle.nameOf(id))

const drawn = async (committing: readonly string[], revealing: readonly string[]): Promise<ControlId> => {
  const proposal = await proposed()
  await circle.seal(three, await everybody(committing, (name) => commit(proposal, name)))
  await circle.seal(three, await everybody(revealing, (name) => reveal(proposal, name)))
  return proposal
}

describe('a panel', () => {
  test('is drawn by what more than half committed to before one seal and revealed before another', async () => {
    const proposal = await proposed()
    const last = await everybody(three, (name) => commit(proposal, name))
    expect(await circle.refusal('Ane', reveal(proposal, 'Ane'))).toBe('too early')
    await circle.seal(three, last)
    expect(await circle.refusal('Dani', reveal(proposal, 'Dani'))).toBe('not committed')
    expect(await circle.refusal('Ane', reveal(proposal, 'Beñat'))).toBe('not committed')
    const shown = await everybody(three, (name) => reveal(proposal, name))
    expect(panelOf()).toBeUndefined()
    await circle.seal(three, shown)
    const panel = panelOf() ?? []
    expect(panel.length).toBe(2)
    const [first, second] = panel as [string, string]
    for (const name of five.filter((one) => !panel.includes(one))) await circle.vote(name, proposal, 'yes')
    await circle.vote(first, proposal, 'yes')
    expect(await circle.refusal('Ane', { kind: 'enact', proposal, close: null })).toBe('not decided')
    expect(circle.log.proposals()[0]).toMatchObject({ tally: { yes: 1, of: 2 }, missing: [circle.member(second)] })
    await circle.vote(second, proposal, 'yes')
    await circle.enact('Ane', proposal)
    expect(circle.log.state().name).toBe('Garden')
  })

  test('is not drawn where half or fewer took part', async () => {
    await drawn(['Ane', 'Beñat'], ['Ane', 'Beñat'])
    expect(panelOf()).toBeUndefined()
  })

  test('is not drawn by shares shown after the seal', async () => {
    const proposal = await drawn(five, ['Ane', 'Beñat'])
    expect(panelOf()).toBeUndefined()
    await circle.say('Cira', reveal(proposal, 'Cira'))
    expect(panelOf()).toBeUndefined()
  })

  test('leaves out who committed and kept silent, and changes no more once it is sealed', async () => {
    const proposal = await drawn(five, ['Ane', 'Beñat', 'Dani'])
    const panel = panelOf()
    expect(panel?.length).toBe(2)
    expect(panel).not.toContain('Cira')
    expect(panel).not.toContain('Eneko')
    await circle.seal(three, await circle.say('Eneko', reveal(proposal, 'Eneko')))
    expect(panelOf()).toEqual(panel)
  })

  test('counts no share of who committed to two', async () => {
    const proposal = await proposed()
    const other: Control = { kind: 'commit', proposal, digest: new Uint8Array(32) }
    await circle.say('Ane', other)
    await circle.seal(three, await everybody(three, (name) => commit(proposal, name)))
    await circle.seal(three, await everybody(three, (name) => reveal(proposal, name)))
    expect(panelOf()).toBeUndefined()
  })
})
