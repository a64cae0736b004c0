import type { Instant } from '@auzolan/core'
import { type Control, type EpochKeys, makeEpoch, rewrapEpoch } from '@auzolan/trust'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Duty, KeyRing } from '../../packages/peer/src/group/key-ring.ts'
import { Circle } from '../../packages/trust/src/testing/circle.ts'
import { seededEntropy } from '../support/participant.ts'

const now = 1_800_000_000_000 as Instant
const DAY = 24 * 60 * 60 * 1000

/** What everybody of a circle would do for its keys, and does when told to. */
class Keepers {
  readonly circle: Circle
  readonly entropy = seededEntropy(1)
  readonly #rings = new Map<string, KeyRing>()

  constructor(circle: Circle) {
    this.circle = circle
  }

  static async found(names: readonly string[]): Promise<Keepers> {
    const keepers = new Keepers(await Circle.found(names))
    await keepers.turn(names[0] as string)
    return keepers
  }

  /** `fresh`: as after a start. */
  async ring(name: string, fresh?: 'fresh'): Promise<KeyRing> {
    const known = fresh ? undefined : this.#rings.get(name)
    const ring = known ?? new KeyRing(this.circle.group, this.circle.who(name).keys)
    this.#rings.set(name, ring)
    await ring.update(this.circle.log)
    return ring
  }

  async duty(name: string, at: Instant = now): Promise<Duty | undefined> {
    return (await this.ring(name)).duty(this.circle.log, at)
  }

  /** One device does what it would do now. */
  async turn(name: string, at: Instant = now): Promise<Duty['do'] | undefined> {
    const duty = await this.duty(name, at)
    if (duty) await this.circle.say(name, await this.#control(duty))
    return duty?.do
  }

  /** Several make a new key without knowing of each other. */
  async apart(who: readonly string[]): Promise<void> {
    const { group, log, heads } = this.circle
    const recipients = log.recipients()
    const newest = log.epochs().filter((epoch) => epoch.newest)
    for (const name of who) {
      const held = await this.duty(name, (now + 1000 * DAY) as Instant)
      const before = held?.do === 'rotate' ? held.before : []
      const known = before.filter(({ epoch }) => newest.some(({ id }) => id === epoch))
      await this.circle.say(name, (await makeEpoch(group, recipients, known, this.entropy)).control, heads)
    }
  }

  async #control(duty: Duty): Promise<Control> {
    const { group, log } = this.circle
    switch (duty.do) {
      case 'rotate':
        return (await makeEpoch(group, log.recipients(), duty.before, this.entropy)).control
      case 'hand':
        return rewrapEpoch(group, duty.epoch, duty.key, duty.to, this.entropy)
      case 'ask':
        return { kind: 'unread', epoch: duty.epoch }
    }
  }

  /** What somebody seals, opened by another. */
  async reads(reader: string, writer: string): Promise<boolean> {
    const current = (await this.ring(writer)).current
    const plain = Uint8Array.of(1, 2, 3)
    const about = new Uint8Array(0)
    const keys: EpochKeys | undefined = current && (await this.ring(reader)).get(current.id)
    return current !== undefined && keys?.open(about, current.keys.seal(about, plain, this.entropy))?.join() === '1,2,3'
  }
}

const names = ['Ane', 'Beñat', 'Cira', 'Dani']

