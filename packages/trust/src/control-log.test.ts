import { equalBytes, type ControlId, type GroupId, type Instant } from '@auzolan/core'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { ControlLog } from './control-log.ts'
import { controlLimits } from './control-limits.ts'
import {
  deviceMessage,
  encodeControl,
  foundingMessage,
  memberOfFounder,
  parseControl,
  type Control,
} from './control.ts'
import type { Founding } from './founding.ts'
import { itemTypes, type Entry } from './entry.ts'
import { signEntry, startFeed, type FeedTip } from './feed.ts'
import { stateDigest } from './state-digest.ts'
import { invitationKeys } from './invitation.ts'
import { makeJoinRequest, memberOfRequest, type SignedJoinRequest } from './join.ts'
import { seededKeys, type DeviceKeys } from './keys.ts'
import type { Explanation } from './verdict.ts'
import { openVerifier, type Verifier } from './verifier.ts'

const now = 1_800_000_000_000 as Instant
const filled = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)
const entropy = { bytes: (length: number) => filled(length, 5) }
const secret = filled(16, 9)

let verifier: Verifier
let people: DeviceKeys[]
beforeAll(async () => {
  verifier = await openVerifier()
  people = await Promise.all(Array.from({ length: 8 }, (_, at) => seededKeys(filled(32, at + 1))))
})

const person = (at: number): DeviceKeys => people[at] as DeviceKeys

/** One device that writes: keeps its own feed's tip. */
class Writer {
  readonly keys: DeviceKeys
  tip: FeedTip
  constructor(keys: DeviceKeys) {
    this.keys = keys
    this.tip = startFeed(keys.device)
  }
  async write(
    group: GroupId | 'founding',
    heads: readonly ControlId[],
    control: Control | Uint8Array,
    later = 0,
  ): Promise<Entry> {
    const bytes = control instanceof Uint8Array ? control : encodeControl(control)
    const signed = await signEntry(this.tip, group, this.keys, {
      at: (now + later) as Instant,
      heads,
      items: [{ type: itemTypes.control, bytes }],
    })
    this.tip = signed.tip
    return signed.entry
  }
}

const founding = (keys: DeviceKeys, name = 'Repair café'): Founding => ({
  kind: 'found',
  name,
  purpose: '',
  founders: [{ device: keys.device, box: keys.box, name: 'Ane', cosign: null }],
  continues: null,
  nonce: filled(16, 3),
})

const idOf = (entry: Entry): ControlId => entry.id as ControlId

const found = async () => {
  const ane = new Writer(person(0))
  const first = await ane.write('founding', [], founding(ane.keys))
  const log = new ControlLog(first.group, verifier)
  await log.judge(first)
  return { ane, first, group: first.group, log }
}

/** A group with an invitation for `uses` people. */
const invited = async (uses = 1) => {
  const world = await found()
  const { publicKey } = await invitationKeys(secret)
  const invite = await world.ane.write(world.group, world.log.heads, {
    kind: 'invite',
    key: publicKey,
    uses,
    expires: null,
    note: '',
  })
  expect(await world.log.judge(invite)).toEqual({ is: 'accepted' })
  return { ...world, invite: idOf(invite), inviteEntry: invite }
}

const ask = (group: GroupId, keys: DeviceKeys, name = 'Beñat'): Promise<SignedJoinRequest> =>
  makeJoinRequest({ group, secret }, keys, name, entropy)

const admission = (invite: ControlId, asked: SignedJoinRequest): Control => ({ kind: 'admit', invite, ...asked })

const refusal = (verdict: Explanation): string => (verdict.is === 'refused' ? verdict.reason.type : verdict.is)

