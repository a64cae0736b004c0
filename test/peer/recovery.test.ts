import type { DeviceId, GroupId } from '@auzolan/core'
import { MemoryHub } from '@auzolan/network'
import type { Peer } from '@auzolan/peer'
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
  for (const one of names) for (const other of names) if (one < other) hub.connect(one, other)
  const alone = (name: string) => {
    for (const other of names) if (other !== name) hub.cut(name, other)
  }
  return { hub, all: all as { -readonly [K in keyof N]: Participant }, alone }
}

const stepOf = async (peer: Peer, group: GroupId, ...steps: readonly string[]) =>
  inTime(until(peer, { view: 'join', group }, ({ step }) => steps.includes(step)))

/** Ada's group with Ben in it. */
const withBen = async (phone: Participant, ben: Participant): Promise<GroupId> => {
  const group = value(await phone.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
  value(await ben.peer.join(value(await phone.peer.invite(group, { uses: 1 })).link, { name: 'Ben' }))
  await stepOf(ben.peer, group, 'done')
  return group
}
const knowsSheet = (peer: Peer, group: GroupId, sheet: DeviceId) =>
  inTime(until(peer, { view: 'devices', group }, ({ sheets }) => sheets.some(({ id }) => id === sheet)))

describe('a recovery sheet', () => {
  test('brings back the same person, whose own devices are all gone: work, places taken and vote', async () => {
    const { all, alone } = await devices(['phone', 'ben', 'fresh'])
    const [phone, ben, fresh] = all
    const group = await withBen(phone, ben)
    const initiative = value(await phone.peer.startInitiative(group, { title: 'Repair café' }))
    const action = value(await phone.peer.planAction(group, initiative, { title: 'Fix lamps', places: 2 }))
    value(await phone.peer.takeAction(group, initiative, action))
    const asked = value(await phone.peer.propose(group, { is: 'rename', name: 'Elm Street Garden' }))
    const sheet = value(await phone.peer.makeSheet(group))
    const { me } = await until(phone.peer, { view: 'home', group })
    expect((await until(phone.peer, { view: 'status', group })).copies).toHaveLength(1)
    await inTime(until(ben.peer, { view: 'initiative', group, initiative }, ({ actions }) => actions.length === 1))
    await inTime(until(ben.peer, { view: 'decisions', group }, ({ proposals }) => proposals.length === 1))
    await inTime(until(phone.peer, { view: 'status', group }, ({ onlyHere }) => onlyHere === 0))
    alone('phone')
    await phone.stop()

    expect(value(await fresh.peer.readSheet(sheet.link))).toEqual({ group, groupName: 'Elm Street', myName: 'Ada' })
    value(await fresh.peer.recover(sheet.link, { called: 'New phone' }))
    await stepOf(fresh.peer, group, 'done')
    const home = await inTime(until(fresh.peer, { view: 'home', group }, ({ initiatives }) => initiatives.length === 1))
    expect(home.me).toEqual(me)
    const { actions, startedBy } = await inTime(
      until(fresh.peer, { view: 'initiative', group, initiative }, (view) => view.actions[0]?.takes.length === 1),
    )
    expect([startedBy.id, actions[0]?.takes[0]?.by.id]).toEqual([me.id, me.id])
    // What the lost phone took, the new one can give back; what it could vote on, it can.
    value(await fresh.peer.giveBack(group, initiative, actions[0]?.takes[0]?.id ?? ('' as never)))
    await inTime(
      until(fresh.peer, { view: 'decisions', group }, ({ proposals }) => (proposals[0]?.offers.length ?? 0) > 0),
    )
    value(await fresh.peer.vote(group, asked, 'yes'))
    await inTime(until(ben.peer, { view: 'decisions', group }, ({ proposals }) => proposals[0]?.yes === 1))

    // The group sees that it was used, and the lost phone is locked out.
    const { people } = await inTime(
      until(ben.peer, { view: 'people', group }, (view) => view.people.some(({ cameBack }) => cameBack !== null)),
    )
    expect(people.map(({ name, cameBack, devices: own }) => [name, cameBack?.by ?? null, own.length])).toEqual([
      ['Ada', 'sheet', 2],
      ['Ben', null, 1],
    ])
    const { devices: own, sheets } = await until(fresh.peer, { view: 'devices', group })
    expect(sheets).toEqual([])
    expect(own.map(({ label, current, bySheet }) => ({ label, current, bySheet }))).toEqual([
      { label: 'New phone', current: true, bySheet: true },
      { label: '', current: false, bySheet: false },
    ])
    value(await fresh.peer.revokeDevice(group, own[1]?.id as DeviceId))
    await inTime(until(ben.peer, { view: 'people', group }, (view) => view.people[0]?.devices.length === 1))
  })

  test('is good once, and another finds out that it was used or cancelled', async () => {
    const { all } = await devices(['phone', 'ben', 'fresh', 'thief'])
    const [phone, ben, fresh, thief] = all
    const group = await withBen(phone, ben)
    const first = value(await phone.peer.makeSheet(group))
    // A new one ends the one before.
    const sheet = value(await phone.peer.makeSheet(group))
    expect((await knowsSheet(phone.peer, group, sheet.id)).sheets).toHaveLength(1)
    value(await thief.peer.recover(first.link, { called: 'Phone' }))
    expect(await stepOf(thief.peer, group, 'refused', 'done')).toEqual({ step: 'refused', why: 'cancelled' })
    value(await fresh.peer.recover(sheet.link, { called: 'New phone' }))
    await stepOf(fresh.peer, group, 'done')
    value(await thief.peer.recover(sheet.link, { called: 'Phone' }))
    expect(await stepOf(thief.peer, group, 'refused', 'done')).toEqual({ step: 'refused', why: 'used' })
    expect(await fresh.peer.readSheet(sheet.link)).toMatchObject({ error: { type: 'already a member' } })
    expect(await phone.peer.cancelSheet(group, sheet.id)).toMatchObject({ error: { type: 'no such thing' } })
    const third = value(await fresh.peer.makeSheet(group))
    value(await fresh.peer.cancelSheet(group, third.id))
    expect((await until(fresh.peer, { view: 'devices', group })).sheets).toEqual([])
  })

  test('that was typed finds the group by any invitation to it, which is not used up', async () => {
    const { all } = await devices(['phone', 'ben', 'fresh'])
    const [phone, ben, fresh] = all
    const group = await withBen(phone, ben)
    const sheet = value(await phone.peer.makeSheet(group))
    const typed = sheet.lines.join('\n').toLowerCase()
    expect(value(await fresh.peer.readSheet(typed))).toEqual({ group, groupName: '', myName: '' })
    const wrong = sheet.lines.map((line, at) =>
      at === 2 ? line.replace(/.$/, (last) => (last === '0' ? '1' : '0')) : line,
    )
    expect(await fresh.peer.readSheet(wrong.join(' '))).toEqual({ ok: false, error: { type: 'mistyped', line: 3 } })
    const { link } = value(await ben.peer.invite(group, { uses: 1 }))
    const other = value(await fresh.peer.createGroup({ name: 'Oak Street', myName: 'Ada' }))
    const elsewhere = value(await fresh.peer.invite(other, { uses: 1 })).link
    expect(await fresh.peer.recover(typed, { called: '', near: elsewhere })).toMatchObject({
      error: { type: 'other group' },
    })
    value(await fresh.peer.recover(typed, { called: 'New phone', near: link }))
    await stepOf(fresh.peer, group, 'done')
    const { invitations } = await inTime(until(ben.peer, { view: 'people', group }))
    expect(invitations.map(({ used }) => used.length).sort()).toEqual([0, 1])
  })

  test('made on a device that is locked out ends with it', async () => {
    const { all } = await devices(['phone', 'laptop', 'thief'])
    const [phone, laptop, thief] = all
    const group = value(await phone.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
    value(await laptop.peer.useDeviceLink(value(await phone.peer.linkDevice(group)).link, 'Laptop'))
    const { linking } = await inTime(
      until(phone.peer, { view: 'devices', group }, (view) => view.linking.step === 'asked'),
    )
    if (linking.step !== 'asked') throw new Error('nobody asks')
    value(await phone.peer.confirmDevice(group, linking.device))
    await stepOf(laptop.peer, group, 'done')
    const sheet = value(await laptop.peer.makeSheet(group))
    await knowsSheet(phone.peer, group, sheet.id)
    value(await phone.peer.revokeDevice(group, linking.device))
    expect((await until(phone.peer, { view: 'devices', group })).sheets).toEqual([])
    value(await thief.peer.recover(sheet.link, { called: 'Laptop' }))
    expect(await stepOf(thief.peer, group, 'refused', 'done')).toEqual({ step: 'refused', why: 'cancelled' })
  })

  test('of somebody who left or was removed says so', async () => {
    const { all, hub } = await devices(['phone', 'ben', 'fresh'])
    const [phone, ben, fresh] = all
    const group = await withBen(phone, ben)
    const sheet = value(await ben.peer.makeSheet(group))
    const { me } = await until(ben.peer, { view: 'home', group })
    await inTime(until(phone.peer, { view: 'people', group }, ({ people }) => people.length === 2))
    const removal = value(await phone.peer.propose(group, { is: 'remove', person: me.id }))
    value(await phone.peer.vote(group, removal, 'yes'))
    phone.quiet()
    await inTime(until(phone.peer, { view: 'decisions', group }, ({ removed }) => removed.length === 1))
    hub.cut('ben', 'fresh')
    value(await fresh.peer.recover(sheet.link, { called: 'New phone' }))
    expect(await stepOf(fresh.peer, group, 'refused', 'done')).toEqual({ step: 'refused', why: 'removed' })
  })
})

describe('somebody who has lost every device, and has no sheet', () => {
  test('goes on with a new one once the group has decided so, as the same person; the earlier devices and sheets are over', async () => {
    const { all, hub, alone } = await devices(['phone', 'ben', 'cleo', 'fresh'])
    const [phone, ben, cleo, fresh] = all
    const group = await withBen(phone, ben)
    value(await cleo.peer.join(value(await phone.peer.invite(group, { uses: 1 })).link, { name: 'Cleo' }))
    await stepOf(cleo.peer, group, 'done')
    const initiative = value(await ben.peer.startInitiative(group, { title: 'Repair café' }))
    const sheet = value(await ben.peer.makeSheet(group))
    const { me } = await until(ben.peer, { view: 'home', group })
    for (const { peer } of [phone, cleo])
      await inTime(until(peer, { view: 'home', group }, ({ initiatives }) => initiatives.length === 1))
    await inTime(until(phone.peer, { view: 'status', group }, ({ copies }) => copies.length === 2))
    await inTime(until(ben.peer, { view: 'status', group }, ({ onlyHere }) => onlyHere === 0))
    alone('ben')

    // Whoever is called shows the code; it lets nobody in by itself.
    const opened = value(await cleo.peer.linkLost(group, me.id))
    expect(value(await fresh.peer.readDeviceLink(opened.link))).toEqual({
      group,
      groupName: 'Elm Street',
      myName: 'Ben',
      lost: true,
    })
    value(await fresh.peer.useDeviceLink(opened.link, 'New phone'))
    const { linking } = await inTime(
      until(cleo.peer, { view: 'devices', group }, (view) => view.linking.step === 'asked'),
    )
    if (linking.step !== 'asked') throw new Error('nobody asks')
    expect(await stepOf(fresh.peer, group, 'compare')).toEqual({ step: 'compare', numbers: linking.numbers })
    value(await cleo.peer.confirmDevice(group, linking.device))
    const { proposals } = await inTime(
      until(phone.peer, { view: 'decisions', group }, (view) => view.proposals.length === 1),
    )
    expect(proposals[0]).toMatchObject({ action: { is: 'rebind', person: { name: 'Ben' } }, phase: 'open' })
    expect(await stepOf(fresh.peer, group, 'compare')).toMatchObject({ step: 'compare' })
    // The decision reaches the new device also where the one that showed the code is away by then.
    alone('cleo')
    value(await phone.peer.vote(group, proposals[0]?.id ?? ('' as never), 'yes'))
    phone.quiet()
    await stepOf(fresh.peer, group, 'done')
    const home = await inTime(until(fresh.peer, { view: 'home', group }, ({ initiatives }) => initiatives.length === 1))
    expect([home.me, home.initiatives[0]?.startedBy.id]).toEqual([me, me.id])
    value(await fresh.peer.sendMessage(group, initiative, 'I am back'))
    const { people } = await inTime(
      until(phone.peer, { view: 'people', group }, (view) => view.people.some(({ cameBack }) => cameBack !== null)),
    )
    expect(people.find(({ id }) => id === me.id)).toMatchObject({ cameBack: { by: 'group' }, devices: [{}] })

    hub.connect('phone', 'ben')
    await inTime(until(ben.peer, { view: 'groups' }, ([row]) => row?.standing === 'revoked'))
    value(await ben.peer.recover(sheet.link, { called: 'Old phone' }))
    expect(await stepOf(ben.peer, group, 'refused', 'done')).toEqual({ step: 'refused', why: 'cancelled' })
  })

  test('is not asked about where nobody knows them or they are out', async () => {
    const { all } = await devices(['phone', 'ben'])
    const [phone, ben] = all
    const group = await withBen(phone, ben)
    const { me } = await until(ben.peer, { view: 'home', group })
    value(await ben.peer.leave(group))
    await inTime(until(phone.peer, { view: 'people', group }, (view) => view.people.some(({ left }) => left)))
    expect(await phone.peer.linkLost(group, me.id)).toMatchObject({ error: { type: 'no such thing' } })
  })
})
