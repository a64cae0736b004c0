import type { DeviceId, GroupId } from '@auzolan/core'
import { MemoryHub } from '@auzolan/network'
import type { DevicesView, Peer } from '@auzolan/peer'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { inTime, Noise, steadySubtle } from '../support/noise.ts'
import { Participant, steppedClock, until, value } from '../support/participant.ts'

afterEach(async () => {
  for (const device of running.splice(0)) await device.stop()
  vi.unstubAllGlobals()
})

const running: Participant[] = []

/** Devices in one place, linked with each other. */
const devices = async <const N extends readonly string[]>(names: N) => {
  vi.stubGlobal('crypto', {
    getRandomValues: crypto.getRandomValues.bind(crypto),
    subtle: new Noise(0, 0).around(steadySubtle()),
  })
  const hub = new MemoryHub({ auto: true })
  const clock = steppedClock()
  const all = names.map((name, at) => new Participant(name, hub, at + 1, clock))
  running.push(...all)
  for (const device of all) await device.start()
  const each = (act: (one: string, other: string) => void) => {
    for (const one of names) for (const other of names) if (one < other) act(one, other)
  }
  each((one, other) => hub.connect(one, other))
  return {
    hub,
    all: all as { -readonly [K in keyof N]: Participant },
    cut: () => each((one, other) => hub.cut(one, other)),
  }
}

const seen = (peer: Peer, group: GroupId, enough: (view: DevicesView) => boolean): Promise<DevicesView> =>
  inTime(until(peer, { view: 'devices', group }, enough))
const stepOf = async (peer: Peer, group: GroupId, ...steps: readonly string[]) =>
  inTime(until(peer, { view: 'join', group }, ({ step }) => steps.includes(step)))
const asking = async (peer: Peer, group: GroupId) => {
  const { linking } = await seen(peer, group, (view) => view.linking.step === 'asked')
  if (linking.step !== 'asked') throw new Error('nobody asks')
  return linking
}

/** `to` becomes one more device of the person who holds `from`. */
const link = async (from: Participant, to: Participant, group: GroupId): Promise<DeviceId> => {
  const opened = value(await from.peer.linkDevice(group))
  value(await to.peer.useDeviceLink(opened.link, to.name))
  const { device, numbers } = await asking(from.peer, group)
  expect(await stepOf(to.peer, group, 'compare')).toEqual({ step: 'compare', numbers })
  value(await from.peer.confirmDevice(group, device))
  await stepOf(to.peer, group, 'done')
  return device
}