describe('a founding', () => {
  test('makes its author a member of the group named after it', async () => {
    const { log, group, ane } = await found()
    const state = log.state()
    expect(state.group).toBe(group)
    expect([...state.members.values()]).toEqual([
      {
        id: memberOfFounder(ane.keys.device),
        name: 'Ane',
        via: null,
        since: now,
        left: false,
        removed: false,
        suspended: false,
        suspensions: [],
        contested: false,
        devices: [ane.keys.device],
      },
    ])
    expect(log.heads).toEqual([group])
    expect(log.mayWrite(ane.keys.device, log.heads)).toEqual({ is: 'accepted' })
  })

  test('of another group is refused', async () => {
    const { log } = await found()
    const other = await new Writer(person(1)).write('founding', [], founding(person(1)))
    expect(refusal(await log.judge(other))).toBe('foreign group')
  })

  test('names only founders who co-signed it', async () => {
    const draft: Founding = {
      ...founding(person(0)),
      founders: [
        { device: person(0).device, box: person(0).box, name: 'Ane', cosign: null },
        { device: person(1).device, box: person(1).box, name: 'Beñat', cosign: filled(64, 1) },
      ],
    }
    const conscripted = await new Writer(person(0)).write('founding', [], draft)
    expect(refusal(await new ControlLog(conscripted.group, verifier).judge(conscripted))).toBe('bad proof')

    const cosign = await person(1).sign('auzolan/sign/found/1', foundingMessage(draft))
    const founders = draft.founders.map((founder, at) => (at === 1 ? { ...founder, cosign } : founder))
    const together = await new Writer(person(0)).write('founding', [], { ...draft, founders })
    const log = new ControlLog(together.group, verifier)
    expect(await log.judge(together)).toEqual({ is: 'accepted' })
    expect([...log.state().members.values()].map(({ name }) => name).sort()).toEqual(['Ane', 'Beñat'])
    expect(log.mayWrite(person(1).device, log.heads)).toEqual({ is: 'accepted' })
  })

  test('names no founder with a key to which nothing can be wrapped', async () => {
    const { founders, ...rest } = founding(person(0))
    const blunt = { ...rest, founders: founders.map((founder) => ({ ...founder, box: filled(32, 0) })) }
    const founded = await new Writer(person(0)).write('founding', [], blunt)
    expect(refusal(await new ControlLog(founded.group, verifier).judge(founded))).toBe('bad key')
  })

  test('by a device that is not its first founder is refused', async () => {
    const stolen = await new Writer(person(1)).write('founding', [], founding(person(0)))
    expect(refusal(await new ControlLog(stolen.group, verifier).judge(stolen))).toBe('bad founding')
  })
})

