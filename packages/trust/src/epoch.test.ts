import type { ControlId } from '@auzolan/core'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { agreerOf } from './agree.ts'
import { deviceMessage } from './control.ts'
import type { ControlLog } from './control-log.ts'
import { EpochKeys, makeEpoch, openEarlier, openEpoch, rewrapEpoch, type Epoch } from './epoch.ts'
import { seededKeys } from './keys.ts'
import { Circle } from './testing/circle.ts'
import { digestsInOrders } from './testing/orders.ts'

const five = ['Ane', 'Beñat', 'Cira', 'Dani', 'Eneko']
const four = ['Ane', 'Beñat', 'Cira', 'Dani']
let drawn = 0
const entropy = {
  bytes: (length: number) => {
    drawn += 1
    return Uint8Array.from({ length }, (_, at) => (drawn * 31 + at * 7) & 0xff)
  },
}

let circle: Circle
const found = async (): Promise<Circle> => (circle = await Circle.found(five))
const made = (before: Parameters<typeof makeEpoch>[2] = []) =>
  makeEpoch(circle.group, circle.log.recipients(), before, entropy)
const rotate = async (by: string, before: Parameters<typeof makeEpoch>[2] = []) => {
  const { control, key } = await made(before)
  return { id: await circle.say(by, control), control, key }
}
/** By what a device was handed last; `undefined`: nothing. */
const open = async (name: string, { id, control }: { readonly id: ControlId; readonly control: Epoch }) => {
  const { keys } = circle.who(name)
  const wrap = circle.log.wrapsFor(keys.device, id).at(-1)
  return wrap && openEpoch(circle.group, control, wrap, keys)
}
const hand = async (by: string, { id, key }: { readonly id: ControlId; readonly key: Uint8Array }, to: string) => {
  const { device, box } = circle.who(to).keys
  return circle.say(by, await rewrapEpoch(circle.group, id, key, [{ device, box }], entropy))
}
const deviceOf = (name: string) => circle.who(name).keys.device
const newest = () =>
  circle.log
    .epochs()
    .filter((epoch) => epoch.newest)
    .map(({ id, usable, lacking }) => ({ id, usable, lacking: lacking.map(({ device }) => device) }))
const known = (log: ControlLog) =>
  JSON.stringify([...log.epochs()].sort((left, right) => (left.id < right.id ? -1 : 1)))

afterEach(async () => {
  vi.unstubAllGlobals()
  if (!circle) return
  expect(new Set(await digestsInOrders(circle)).size).toBe(1)
  const reversed = await circle.replay((entries) => entries.toReversed())
  expect(known(reversed)).toBe(known(circle.log))
})