test('a device is renamed on all of its person’s devices, and who has heard that it is locked out is known', async () => {
  const { hub, all } = await devices(['phone', 'laptop', 'ben'])
  const [phone, laptop, ben] = all
  const group = value(await phone.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
  value(await ben.peer.join(value(await phone.peer.invite(group, { uses: 1 })).link, { name: 'Ben' }))
  await stepOf(ben.peer, group, 'done')
  const device = await link(phone, laptop, group)
  value(await phone.peer.nameDevice(group, device, ' Kitchen  laptop'))
  await seen(laptop.peer, group, (view) => view.devices[0]?.label === 'Kitchen  laptop')
  expect(await ben.peer.nameDevice(group, device, 'Mine')).toEqual({ ok: false, error: { type: 'not yours' } })

  hub.cut('phone', 'ben')
  hub.cut('laptop', 'ben')
  value(await phone.peer.revokeDevice(group, device))
  const heardOf = (view: DevicesView) => view.devices.find(({ id }) => id === device)?.heard
  const before = heardOf(await seen(phone.peer, group, (view) => heardOf(view)?.missing.length === 1))
  expect(before).toMatchObject({ devices: 2, missing: [{ by: { name: 'Ben' } }] })
  hub.connect('phone', 'ben')
  expect(heardOf(await seen(phone.peer, group, (view) => heardOf(view)?.missing.length === 0))?.devices).toBe(2)
})

describe('a further device', () => {
  test('is the same person: the name, the vote and what was taken are theirs on both, though written apart', async () => {
    const { hub, all, cut } = await devices(['phone', 'laptop', 'ben'])
    const [phone, laptop, ben] = all
    const group = value(await phone.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
    value(await ben.peer.join(value(await phone.peer.invite(group, { uses: 1 })).link, { name: 'Ben' }))
    await stepOf(ben.peer, group, 'done')
    const initiative = value(await phone.peer.startInitiative(group, { title: 'Repair café' }))
    const action = value(await phone.peer.planAction(group, initiative, { title: 'Fix lamps', places: 2 }))
    await link(phone, laptop, group)

    const { me } = await until(laptop.peer, { view: 'home', group })
    expect(me).toMatchObject({ name: 'Ada', me: true })
    cut()
    value(await phone.peer.sendMessage(group, initiative, 'from the phone'))
    value(await laptop.peer.sendMessage(group, initiative, 'from the laptop'))
    value(await laptop.peer.takeAction(group, initiative, action))
    const asked = value(await laptop.peer.propose(group, { is: 'rename', name: 'Elm Street Garden' }))
    value(await laptop.peer.vote(group, asked, 'yes'))
    hub.connect('phone', 'laptop')
    hub.connect('phone', 'ben')
    for (const { peer } of all) {
      const { messages } = await inTime(
        until(peer, { view: 'thread', group, thread: initiative }, (view) => view.messages.length === 2),
      )
      expect(messages.map(({ by }) => by.name)).toEqual(['Ada', 'Ada'])
      const { people } = await inTime(
        until(peer, { view: 'people', group }, (view) => view.people.some((person) => person.devices.length === 2)),
      )
      expect(people.map(({ name, devices }) => [name, devices.length])).toEqual([
        ['Ada', 2],
        ['Ben', 1],
      ])
      await inTime(
        until(
          peer,
          { view: 'initiative', group, initiative },
          ({ actions: [first] }) => first?.takes[0]?.by.id === me.id,
        ),
      )
    }
    // What one of them has taken the other can give back, and what one said yes to is said for both.
    const [taken] = (await until(phone.peer, { view: 'initiative', group, initiative })).actions[0]?.takes ?? []
    value(await phone.peer.giveBack(group, initiative, taken?.id ?? ('' as never)))
    const { proposals } = await inTime(
      until(phone.peer, { view: 'decisions', group }, (view) => view.proposals[0]?.mine === 'yes'),
    )
    expect(proposals[0]).toMatchObject({ yes: 1, of: 1 })
    const { devices: own } = await seen(phone.peer, group, (view) => view.devices.length === 2)
    expect(own.map(({ label, current, revoked }) => ({ label, current, revoked }))).toEqual([
      { label: '', current: true, revoked: false },
      { label: 'laptop', current: false, revoked: false },
    ])
  })

  test('asks nobody but the device that showed the link', async () => {
    const { hub, all } = await devices(['phone', 'laptop', 'ben'])
    const [phone, laptop, ben] = all
    const group = value(await phone.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
    value(await ben.peer.join(value(await phone.peer.invite(group, { uses: 1 })).link, { name: 'Ben' }))
    await stepOf(ben.peer, group, 'done')
    // Somebody who photographed the code, and is in the group, waits for the laptop in the phone's place.
    const opened = value(await phone.peer.linkDevice(group))
    hub.cut('phone', 'laptop')
    value(await laptop.peer.useDeviceLink(opened.link, 'Laptop'))
    expect(await stepOf(laptop.peer, group, 'looking')).toEqual({ step: 'looking' })
    expect((await seen(ben.peer, group, () => true)).linking).toEqual({ step: 'none' })
    hub.connect('phone', 'laptop')
    const { numbers } = await asking(phone.peer, group)
    expect(await stepOf(laptop.peer, group, 'compare')).toEqual({ step: 'compare', numbers })
  })

  test('that asks second, after the end, or with other words on its screen is told so, and nobody comes in', async () => {
    const { all } = await devices(['phone', 'laptop', 'mallory'])
    const [phone, laptop, mallory] = all
    const group = value(await phone.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
    const first = value(await phone.peer.linkDevice(group))
    value(await mallory.peer.useDeviceLink(first.link, 'Laptop'))
    const { numbers } = await asking(phone.peer, group)
    value(await laptop.peer.useDeviceLink(first.link, 'Laptop'))
    expect(await stepOf(laptop.peer, group, 'refused', 'compare')).toEqual({ step: 'refused', why: 'used' })
    await phone.peer.stopLinking(group, 'refused')
    expect(await stepOf(mallory.peer, group, 'refused')).toEqual({ step: 'refused', why: 'refused' })
    // Again, by a new link.
    const second = value(await phone.peer.linkDevice(group))
    value(await laptop.peer.useDeviceLink(second.link, 'Laptop'))
    const asked = await asking(phone.peer, group)
    expect(asked.numbers).not.toEqual(numbers)
    await phone.peer.stopLinking(group, 'ended')
    expect(await stepOf(laptop.peer, group, 'refused')).toEqual({ step: 'refused', why: 'ended' })
    expect(await phone.peer.confirmDevice(group, asked.device)).toEqual({ ok: false, error: { type: 'no such thing' } })
    expect((await seen(phone.peer, group, () => true)).devices).toHaveLength(1)
  })

  test('comes in by a link that another tab shows than the one with the network', async () => {
    const { all } = await devices(['phone', 'laptop'])
    const [phone, laptop] = all
    const group = value(await phone.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
    const tab = await phone.openTab()
    await until(tab, { view: 'home', group })
    const opened = value(await tab.linkDevice(group))
    value(await laptop.peer.useDeviceLink(opened.link, 'Laptop'))
    const { device, numbers } = await asking(tab, group)
    expect(await stepOf(laptop.peer, group, 'compare')).toEqual({ step: 'compare', numbers })
    value(await tab.confirmDevice(group, device))
    await stepOf(laptop.peer, group, 'done')
    for (const peer of [phone.peer, tab]) await seen(peer, group, (view) => view.devices.length === 2)
  })
})

describe('a device that was locked out', () => {
  test('keeps what it wrote before, and what it writes from then on does not count', async () => {
    const { hub, all } = await devices(['phone', 'laptop', 'ben'])
    const [phone, laptop, ben] = all
    const group = value(await phone.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
    value(await ben.peer.join(value(await phone.peer.invite(group, { uses: 1 })).link, { name: 'Ben' }))
    await stepOf(ben.peer, group, 'done')
    const initiative = value(await phone.peer.startInitiative(group, { title: 'Repair café' }))
    const device = await link(phone, laptop, group)
    await inTime(until(laptop.peer, { view: 'initiative', group, initiative }))
    value(await laptop.peer.sendMessage(group, initiative, 'before'))
    const thread = { view: 'thread', group, thread: initiative } as const
    const texts = (view: { readonly messages: readonly { readonly text: string | null }[] }) =>
      view.messages.map(({ text }) => text)
    for (const { peer } of [phone, ben]) await inTime(until(peer, thread, (view) => texts(view).includes('before')))

    hub.cut('phone', 'laptop')
    hub.cut('ben', 'laptop')
    value(await phone.peer.revokeDevice(group, device))
    await inTime(
      until(ben.peer, { view: 'people', group }, ({ people }) => people.every((person) => person.devices.length === 1)),
    )
    expect(await phone.peer.revokeDevice(group, device)).toEqual({ ok: false, error: { type: 'no such thing' } })
    expect((await seen(phone.peer, group, () => true)).devices.map(({ revoked }) => revoked)).toEqual([false, true])
    value(await phone.peer.sendMessage(group, initiative, 'after'))
    await inTime(until(ben.peer, thread, (view) => texts(view).includes('after')))
    expect(texts(await until(ben.peer, thread))).toEqual(['before', 'after'])
  })

  test('hears of it from whoever it meets, says so, and comes back with a new key by a new link', async () => {
    const { hub, all, cut } = await devices(['phone', 'laptop'])
    const [phone, laptop] = all
    const group = value(await phone.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
    const device = await link(phone, laptop, group)
    cut()
    value(await phone.peer.revokeDevice(group, device))
    hub.connect('phone', 'laptop')
    await inTime(until(laptop.peer, { view: 'groups' }, ([row]) => row?.standing === 'revoked'))
    const title = 'Repair café'
    expect(await laptop.peer.startInitiative(group, { title })).toMatchObject({ error: { type: 'device revoked' } })
    expect(await laptop.peer.linkDevice(group)).toMatchObject({ error: { type: 'device revoked' } })
    const { devices: own } = await seen(laptop.peer, group, () => true)
    expect(own.map(({ current, revoked }) => ({ current, revoked }))).toEqual([
      { current: true, revoked: true },
      { current: false, revoked: false },
    ])
    const again = await link(phone, laptop, group)
    expect(again).not.toBe(device)
    value(await laptop.peer.startInitiative(group, { title }))
    await inTime(until(phone.peer, { view: 'home', group }, ({ initiatives }) => initiatives[0]?.title === title))
  })

  test('by the very device that it locked out counts no more than that one, whoever was heard first', async () => {
    const { hub, all, cut } = await devices(['phone', 'laptop', 'ben', 'cleo'])
    const [phone, laptop, ben, cleo] = all
    const group = value(await phone.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
    const { link: invitation } = value(await phone.peer.invite(group, { uses: 2 }))
    for (const { name, peer } of [ben, cleo]) {
      value(await peer.join(invitation, { name }))
      await stepOf(peer, group, 'done')
    }
    const device = await link(phone, laptop, group)
    const own = (await seen(phone.peer, group, (view) => view.devices.length === 2)).devices[0]?.id as DeviceId
    const left = ({ peer }: Participant, count: number) =>
      inTime(until(peer, { view: 'people', group }, ({ people }) => people[0]?.devices.length === count))
    for (const one of [ben, cleo]) await left(one, 2)
    cut()
    value(await phone.peer.revokeDevice(group, device))
    value(await laptop.peer.revokeDevice(group, own))
    // One of them hears of the one end, one of the other.
    hub.connect('phone', 'ben')
    hub.connect('laptop', 'cleo')
    for (const one of [ben, cleo]) await left(one, 1)
    hub.cut('phone', 'ben')
    hub.cut('laptop', 'cleo')
    hub.connect('ben', 'cleo')
    for (const one of [ben, cleo]) await left(one, 0)
  })

  test('cannot be somebody else’s, nor the one in hand', async () => {
    const { all } = await devices(['phone', 'ben'])
    const [phone, ben] = all
    const group = value(await phone.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
    value(await ben.peer.join(value(await phone.peer.invite(group, { uses: 1 })).link, { name: 'Ben' }))
    await stepOf(ben.peer, group, 'done')
    const [own] = (await seen(phone.peer, group, () => true)).devices
    const [theirs] = (await seen(ben.peer, group, () => true)).devices
    await inTime(until(phone.peer, { view: 'people', group }, ({ people }) => people.length === 2))
    expect(await phone.peer.revokeDevice(group, own?.id as DeviceId)).toMatchObject({
      error: { type: 'no such thing' },
    })
    expect(await phone.peer.revokeDevice(group, theirs?.id as DeviceId)).toMatchObject({ error: { type: 'not yours' } })
  })
})