describe('an admission', () => {
  test('lets in who holds the invitation, and says by whom they came', async () => {
    const { log, ane, group, invite } = await invited()
    const asked = await ask(group, person(1))
    expect(await log.judge(await ane.write(group, log.heads, admission(invite, asked)))).toEqual({ is: 'accepted' })
    const member = log.state().members.get(memberOfRequest(asked.request))
    expect(member).toMatchObject({
      name: 'Beñat',
      via: { invite, by: memberOfFounder(ane.keys.device) },
      devices: [person(1).device],
    })
    expect(log.state().invites.get(invite)?.used).toEqual([member?.id])
    expect(log.mayWrite(person(1).device, log.heads)).toEqual({ is: 'accepted' })
    expect(refusal(log.mayWrite(person(1).device, [invite]))).toBe('unknown device')
  })

  test('can be carried by any member, not only by who invited', async () => {
    const { log, ane, group, invite } = await invited(2)
    await log.judge(await ane.write(group, log.heads, admission(invite, await ask(group, person(1)))))
    const carrier = new Writer(person(1))
    const third = await carrier.write(group, log.heads, admission(invite, await ask(group, person(2), 'Cira')))
    expect(await log.judge(third)).toEqual({ is: 'accepted' })
    expect(log.state().members.size).toBe(3)
  })

  test('needs a use that is left', async () => {
    const { log, ane, group, invite } = await invited(1)
    await log.judge(await ane.write(group, log.heads, admission(invite, await ask(group, person(1)))))
    const second = await ane.write(group, log.heads, admission(invite, await ask(group, person(2))))
    expect(refusal(await log.judge(second))).toBe('invitation used up')
  })

  test('made apart over the number of uses stands twice', async () => {
    const { log, ane, group, invite } = await invited(2)
    await log.judge(await ane.write(group, log.heads, admission(invite, await ask(group, person(1)))))
    const apart = log.heads
    const left = await ane.write(group, apart, admission(invite, await ask(group, person(2))))
    const right = await new Writer(person(1)).write(group, apart, admission(invite, await ask(group, person(3))))
    expect([await log.judge(left), await log.judge(right)]).toEqual([{ is: 'accepted' }, { is: 'accepted' }])
    expect(log.state().members.size).toBe(4)
  })

  test.each(['the same request', 'two requests'])(
    'of one device by %s, made apart, comes out the same in either order',
    async (which) => {
      const { log, ane, first, inviteEntry, group, invite } = await invited(4)
      const before = await ane.write(group, log.heads, admission(invite, await ask(group, person(1))))
      await log.judge(before)
      const asked = await ask(group, person(2), 'Cira')
      const again = which === 'two requests' ? await ask(group, person(2), 'Zira') : asked
      const left = await ane.write(group, log.heads, admission(invite, asked))
      const right = await new Writer(person(1)).write(group, log.heads, admission(invite, again), 1)
      const both = [left, right].sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1))
      const states = []
      for (const order of [both, both.toReversed()]) {
        const other = new ControlLog(group, verifier)
        for (const entry of [first, inviteEntry, before, ...order])
          expect(await other.judge(entry)).toEqual({ is: 'accepted' })
        const byCira = await new Writer(person(2)).write(group, other.heads, { kind: 'leave' })
        await other.judge(byCira)
        states.push({ digest: stateDigest(other.state()), author: other.get(idOf(byCira))?.author })
        expect(other.state().devices.get(person(2).device)?.admittedBy).toBe(idOf(both[0] as Entry))
      }
      expect(states[0]).toEqual(states[1])
    },
  )

  test('needs both signatures of the newcomer', async () => {
    const { log, ane, group, invite } = await invited()
    const asked = await ask(group, person(1))
    const forged = [
      { ...asked, byInvite: asked.byDevice },
      { ...asked, byDevice: filled(64, 1) },
      { ...asked, request: (await ask(group, person(2))).request },
    ]
    for (const proof of forged) {
      expect(refusal(await log.judge(await ane.write(group, log.heads, admission(invite, proof))))).toBe('bad proof')
    }
  })

  test('by a request for another group or invitation is refused', async () => {
    const { log, ane, group, invite } = await invited()
    const elsewhere = await makeJoinRequest({ group: invite as string as GroupId, secret }, person(1), 'Beñat', entropy)
    expect(refusal(await log.judge(await ane.write(group, log.heads, admission(invite, elsewhere))))).toBe(
      'foreign group',
    )
    const byAnother = await makeJoinRequest({ group, secret: filled(16, 8) }, person(1), 'Beñat', entropy)
    expect(refusal(await log.judge(await ane.write(group, log.heads, admission(invite, byAnother))))).toBe(
      'unknown invitation',
    )
    const noInvite = await ane.write(
      group,
      log.heads,
      admission(group as string as ControlId, await ask(group, person(1))),
    )
    expect(refusal(await log.judge(noInvite))).toBe('unknown invitation')
  })

  test('of a device that is in already is refused', async () => {
    const { log, ane, group, invite } = await invited(5)
    await log.judge(await ane.write(group, log.heads, admission(invite, await ask(group, person(1)))))
    expect(
      refusal(await log.judge(await ane.write(group, log.heads, admission(invite, await ask(group, person(1)))))),
    ).toBe('device known')
  })

  test('by a stranger is refused', async () => {
    const { log, group, invite } = await invited()
    const own = await new Writer(person(1)).write(group, log.heads, admission(invite, await ask(group, person(1))))
    expect(refusal(await log.judge(own))).toBe('unknown device')
  })
})