describe('the keys of a group', () => {
  test('are made once, kept while nothing changes, and opened again after a start', async () => {
    const keepers = await Keepers.found(names)
    for (const name of names) {
      expect(await keepers.duty(name)).toBeUndefined()
      expect((await keepers.ring(name, 'fresh')).isWhole).toBe(true)
      expect(await keepers.reads(name, 'Ane')).toBe(true)
    }
  })

  test('change when somebody is out, who opens none that is made after', async () => {
    const keepers = await Keepers.found(names)
    const { circle } = keepers
    await circle.decide(names.slice(0, 3), { kind: 'remove', member: circle.member('Dani') })
    expect((await keepers.ring('Ane')).current).toBeUndefined()
    expect(await keepers.turn('Beñat')).toBe('rotate')
    for (const name of ['Ane', 'Cira']) {
      expect(await keepers.duty(name)).toBeUndefined()
      expect(await keepers.reads(name, 'Beñat')).toBe(true)
    }
    expect(await keepers.reads('Dani', 'Ane')).toBe(false)
    const shown = (await keepers.ring('Ane')).presence(() => false).shown('somebody')
    const known = (await keepers.ring('Dani')).all.map(({ keys }) => keys.presence().join())
    expect(known).toHaveLength(1)
    expect(shown.some((key) => known.includes(key.join()))).toBe(false)
    // Who was away shows an old key, and is recognised by it.
    const recognised = (await keepers.ring('Ane')).presence(() => false).known.map((key) => key.join())
    expect(recognised).toEqual(expect.arrayContaining(known))
  })

  test('change when a device is locked out, and when somebody leaves', async () => {
    const keepers = await Keepers.found(names)
    const { circle } = keepers
    await circle.addDevice('Ane', 'Ane’s phone')
    expect(await keepers.turn('Beñat')).toBe('hand')
    expect(await keepers.reads('Ane’s phone', 'Beñat')).toBe(true)
    await circle.say('Ane', { kind: 'revokeDevice', device: circle.who('Ane’s phone').keys.device })
    expect(await keepers.turn('Ane')).toBe('rotate')
    expect(await keepers.reads('Ane’s phone', 'Ane')).toBe(false)
    await circle.say('Dani', { kind: 'leave' })
    expect(await keepers.turn('Cira')).toBe('rotate')
    expect(await keepers.duty('Ane')).toBeUndefined()
  })

  test('change when newcomers are contested', async () => {
    const keepers = await Keepers.found(names)
    const { circle } = keepers
    const invite = await circle.invite('Ane', 1)
    await circle.admit('Ane', invite, 'Gari', [invite])
    expect(await keepers.turn('Ane')).toBe('hand')
    await circle.admit('Cira', invite, 'Haizea', [invite])
    expect(await keepers.turn('Beñat')).toBe('rotate')
    expect(await keepers.reads('Gari', 'Ane')).toBe(false)
    expect(await keepers.reads('Cira', 'Ane')).toBe(true)
  })

  test('change after a month, by each clock once at most', async () => {
    const keepers = await Keepers.found(names)
    expect(await keepers.duty('Ane', (now + 29 * DAY) as Instant)).toBeUndefined()
    expect((await keepers.duty('Beñat', (now + 31 * DAY) as Instant))?.do).toBe('rotate')
    // A clock that is wrong makes one, and no more.
    const wrong = (now - 100 * DAY) as Instant
    expect(await keepers.turn('Cira', wrong)).toBe('rotate')
    expect(await keepers.duty('Cira', wrong)).toBeUndefined()
    expect(await keepers.duty('Ane')).toBeUndefined()
  })

  test('are handed to a newcomer, who then has those of before too', async () => {
    const keepers = await Keepers.found(names)
    const { circle } = keepers
    await keepers.turn('Cira', (now + 31 * DAY) as Instant)
    await circle.admit('Ane', await circle.invite('Ane', 1), 'Gari')
    expect((await keepers.ring('Gari')).all).toEqual([])
    expect(await keepers.duty('Gari')).toBeUndefined()
    expect(await keepers.turn('Dani')).toBe('hand')
    expect((await keepers.ring('Gari')).all).toHaveLength(2)
    expect(await keepers.duty('Gari')).toBeUndefined()
  })

  test('that somebody spoiled for one device are asked for, and handed to it again', async () => {
    const keepers = await Keepers.found(names)
    const { circle } = keepers
    const { before } = (await keepers.duty('Ane', (now + 31 * DAY) as Instant)) as Extract<Duty, { do: 'rotate' }>
    const recipients = circle.log.recipients()
    const { control } = await makeEpoch(circle.group, recipients, before, keepers.entropy)
    const place = recipients.findIndex(({ device }) => device === circle.who('Dani').keys.device)
    await circle.say('Ane', { ...control, wraps: Uint8Array.from(control.wraps).fill(0, place * 48, place * 48 + 48) })
    expect(await keepers.reads('Dani', 'Beñat')).toBe(false)
    expect(await keepers.turn('Dani')).toBe('ask')
    expect(await keepers.duty('Dani')).toBeUndefined()
    expect(await keepers.turn('Cira')).toBe('hand')
    expect(await keepers.reads('Dani', 'Beñat')).toBe(true)
    for (const name of names) expect(await keepers.duty(name)).toBeUndefined()
  })

  test('that were not handed on with a later one are asked for', async () => {
    const keepers = await Keepers.found(names)
    const { circle } = keepers
    await circle.say('Ane', (await makeEpoch(circle.group, circle.log.recipients(), [], keepers.entropy)).control)
    await circle.admit('Ane', await circle.invite('Ane', 1), 'Gari')
    expect(await keepers.turn('Beñat')).toBe('hand')
    expect((await keepers.ring('Gari')).all).toHaveLength(1)
    expect(await keepers.turn('Gari')).toBe('ask')
    expect(await keepers.turn('Beñat')).toBe('hand')
    expect((await keepers.ring('Gari')).all).toHaveLength(2)
    expect(await keepers.duty('Gari')).toBeUndefined()
  })

  test('made apart live side by side, and are handed on together by the next', async () => {
    const keepers = await Keepers.found(names)
    const { circle } = keepers
    await keepers.apart(['Ane', 'Beñat'])
    for (const name of names) {
      expect(await keepers.duty(name)).toBeUndefined()
      expect((await keepers.ring(name)).all).toHaveLength(3)
    }
    const currents = await Promise.all(names.map(async (name) => (await keepers.ring(name)).current?.id))
    expect(new Set(currents).size).toBe(1)
    await circle.admit('Ane', await circle.invite('Ane', 1), 'Gari')
    await circle.say('Dani', { kind: 'leave' })
    expect(await keepers.turn('Cira')).toBe('rotate')
    expect((await keepers.ring('Gari')).all).toHaveLength(4)
  })
})