describe('an epoch', () => {
  test('opens to one key for every device that may write, and for nobody else', async () => {
    await found()
    await circle.addDevice('Ane', 'Ane’s phone')
    const epoch = await rotate('Beñat')
    for (const name of [...five, 'Ane’s phone']) expect(await open(name, epoch)).toEqual({ ok: true, value: epoch.key })
    const { keys } = await circle.stranger('Gari')
    expect(await open('Gari', epoch)).toBeUndefined()
    for (const wrap of five.flatMap((name) => circle.log.wrapsFor(deviceOf(name), epoch.id)))
      expect(await openEpoch(circle.group, epoch.control, wrap, keys)).toEqual({
        ok: false,
        error: { type: 'bad wrap' },
      })
    expect(newest()).toEqual([{ id: epoch.id, usable: true, lacking: [] }])
  })

  test('with one recipient too few or too many is refused: anybody may rotate, nobody may exclude', async () => {
    await found()
    const all = circle.log.recipients()
    const stranger = await circle.stranger('Gari')
    const { device, box } = stranger.keys
    for (const recipients of [all.slice(1), [...all, { device, box }], []]) {
      const { control } = await makeEpoch(circle.group, recipients, [], entropy)
      expect(await circle.refusal('Ane', control)).toBe('wrong recipients')
    }
  })

  test('leaves out who was removed, suspended, contested or has left, and devices that were revoked', async () => {
    await found()
    await circle.addDevice('Ane', 'Ane’s phone')
    await circle.say('Ane', { kind: 'revokeDevice', device: circle.who('Ane’s phone').keys.device })
    await circle.decide(four, { kind: 'role', member: circle.member('Ane'), role: 'moderator', on: true })
    await circle.say('Ane', { kind: 'suspend', member: circle.member('Beñat'), reason: '' })
    await circle.decide(
      four.filter((name) => name !== 'Beñat'),
      { kind: 'remove', member: circle.member('Eneko') },
    )
    await circle.say('Dani', { kind: 'leave' })
    const invite = await circle.invite('Ane', 1)
    for (const [carrier, name] of [
      ['Ane', 'Gari'],
      ['Cira', 'Haizea'],
    ] as const)
      await circle.admit(carrier, invite, name, [invite])
    const names = circle.log.recipients().map(({ device }) => device)
    expect(names).toEqual(['Ane', 'Cira'].map((name) => circle.who(name).keys.device).sort())
    await rotate('Cira')
  })

  test('cannot be stopped by who brings a key that nothing can be wrapped to', async () => {
    await found()
    const { keys } = await circle.stranger('Ane’s phone')
    for (const box of [new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31))]) {
      const member = circle.member('Ane')
      const message = deviceMessage(circle.group, member, keys.device, box)
      const proof = await keys.sign('auzolan/sign/device/1', message)
      expect(await circle.refusal('Ane', { kind: 'addDevice', device: keys.device, box, label: '', proof })).toBe(
        'bad key',
      )
    }
  })

  test('is not written under once a device that received it is out', async () => {
    await found()
    await rotate('Ane')
    const invite = await circle.invite('Ane', 1)
    await circle.admit('Ane', invite, 'Gari')
    expect(newest()).toMatchObject([{ usable: true, lacking: [deviceOf('Gari')] }])
    await circle.decide(four, { kind: 'remove', member: circle.member('Eneko') })
    expect(newest()).toMatchObject([{ usable: false }])
    const after = await rotate('Gari')
    expect(newest()).toEqual([{ id: after.id, usable: true, lacking: [] }])
    expect(await open('Eneko', after)).toBeUndefined()
    expect(await open('Gari', after)).toMatchObject({ ok: true })
  })

  test('lives beside another made apart, and one after both gives both keys to newcomers', async () => {
    await found()
    const start = circle.heads
    const [left, right] = [await made(), await made()]
    const one = { id: await circle.say('Ane', left.control, start), ...left }
    const other = { id: await circle.say('Beñat', right.control, start), ...right }
    expect(
      newest()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([one.id, other.id].sort())
    const invite = await circle.invite('Ane', 1)
    await circle.admit('Ane', invite, 'Gari')
    const both = [one, other].map(({ id, key }) => ({ epoch: id, key }))
    const after = await rotate('Ane', both)
    expect(newest().map(({ id }) => id)).toEqual([after.id])
    const key = await open('Gari', after)
    if (!key?.ok) throw new Error('does not open')
    for (const earlier of [one, other])
      expect(openEarlier(circle.group, after.control, key.value, earlier)).toEqual({ ok: true, value: earlier.key })
    expect(await circle.refusal('Ane', (await made(both)).control)).toBe('unknown epoch')
  })

  test('with a wrap that opens to another key than was committed to is seen by who gets it', async () => {
    await found()
    const good = await made()
    const wraps = Uint8Array.from(good.control.wraps)
    wraps.set(good.control.wraps.subarray(48, 96), 0)
    const id = await circle.say('Ane', { ...good.control, wraps })
    const [first, second] = circle.log
      .recipients()
      .map(({ device }) => five.find((name) => deviceOf(name) === device) as string)
    expect(await open(first as string, { id, control: { ...good.control, wraps } })).toEqual({
      ok: false,
      error: { type: 'bad wrap' },
    })
    expect(await open(second as string, { id, control: { ...good.control, wraps } })).toMatchObject({ ok: true })
    const otherKey: Epoch = { ...good.control, commitment: new Uint8Array(32) }
    expect(await open(second as string, { id, control: otherKey })).toEqual({ ok: false, error: { type: 'bad wrap' } })
    const lowOrder: Epoch = { ...good.control, ephemeral: new Uint8Array(32) }
    expect(await open(second as string, { id, control: lowOrder })).toEqual({ ok: false, error: { type: 'bad wrap' } })
  })
})