describe('a cancelled invitation', () => {
  test('lets nobody in afterwards', async () => {
    const { log, ane, group, invite } = await invited()
    await log.judge(await ane.write(group, log.heads, { kind: 'uninvite', invite }))
    expect(log.state().invites.get(invite)?.cancelled).toBe(true)
    expect(
      refusal(await log.judge(await ane.write(group, log.heads, admission(invite, await ask(group, person(1)))))),
    ).toBe('invitation cancelled')
  })

  test('beats an admission that did not know, with all that was built on it, and spares who was in before', async () => {
    const { log, ane, group, invite } = await invited(5)
    await log.judge(await ane.write(group, log.heads, admission(invite, await ask(group, person(1), 'Beñat'))))
    const apart = log.heads
    const benat = new Writer(person(1))
    const third = await benat.write(group, apart, admission(invite, await ask(group, person(2), 'Cira')))
    await log.judge(third)
    const cira = new Writer(person(2))
    const { publicKey } = await invitationKeys(secret)
    const further = await cira.write(group, [idOf(third)], {
      kind: 'invite',
      key: publicKey,
      uses: 1,
      expires: null,
      note: '',
    })
    await log.judge(further)
    await log.judge(
      await cira.write(group, [idOf(further)], admission(idOf(further), await ask(group, person(3), 'Dani'))),
    )
    expect(log.state().members.size).toBe(4)
    await log.judge(await ane.write(group, apart, { kind: 'uninvite', invite }))
    expect([...log.state().members.values()].map(({ name }) => name).sort()).toEqual(['Ane', 'Beñat'])
    expect([...log.state().invites.keys()]).toEqual([invite])
    expect(log.state().devices.has(person(2).device)).toBe(false)
  })
})

describe('devices', () => {
  test('a further device needs proof of its own key', async () => {
    const { log, ane, group } = await found()
    const { device, box } = person(1)
    const member = memberOfFounder(ane.keys.device)
    const forged = await ane.write(group, log.heads, {
      kind: 'addDevice',
      device,
      box,
      label: '',
      proof: filled(64, 1),
    })
    expect(refusal(await log.judge(forged))).toBe('bad proof')
    const proof = await person(1).sign('auzolan/sign/device/1', deviceMessage(group, member, device, box))
    await log.judge(await ane.write(group, log.heads, { kind: 'addDevice', device, box, label: 'phone', proof }))
    expect(log.state().devices.get(device)).toMatchObject({ member, label: 'phone', revoked: false })
    expect(log.mayWrite(device, log.heads)).toEqual({ is: 'accepted' })
  })

  test('a revoked device writes nothing more, and only its own person revokes it', async () => {
    const { log, ane, group, invite } = await invited()
    await log.judge(await ane.write(group, log.heads, admission(invite, await ask(group, person(1)))))
    const benat = new Writer(person(1))
    const others = await benat.write(group, log.heads, { kind: 'revokeDevice', device: ane.keys.device })
    expect(refusal(await log.judge(others))).toBe('not an own device')
    await log.judge(
      await new Writer(person(1)).write(group, log.heads, { kind: 'revokeDevice', device: person(1).device }),
    )
    expect(refusal(log.mayWrite(person(1).device, log.heads))).toBe('revoked device')
  })

  test('who left writes nothing more', async () => {
    const { log, ane, group } = await found()
    await log.judge(await ane.write(group, log.heads, { kind: 'leave' }))
    expect(log.state().members.get(memberOfFounder(ane.keys.device))?.left).toBe(true)
    expect(refusal(log.mayWrite(ane.keys.device, log.heads))).toBe('left')
    expect(log.mayWrite(ane.keys.device, [group as string as ControlId])).toEqual({ is: 'accepted' })
  })

  test('a device that signs two entries for one place writes nothing more where both are known', async () => {
    const { log, ane, group, invite } = await invited()
    const twin = new Writer(person(0))
    twin.tip = ane.tip
    const left = await ane.write(group, log.heads, { kind: 'uninvite', invite })
    const right = await twin.write(group, log.heads, { kind: 'leave' })
    await log.judge(left)
    await log.judge(right)
    expect(refusal(log.mayWrite(person(0).device, log.heads))).toBe('frozen device')
    expect(log.mayWrite(person(0).device, [idOf(left)])).toEqual({ is: 'accepted' })
  })
})

