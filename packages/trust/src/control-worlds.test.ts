import type { ControlId, MemberId } from '@auzolan/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Action } from './actions.ts'
import { ControlLog } from './control-log.ts'
import { parseControl, votes, type Control } from './control.ts'
import { makeSheet } from './recovery.ts'
import type { Entry } from './entry.ts'
import { stateDigest } from './state-digest.ts'
import { Circle } from './testing/circle.ts'

/** More for a night's run. */
const RUNS = Number(process.env['TRUST_WORLDS'] ?? 400)

const honest = ['Ane', 'Beñat', 'Cira']
const hostile = ['Dani', 'Eneko']
const newcomers = ['Gari', 'Haizea', 'Iker']
const everybody = [...honest, ...hostile, ...newcomers]

/** What honest people agree to when asked; to everything else they say no. */
const isWelcome = (circle: Circle, action: Action): boolean => {
  const ours = honest.map((name) => circle.member(name))
  if (action.kind === 'remove') return !ours.includes(action.member)
  if (action.kind === 'role') return !action.on
  return action.kind === 'rename' || action.kind === 'readmit'
}

const anyStep = fc.record({
  by: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...honest) },
    { weight: 3, arbitrary: fc.constantFrom(...hostile) },
    { weight: 2, arbitrary: fc.constantFrom(...newcomers) },
  ),
  does: fc.constantFrom(
    ...([
      'propose',
      'propose',
      'ballot',
      'ballot',
      'ballot',
      'ballot',
      'everybody decides',
      'everybody decides',
      'enact',
    ] as const),
    ...(['close', 'ack', 'seal', 'everybody seals', 'invite', 'uninvite', 'admit', 'admit', 'sponsor'] as const),
    ...([
      'sheet',
      'recover',
      'recover',
      'addDevice',
      'revokeDevice',
      'suspend',
      'unsuspend',
      'confirm',
      'leave',
    ] as const),
    ...(['twin', 'forge', 'malformed', 'child of a refused one'] as const),
  ),
  on: fc.nat(60),
  /** Entries the author builds on; `null`: all. Honest people build on what they have said themselves, too. */
  past: fc.option(fc.array(fc.nat(60), { minLength: 1, maxLength: 3 }), { freq: 2 }),
})
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never

class World {
  readonly circle: Circle
  private readonly newest = new Map<string, ControlId>()

  constructor(circle: Circle) {
    this.circle = circle
  }

  /** What the two did before anybody knew them: they invited, and were trusted to moderate. */
  async begin(): Promise<void> {
    const { circle } = this
    for (const name of [...hostile, 'Ane']) await circle.invite(name, 1)
    for (const name of hostile)
      await circle.decide(honest, { kind: 'role', member: circle.member(name), role: 'moderator', on: true })
  }

  async take({ by, does, on, past }: Step): Promise<void> {
    const name = by
    if (newcomers.includes(name) && !this.isKnown(name)) return
    if (does === 'everybody decides') return this.decide(on, past)
    if (does === 'everybody seals') {
      const at = this.circle.entries.at(-1 - (on % 8))?.id ?? this.pick(on, () => true)
      for (const one of honest) await this.tell(one, { kind: 'seal', at }, past)
      return
    }
    // Honest people go where they go: they do not leave, forge, or sign two entries for one place.
    if (
      honest.includes(name) &&
      ['leave', 'revokeDevice', 'twin', 'forge', 'malformed', 'child of a refused one'].includes(does)
    )
      return
    const { tip } = this.circle.who(name)
    const control = await this.controlOf(name, does, on)
    if (control) await this.tell(name, control, past, does === 'child of a refused one')
    if (does === 'twin') this.circle.who(name).tip = tip
  }

  /** Honest people propose, answer and enact one after the other, from where the first of them stands. */
  private async decide(on: number, past: Step['past']): Promise<void> {
    const [first] = honest as [string]
    const target = this.circle.member(everybody.filter((one) => this.isKnown(one))[on % 8] ?? 'Ane')
    const action = await this.action(first, on, target)
    await this.tell(first, { kind: 'propose', action, reason: '' }, past)
    const proposal = this.newest.get(first)
    const said = proposal && this.circle.log.get(proposal)?.control
    if (!proposal || said?.kind !== 'propose') return
    const vote = isWelcome(this.circle, said.action) ? 'yes' : 'no'
    let last = proposal
    for (const one of honest) {
      await this.tell(one, { kind: 'ballot', proposal, vote }, null, false, [last])
      last = this.newest.get(one) ?? last
    }
    await this.tell(first, { kind: 'enact', proposal, close: null }, null, false, [last])
  }