describe('the key of an epoch', () => {
  test('is handed to a newcomer, who then reads what came before', async () => {
    await found()
    const first = await rotate('Ane')
    const second = await rotate('Beñat', [{ epoch: first.id, key: first.key }])
    await circle.admit('Ane', await circle.invite('Ane', 1), 'Gari')
    expect(await open('Gari', second)).toBeUndefined()
    await hand('Cira', second, 'Gari')
    expect(await open('Gari', second)).toEqual({ ok: true, value: second.key })
    expect(openEarlier(circle.group, second.control, second.key, first)).toEqual({ ok: true, value: first.key })
    expect(newest()).toEqual([{ id: second.id, usable: true, lacking: [] }])
    await circle.decide(four, { kind: 'remove', member: circle.member('Gari') })
    expect(circle.log.epochs().map(({ usable }) => usable)).toEqual([false, false])
  })

  test('is handed to nobody who may not write, and of no epoch that is not in the past', async () => {
    await found()
    const epoch = await rotate('Ane')
    const before = circle.heads
    await circle.decide(four, { kind: 'remove', member: circle.member('Eneko') })
    const { keys } = await circle.stranger('Gari')
    for (const { device, box } of [circle.who('Eneko').keys, keys]) {
      const control = await rewrapEpoch(circle.group, epoch.id, epoch.key, [{ device, box }], entropy)
      expect(await circle.refusal('Ane', control)).toBe('wrong recipients')
    }
    const { device, box } = circle.who('Beñat').keys
    const unknown = await rewrapEpoch(circle.group, before[0] as ControlId, epoch.key, [{ device, box }], entropy)
    expect(await circle.refusal('Ane', { ...unknown, epoch: circle.group as string as ControlId })).toBe(
      'unknown epoch',
    )
    expect(await circle.refusal('Ane', { kind: 'unread', epoch: circle.group as string as ControlId })).toBe(
      'unknown epoch',
    )
    // Handed on apart from the removal, it is with somebody who is out: a new one is needed.
    const again = await rotate('Ane')
    const apart = circle.heads
    await circle.decide(four.slice(0, 3), { kind: 'remove', member: circle.member('Dani') }, apart)
    const dani = circle.who('Dani').keys
    await circle.say('Beñat', await rewrapEpoch(circle.group, again.id, again.key, [dani], entropy), apart)
    expect(newest()).toMatchObject([{ id: again.id, usable: false }])
  })

  test('that a device says it cannot open is handed to it again, a few times', async () => {
    await found()
    const good = await made()
    const place = circle.log.recipients().findIndex(({ device }) => device === deviceOf('Dani'))
    const wraps = Uint8Array.from(good.control.wraps).fill(0, place * 48, (place + 1) * 48)
    const epoch = { id: await circle.say('Ane', { ...good.control, wraps }), control: { ...good.control, wraps } }
    const asking = () => circle.log.epochs()[0]?.asking.map(({ device }) => device)
    expect(await open('Dani', epoch)).toMatchObject({ ok: false })
    for (const again of [1, 2, 3, 4]) {
      await circle.say('Dani', { kind: 'unread', epoch: epoch.id })
      expect(asking()).toEqual(again === 4 ? [] : [deviceOf('Dani')])
      if (again < 4) await hand('Beñat', { id: epoch.id, key: good.key }, 'Dani')
      expect(asking()).toEqual([])
    }
    expect(await open('Dani', epoch)).toEqual({ ok: true, value: good.key })
    expect(await open('Ane', epoch)).toEqual({ ok: true, value: good.key })
  })
})

describe('what is sealed under an epoch', () => {
  const epoch = '11'.repeat(32) as ControlId
  const keys = new EpochKeys(epoch, new Uint8Array(32).fill(1))

  test('is opened by its key, about the same, unchanged', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 300 }), fc.nat(), (about, plain, at) => {
        const sealed = keys.seal(about, plain, entropy)
        expect(keys.open(about, sealed)).toEqual(plain)
        const changed = Uint8Array.from(sealed)
        changed[at % sealed.length]! ^= 1
        expect(keys.open(about, changed)).toBeUndefined()
        expect(keys.open(Uint8Array.of(...about, 0), sealed)).toBeUndefined()
        expect(keys.open(about, sealed.subarray(0, at % sealed.length))).toBeUndefined()
      }),
    )
    const sealed = keys.seal(new Uint8Array(0), Uint8Array.of(1), entropy)
    for (const other of [
      new EpochKeys('22'.repeat(32) as ControlId, new Uint8Array(32).fill(1)),
      new EpochKeys(epoch, new Uint8Array(32).fill(2)),
    ])
      expect(other.open(new Uint8Array(0), sealed)).toBeUndefined()
  })

  test('has a relay key and a presence key that differ from it and from each other', async () => {
    const message = Uint8Array.of(1)
    const [sign, again] = [
      await keys.relaySigner(),
      await new EpochKeys(epoch, new Uint8Array(32).fill(1)).relaySigner(),
    ]
    expect(await sign('auzolan/sign/pack/1', message)).toEqual(await again('auzolan/sign/pack/1', message))
    expect(keys.presence()).toHaveLength(32)
    expect(keys.presence()).not.toEqual(
      new EpochKeys('22'.repeat(32) as ControlId, new Uint8Array(32).fill(1)).presence(),
    )
  })
})

test('two keys agree on the same with and without WebCrypto, for one label and context', async () => {
  const [ane, benat] = await Promise.all([
    seededKeys(new Uint8Array(32).fill(1)),
    seededKeys(new Uint8Array(32).fill(2)),
  ])
  const context = Uint8Array.of(1)
  const native = await ane.agree('auzolan/agree/epoch/1', benat.box, context)
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
  const other = await seededKeys(new Uint8Array(32).fill(2))
  expect(await other.agree('auzolan/agree/epoch/1', ane.box, context)).toEqual(native)
  expect(native).toHaveLength(32)
  expect(await other.agree('auzolan/agree/epoch/1', ane.box, Uint8Array.of(2))).not.toEqual(native)
  const agree = await agreerOf(new Uint8Array(32).fill(3))
  for (const improper of [new Uint8Array(32), new Uint8Array(31), Uint8Array.of(1, ...new Uint8Array(31))])
    expect(await agree('auzolan/agree/epoch/1', improper, context)).toBeUndefined()
})