describe('judging', () => {
  test('waits for what is named and unknown, and says for what', async () => {
    const { ane, first, group, inviteEntry, invite } = await invited()
    const log = new ControlLog(group, verifier)
    const last = await ane.write(group, [invite], { kind: 'leave' })
    expect(await log.judge(last)).toEqual({ is: 'waiting', missing: [invite] })
    await log.judge(first)
    await log.judge(inviteEntry)
    expect(await log.judge(last)).toEqual({ is: 'accepted' })
    expect(log.why(idOf(last))).toEqual({ is: 'accepted' })
  })

  test('refuses what builds on a refused entry', async () => {
    const { log, ane, group } = await found()
    const bad = await ane.write(group, log.heads, { kind: 'uninvite', invite: group as string as ControlId })
    expect(refusal(await log.judge(bad))).toBe('unknown invitation')
    expect(refusal(await log.judge(await ane.write(group, [idOf(bad)], { kind: 'leave' })))).toBe(
      'builds on a refused entry',
    )
    expect(refusal(log.why(idOf(bad)))).toBe('unknown invitation')
  })

  test('refuses heads of which one is in the past of another', async () => {
    const { log, ane, group, invite } = await invited()
    const redundant = await ane.write(group, [group as string as ControlId, invite], { kind: 'leave' })
    expect(refusal(await log.judge(redundant))).toBe('redundant heads')
  })

  test('lets a kind of a newer app wait, and refuses what is none', async () => {
    const { log, ane, group } = await found()
    const newer = await ane.write(group, log.heads, Uint8Array.of(0x82, 0x64, 0x7a, 0x65, 0x61, 0x6c, 1))
    expect(await log.judge(newer)).toEqual({ is: 'waiting', missing: [], newer: 'zeal' })
    const broken = await new Writer(person(0)).write(group, log.heads, Uint8Array.of(0x82, 0x64))
    expect(refusal(await log.judge(broken))).toBe('malformed')
  })

  test('sees when a feed claims to have forgotten what it named', async () => {
    const { log, group, invite } = await invited()
    const start = group as string as ControlId
    expect(log.covers([invite], [start])).toBe(true)
    expect(log.covers([start], [invite])).toBe(false)
    expect(log.covers([invite], [invite, start])).toBe(true)
  })
})

/** A world in which anybody tries anything with any past. Steps are data, so that a failing one shrinks and replays. */
const anyStep = fc.record({
  by: fc.nat(5),
  does: fc.constantFrom('invite', 'uninvite', 'admit', 'addDevice', 'revoke', 'leave', 'twin', 'forge'),
  target: fc.nat(50),
  past: fc.array(fc.nat(50), { minLength: 1, maxLength: 3 }),
})
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never