  private async tell(
    name: string,
    control: Control | Uint8Array | null,
    past: Step['past'],
    onRefused = false,
    known: readonly ControlId[] = this.circle.heads,
  ): Promise<void> {
    if (!control) return
    const own = honest.includes(name) ? this.newest.get(name) : undefined
    const chosen = past?.map((at) => this.pick(at, () => true)) ?? known
    const refused = onRefused ? this.circle.refused.at(-1)?.id : undefined
    const heads = withoutRedundant(this.circle.log, [...chosen, ...(own ? [own] : [])])
    const verdict = await this.circle.try(name, control, refused ? [...heads, refused].sort() : heads)
    if (verdict.is === 'accepted') this.newest.set(name, this.circle.entries.at(-1)?.id as ControlId)
  }

  private async controlOf(name: string, does: Step['does'], on: number): Promise<Control | Uint8Array | null> {
    const { circle } = this
    const other = everybody[on % everybody.length] as string
    const target = this.isKnown(other) ? circle.member(other) : circle.member('Ane')
    switch (does) {
      case 'propose':
      case 'child of a refused one':
        return { kind: 'propose', action: await this.action(name, on, target), reason: '' }
      case 'ballot':
      case 'twin':
        return this.ballot(name, on)
      case 'close':
      case 'enact': {
        const proposal = this.pick(on, (kind) => kind === 'propose')
        const close = on % 3 === 0 && this.has('close') ? this.pick(on, (kind) => kind === 'close') : null
        return does === 'close' ? { kind: 'close', proposal } : { kind: 'enact', proposal, close }
      }
      case 'ack':
        return { kind: 'ack', close: this.pick(on, (kind) => kind === 'close') }
      case 'seal':
        return { kind: 'seal', at: this.pick(on, () => true) }
      case 'invite':
        return { kind: 'invite', key: await circle.inviteKey(), uses: 1 + (on % 2), expires: null, note: `${on}` }
      case 'uninvite':
        return { kind: 'uninvite', invite: this.pick(on, (kind) => kind === 'invite') }
      case 'admit': {
        const newcomer = newcomers[on % newcomers.length] as string
        return { kind: 'admit', invite: this.pick(on, (kind) => kind === 'invite'), ...(await circle.ask(newcomer)) }
      }
      case 'sponsor':
      case 'unsuspend':
      case 'confirm':
        return { kind: does, member: target }
      case 'suspend':
        return { kind: does, member: target, reason: '' }
      case 'addDevice': {
        const device = `${name} ${on % 2}`
        const { keys } = this.isKnown(device) ? circle.who(device) : await circle.stranger(device)
        circle.who(device).member = circle.member(name)
        const proof = await circle.proofOf(circle.member(name), keys)
        return { kind: 'addDevice', device: keys.device, box: keys.box, label: '', proof }
      }
      case 'sheet':
        return makeSheet(circle.group, circle.member(name), new Uint8Array(16).fill(on % 3))
      case 'recover': {
        const request = await circle.read(on % 3, `by sheet ${on % 5}`)
        circle.who(`by sheet ${on % 5}`).member = circle.member(name)
        return request
      }
      case 'revokeDevice':
        return { kind: 'revokeDevice', device: circle.who(this.isKnown(other) ? other : name).keys.device }
      case 'leave':
        return { kind: 'leave' }
      case 'forge': {
        const asked = await circle.ask(newcomers[on % newcomers.length] as string)
        const invite = this.pick(on, (kind) => kind === 'invite')
        return { kind: 'admit', invite, ...asked, byInvite: asked.byDevice }
      }
      case 'malformed':
        return Uint8Array.of(0x82, 0x65, on, 1, 2, 3)
      case 'everybody decides':
      case 'everybody seals':
        return null
    }
  }

  private async action(name: string, on: number, target: MemberId): Promise<Action> {
    const { circle } = this
    const known = everybody.filter((one) => this.isKnown(one)).map((one) => circle.member(one))
    const { keys } = circle.who(name)
    const actions: readonly Action[] = [
      { kind: 'remove', member: target },
      { kind: 'remove', member: circle.member(hostile[on % 2] as string) },
      { kind: 'readmit', member: target },
      { kind: 'voters', members: [...new Set([circle.member(name), ...known.slice(on % 4)])].sort() },
      { kind: 'role', member: circle.member(hostile[on % 2] as string), role: 'moderator', on: false },
      { kind: 'rule', name: 'rename', rule: { kind: 'majority', num: 1, den: 10 } },
      { kind: 'rule', name: 'remove', rule: { kind: 'unanimous' } },
      { kind: 'rename', name: `Name ${on}`, purpose: '' },
      { kind: 'rename', name: `Name ${on}`, purpose: '' },
      { kind: 'admission', admission: { kind: 'sponsors', count: 1 } },
      { kind: 'quorum', quorum: { num: 9, den: 10 } },
      { kind: 'rebind', member: target, device: keys.device, box: keys.box, proof: await circle.proofOf(target, keys) },
    ]
    return actions[on % actions.length] as Action
  }