test('whatever happens, devices that take turns end with one key in use that all who are in have, and nobody else', async () => {
  const step = fc.record({ do: fc.constantFrom('admit', 'leave', 'spoil', 'apart', 'turn'), who: fc.nat(7) })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const keepers = await Keepers.found(names.slice(0, 3))
      const { circle } = keepers
      const invite = await circle.invite('Ane', 100)
      const inside = names.slice(0, 3)
      let came = 0
      for (const { do: what, who } of steps) {
        const name = inside[who % inside.length] as string
        if (what === 'admit')
          inside.push(await circle.admit(name, invite, `new ${(came += 1)}`).then(() => `new ${came}`))
        if (what === 'leave' && inside.length > 2) {
          await circle.say(name, { kind: 'leave' })
          inside.splice(who % inside.length, 1)
        }
        if (what === 'spoil') {
          const { control } = await makeEpoch(circle.group, circle.log.recipients(), [], keepers.entropy)
          await circle.say(name, { ...control, wraps: Uint8Array.from(control.wraps).fill(0, 0, 48) })
        }
        if (what === 'apart') await keepers.apart([name, ...inside.filter((other) => other !== name).slice(0, 1)])
        if (what === 'turn') await keepers.turn(name)
      }
      let moves = 1
      for (let rounds = 0; moves > 0 && rounds < 30; rounds++) {
        moves = 0
        for (const name of inside) if (await keepers.turn(name)) moves += 1
      }
      expect(moves).toBe(0)
      const current = (await keepers.ring(inside[0] as string)).current?.id
      expect(current).toBeDefined()
      for (const name of inside) expect((await keepers.ring(name, 'fresh')).current?.id).toBe(current)
      for (const name of ['Ane', 'Beñat', 'Cira', ...Array.from({ length: came }, (_, at) => `new ${at + 1}`)])
        if (!inside.includes(name)) expect((await keepers.ring(name)).get(current as never)).toBeUndefined()
    }),
    { numRuns: 12 },
  )
})