const play = async (
  steps: readonly Step[],
): Promise<{ group: GroupId; entries: Entry[]; refused: Entry[]; log: ControlLog }> => {
  const { ane, first, group, log } = await found()
  const writers = people.map((keys) => (keys === ane.keys ? ane : new Writer(keys)))
  const entries = [first]
  const refused: Entry[] = []
  const { publicKey } = await invitationKeys(secret)
  const open = await ane.write(group, log.heads, { kind: 'invite', key: publicKey, uses: 3, expires: null, note: '' })
  await log.judge(open)
  entries.push(open)
  for (const { by, does, target, past } of steps) {
    const writer = writers[by] as Writer
    const before = writer.tip
    const heads = withoutRedundant(
      log,
      past.map((at) => entries[at % entries.length] as Entry),
    )
    const control = await actOf(does, group, entries, target, writer)
    const entry = await writer.write(group, heads, control)
    if (does === 'twin') writer.tip = before
    if ((await log.judge(entry)).is === 'accepted') {
      entries.push(entry)
    } else {
      refused.push(entry)
      writer.tip = before
    }
  }
  return { group, entries, refused, log }
}

const withoutRedundant = (log: ControlLog, entries: readonly Entry[]): ControlId[] => {
  const ids = [...new Set(entries.map(idOf))]
  return ids.filter((id) => !ids.some((other) => other !== id && log.covers([other], [id])))
}

const actOf = async (
  does: Step['does'],
  group: GroupId,
  entries: readonly Entry[],
  target: number,
  writer: Writer,
): Promise<Control> => {
  const { publicKey } = await invitationKeys(secret)
  const any = idOf(entries[target % entries.length] as Entry)
  const invites = entries.filter((entry) => kindOf(entry) === 'invite')
  const invite = idOf(invites[target % invites.length] as Entry)
  const keys = person(target % people.length)
  switch (does) {
    case 'invite':
    case 'twin':
      return { kind: 'invite', key: publicKey, uses: 1 + (target % 3), expires: null, note: `${target}` }
    case 'uninvite':
      return { kind: 'uninvite', invite }
    case 'admit':
      return admission(invite, await ask(group, keys, `person ${target % people.length}`))
    case 'addDevice': {
      const proof = await keys.sign(
        'auzolan/sign/device/1',
        deviceMessage(group, memberOfFounder(writer.keys.device), keys.device, keys.box),
      )
      return { kind: 'addDevice', device: keys.device, box: keys.box, label: '', proof }
    }
    case 'revoke':
      return { kind: 'revokeDevice', device: keys.device }
    case 'leave':
      return { kind: 'leave' }
    case 'forge':
      return {
        kind: 'admit',
        invite: any,
        request: filled(10, target),
        byInvite: filled(64, 1),
        byDevice: filled(64, 1),
      }
  }
}

const kindOf = (entry: Entry): string => {
  const parsed = parseControl(entry.items[0]?.bytes as Uint8Array)
  return parsed.ok ? parsed.value.kind : parsed.error.type
}

describe('the whole', () => {
  test('is the same whatever order entries come in, once or twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 14 }), fc.infiniteStream(fc.nat(1000)), async (steps, order) => {
        const { group, entries, refused, log } = await play(steps)
        const digest = stateDigest(log.state())
        const other = new ControlLog(group, verifier)
        let waiting = [...entries, ...entries.slice(0, 3)]
          .map((entry) => ({ entry, place: order.next().value as number }))
          .sort((left, right) => left.place - right.place)
          .map(({ entry }) => entry)
        while (waiting.length > 0) {
          const still: Entry[] = []
          for (const entry of waiting) {
            const verdict = await other.judge(entry, { trusted: true })
            expect(verdict.is).not.toBe('refused')
            if (verdict.is === 'waiting') still.push(entry)
            // Resolved along the way, as a device does that shows each step.
            else other.state()
          }
          expect(still.length).toBeLessThan(waiting.length)
          waiting = still
        }
        for (const entry of refused) expect(await other.judge(entry)).toEqual(log.why(idOf(entry)))
        expect(stateDigest(other.state())).toBe(digest)
        expect(other.heads).toEqual(log.heads)
        for (const { device } of people) {
          for (const entry of entries)
            expect(other.mayWrite(device, [idOf(entry)])).toEqual(log.mayWrite(device, [idOf(entry)]))
        }
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  test('gives the past exactly, whatever devices claim to have seen', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 14 }), async (steps) => {
        const { entries, log } = await play(steps)
        const pastOf = new Map<ControlId, Set<ControlId>>()
        for (const entry of entries) {
          const past = new Set<ControlId>([idOf(entry)])
          for (const head of entry.heads) for (const id of pastOf.get(head) as Set<ControlId>) past.add(id)
          pastOf.set(idOf(entry), past)
        }
        for (const left of entries) {
          for (const right of entries) {
            expect(log.covers([idOf(left)], [idOf(right)])).toBe(pastOf.get(idOf(left))?.has(idOf(right)))
          }
        }
      }),
      { numRuns: 40 },
    )
  }, 60_000)
})