  private ballot(name: string, on: number): Control | null {
    if (!this.has('propose')) return null
    const proposal = this.pick(on, (kind) => kind === 'propose')
    const control = this.circle.log.get(proposal)?.control
    if (control?.kind !== 'propose') return null
    const vote = isWelcome(this.circle, control.action) ? 'yes' : 'no'
    return { kind: 'ballot', proposal, vote: honest.includes(name) ? vote : (votes[on % votes.length] ?? 'yes') }
  }

  private isKnown(name: string): boolean {
    return this.circle.knows(name)
  }

  private has(kind: string): boolean {
    return this.circle.entries.some((entry) => kindOf(entry) === kind)
  }

  /** Some entry of a kind; of another one where there is none. */
  private pick(on: number, wanted: (kind: string) => boolean): ControlId {
    const { entries } = this.circle
    const matching = entries.filter((entry) => wanted(kindOf(entry)))
    const among = matching.length > 0 ? matching : entries
    return (among[on % among.length] as Entry).id as ControlId
  }
}

const kindOf = (entry: Entry): string => {
  const parsed = parseControl(entry.items[0]?.bytes as Uint8Array)
  return parsed.ok ? parsed.value.kind : parsed.error.type
}

const withoutRedundant = (log: ControlLog, ids: readonly ControlId[]): ControlId[] => {
  const unique = [...new Set(ids)]
  return unique.filter((id) => !unique.some((other) => other !== id && log.covers([other], [id])))
}

/** Nothing came to be that honest people did not agree to. */
const expectHonestRule = (circle: Circle): void => {
  const state = circle.log.state()
  const founders = [...honest, ...hostile].map((name) => circle.member(name))
  const ours = honest.map((name) => circle.member(name))
  for (const member of ours) {
    expect(state.removed.has(member)).toBe(false)
    expect(state.voters.has(member)).toBe(true)
    expect(state.electorate.has(member)).toBe(true)
    expect(state.devices.get(circle.who(circle.nameOf(member)).keys.device)).toMatchObject({ member, revoked: false })
  }
  for (const member of [...state.voters, ...state.electorate]) expect(founders).toContain(member)
  for (const rule of state.rules.values()) expect(rule).toEqual({ kind: 'threshold', num: 1, den: 2 })
  expect(state.admission).toEqual({ kind: 'invitation' })
  for (const member of state.roles.keys()) expect(founders).toContain(member)
  for (const { action } of circle.log.proposals().filter(({ phase }) => phase === 'decided' || phase === 'sealed'))
    expect(isWelcome(circle, action) || action.kind === 'role').toBe(true)
}

describe('a world in which two of five lie', () => {
  test('is the same in any order of delivery, and honest people rule it', async () => {
    const digests = new Set<string>()
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyStep, { minLength: 5, maxLength: 45, size: 'max' }),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 }),
        fc.nat(60),
        async (steps, order, at) => {
          const world = new World(await Circle.found([...honest, ...hostile]))
          const { circle } = world
          await world.begin()
          for (const step of steps) await world.take(step)
          expectHonestRule(circle)
          const digest = stateDigest(circle.log.state())
          digests.add(digest)

          const other = await circle.replay(
            (entries) =>
              entries
                .map((entry, index) => ({ entry, place: (order[index % order.length] as number) + index / 1000 }))
                .sort((left, right) => left.place - right.place)
                .map(({ entry }) => entry),
            (log) => log.size > 0 && log.state(),
          )
          expect(stateDigest(other.state())).toBe(digest)
          expect(other.proposals()).toHaveLength(circle.log.proposals().length)
          for (const { id } of circle.entries)
            expect(other.why(id as ControlId)).toEqual(circle.log.why(id as ControlId))

          // A start takes in what was accepted, without asking a rule again.
          const restored = new ControlLog(circle.group, circle.verifier)
          for (const entry of circle.entries) expect(restored.restore(entry)).toEqual({ is: 'accepted' })
          expect(stateDigest(restored.state())).toBe(digest)
          for (const { id, device } of circle.entries) {
            expect(restored.why(id as ControlId)).toEqual(circle.log.why(id as ControlId))
            expect(restored.mayWrite(device, [id as ControlId])).toEqual(circle.log.mayWrite(device, [id as ControlId]))
          }

          // What holds at a moment is what somebody sees who knows no more than that moment's past.
          const moment = (circle.entries[at % circle.entries.length] as Entry).id as ControlId
          const past = new ControlLog(circle.group, circle.verifier)
          for (const entry of circle.entries) {
            if (circle.log.covers([moment], [entry.id as ControlId])) await past.judge(entry, { trusted: true })
          }
          const then = circle.log.stateAt([moment])
          expect(then && stateDigest(then)).toBe(stateDigest(past.state()))
        },
      ),
      { numRuns: RUNS },
    )
    // The worlds differ: otherwise nothing was shown.
    expect(digests.size).toBeGreaterThan(RUNS / 4)
  }, 600_000)
})