describe('a start', () => {
  test('follows no chain of entries at once, however long it is', async () => {
    // What was accepted before is restored without a signature, so none is made.
    const writer = new Writer({ ...person(0), sign: async () => filled(64, 0) })
    const founded = await writer.write('founding', [], founding(person(0)))
    const proposed = await writer.write(founded.group, [idOf(founded)], {
      kind: 'propose',
      action: { kind: 'rename', name: 'Garden', purpose: '' },
      reason: '',
    })
    const entries = [founded, proposed]
    while (entries.length < 12_000)
      entries.push(
        await writer.write(founded.group, [idOf(entries.at(-1) as Entry)], {
          kind: 'ballot',
          proposal: idOf(proposed),
          vote: 'no',
        }),
      )
    const log = new ControlLog(founded.group, verifier)
    for (const entry of entries) log.restore(entry)
    expect(log.size).toBe(entries.length)
    expect(log.state().sealed).toBe(idOf(founded))
    expect(log.mayWrite(person(0).device, log.heads)).toEqual({ is: 'accepted' })
  })

  test('waits for what is not there, and takes nothing in twice', async () => {
    const { group, entries } = await play([])
    const [founded, ...rest] = entries as [Entry, ...Entry[]]
    const log = new ControlLog(group, verifier)
    for (const entry of rest) expect(log.restore(entry).is).toBe('waiting')
    for (const entry of [founded, ...rest, ...rest]) expect(log.restore(entry)).toEqual({ is: 'accepted' })
    expect(log.size).toBe(entries.length)
  })
})

describe('control items', () => {
  test('are read as they were written', () => {
    const device = person(1).device
    const id = filled(32, 4)
    const some: Control[] = [
      {
        ...founding(person(0)),
        continues: {
          group: person(2).device as string as GroupId,
          heads: [person(3).device as string as ControlId],
          frontier: [{ device, seq: 7, chain: id }],
          name: 'Old',
          members: 12,
          reason: 'closer to home',
        },
      },
      { kind: 'invite', key: id, uses: controlLimits.uses, expires: now, note: 'for the street' },
      { kind: 'addDevice', device, box: id, label: 'phone', proof: filled(64, 2) },
      { kind: 'leave' },
    ]
    for (const control of some) expect(parseControl(encodeControl(control))).toEqual({ ok: true, value: control })
  })

  test('with a field more or a field out of bounds are refused', () => {
    const invite = { kind: 'invite', key: filled(32, 1), uses: 1, expires: null, note: '' } as const
    for (const control of [
      { ...invite, uses: 0 },
      { ...invite, uses: 1001 },
      { ...invite, note: 'x'.repeat(301) },
      { ...invite, key: filled(31, 1) },
    ]) {
      expect(parseControl(encodeControl(control))).toMatchObject({ ok: false, error: { type: 'malformed' } })
    }
    const leave = encodeControl({ kind: 'leave' })
    const longer = Uint8Array.of(0x82, ...leave.subarray(1), 0)
    expect(parseControl(longer)).toMatchObject({ ok: false, error: { type: 'malformed' } })
    expect(equalBytes(leave, longer)).toBe(false)
  })
})
