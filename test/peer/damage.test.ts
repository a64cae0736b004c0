import type { DocumentId, GroupId } from '@auzolan/core'
import { MemoryHub } from '@auzolan/network'
import { MemoryDisk, openMemoryStore } from '@auzolan/storage'
import { strFromU8, unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { KEEPER, KEEPER_ADDRESS, openKeeper } from '../support/keeping.ts'
import { Participant, steppedClock, until, value } from '../support/participant.ts'

const copyOf = async (disk: MemoryDisk): Promise<MemoryDisk> => {
  const copy = new MemoryDisk()
  for (const part of ['g', 'groups', 'contacts', 'helpers', 'quarantine'])
    await openMemoryStore(copy).write(
      (await openMemoryStore(disk).range({ prefix: [part] })).map((record) => ({ do: 'put' as const, ...record })),
      { durability: 'strict' },
    )
  for (const [name, secret] of disk.secrets) copy.secrets.set(name, secret)
  return copy
}

const started = async () => {
  const hub = new MemoryHub({ auto: true })
  const clock = steppedClock()
  const [ada, ben] = [new Participant('ada', hub, 1, clock), new Participant('ben', hub, 2, clock)]
  await ada.start()
  await ben.start()
  hub.connect('ada', 'ben')
  const group = value(await ada.peer.createGroup({ name: 'Elm Street Garden', myName: 'Ada' }))
  const initiative = value(await ada.peer.startInitiative(group, { title: 'Repair café' }))
  const { link } = value(await ada.peer.invite(group, { uses: 5 }))
  value(await ben.peer.join(link, { name: 'Ben' }))
  await until(ben.peer, { view: 'initiative', group, initiative })
  return { hub, clock, ada, ben, group, initiative }
}

const seen = async ({ peer }: Participant, group: GroupId, initiative: DocumentId, plan: string, messages: number) => {
  const view = await until(
    peer,
    { view: 'initiative', group, initiative },
    (view) => view.plan.text === plan && view.actions.length === 2,
  )
  const thread = await until(
    peer,
    { view: 'thread', group, thread: initiative },
    (view) => view.messages.length === messages,
  )
  return {
    plan: view.plan.text,
    actions: view.actions.map(({ title }) => title.value),
    talk: thread.messages.map(({ text }) => text),
  }
}

test('one bit turned in any record of a disk: the peer opens, and everything is there again once others are met', async () => {
  const { hub, clock, ada, ben, group, initiative } = await started()
  for (const title of ['Fixers', 'Cake']) value(await ada.peer.planAction(group, initiative, { title, places: 2 }))
  value(await ada.peer.edit(group, initiative, [{ do: 'write', field: ['plan'], from: [], text: 'Bring tools.' }]))
  for (let message = 0; message < 20; message++)
    value(await ada.peer.sendMessage(group, initiative, `${message} `.repeat(900)))
  value(await ben.peer.sendMessage(group, initiative, 'Done?'))
  const whole = await seen(ada, group, initiative, 'Bring tools.', 21)
  expect(await seen(ben, group, initiative, 'Bring tools.', 21)).toEqual(whole)
  ada.quiet()
  await ada.stop()
  const records = [
    ...(await openMemoryStore(ada.disk).range({ prefix: ['g'] })),
    ...(await openMemoryStore(ada.disk).range({ prefix: ['groups'] })),
  ]
  expect(new Set(records.map(({ key }) => (key[0] === 'g' ? key[2] : key[0])))).toEqual(
    new Set(['control', 'home', 'known', 'links', 'segment', 'tail', 'tip', 'view', 'groups']),
  )
  for (const [number, { key, value: good }] of records.entries()) {
    const disk = await copyOf(ada.disk)
    const bad = good.slice()
    const bit = (number * 7919) % (bad.length * 8)
    bad[bit >> 3]! ^= 1 << (bit & 7)
    await openMemoryStore(disk).write([{ do: 'put', key, value: bad }], { durability: 'strict' })
    const name = `ada${number}`
    const damaged = new Participant(name, hub, 3, clock, { disk, secrets: ada.secretsDisk })
    await damaged.start()
    await until(damaged.peer, { view: 'home', group }, ({ initiatives }) => initiatives.length === 1)
    hub.connect(name, 'ben')
    value(await damaged.peer.rename(group, 'Ada').then((said) => (said.ok ? said : { ok: true, value: said })))
    damaged.quiet()
    expect(await seen(damaged, group, initiative, 'Bring tools.', 21)).toEqual(whole)
    await damaged.crash()
  }
})

test('two devices that write with one key are found out: the device is frozen everywhere, the person is not', async () => {
  const { hub, clock, ada, ben, group, initiative } = await started()
  const cleo = new Participant('cleo', hub, 4, clock)
  await cleo.start()
  hub.connect('ada', 'cleo')
  hub.connect('ben', 'cleo')
  const { link } = value(await ada.peer.invite(group, { uses: 1 }))
  value(await cleo.peer.join(link, { name: 'Cleo' }))
  await until(cleo.peer, { view: 'initiative', group, initiative })
  await ben.stop()
  const twin = new Participant('twin', hub, 5, clock, { disk: await copyOf(ben.disk), secrets: ben.secretsDisk })
  hub.cut('ben', 'cleo')
  hub.cut('ada', 'cleo')
  hub.cut('ada', 'twin')
  hub.cut('ben', 'twin')
  await ben.start()
  await twin.start()
  hub.connect('twin', 'cleo')
  value(await ben.peer.sendMessage(group, initiative, 'I am Ben'))
  value(await twin.peer.sendMessage(group, initiative, 'So am I'))
  await until(ada.peer, { view: 'thread', group, thread: initiative }, ({ messages }) => messages.length === 1)
  await until(cleo.peer, { view: 'thread', group, thread: initiative }, ({ messages }) => messages.length === 1)
  hub.heal('ada', 'cleo')
  for (const { peer } of [ada, cleo]) {
    const { people } = await until(peer, { view: 'people', group }, (view) =>
      view.people.some(({ devices }) => devices.some(({ frozen }) => frozen)),
    )
    expect(
      people.filter(({ devices }) => devices.some(({ frozen }) => frozen)).map(({ name, left }) => [name, left]),
    ).toEqual([['Ben', false]])
    const { aside } = await until(peer, { view: 'decisions', group }, (view) => view.aside.length > 0)
    expect(aside).toMatchObject([{ by: { name: 'Ben' }, state: 'refused', why: { because: 'two at one place' } }])
  }
  await until(ben.peer, { view: 'people', group }, (view) =>
    view.people.some(({ devices }) => devices.some(({ frozen }) => frozen)),
  )
  expect(await ben.peer.sendMessage(group, initiative, 'Really')).toEqual({
    ok: false,
    error: { type: 'device frozen' },
  })
  value(await ada.peer.sendMessage(group, initiative, 'Both of you?'))
  await until(cleo.peer, { view: 'thread', group, thread: initiative }, ({ messages }) => messages.length === 2)
})

/**
 * Two devices write with Ben's key while two halves of the street are apart: each lets somebody in by an invitation that the other half has never
 * heard of, and whom they let in says something. Ada and Dora are one half, Cleo and Emil the other; Ben's devices are gone.
 */
const halves = async () => {
  const { hub, clock, ada, ben, group, initiative } = await started()
  const cleo = new Participant('cleo', hub, 4, clock)
  await cleo.start()
  hub.connect('ada', 'cleo')
  value(await cleo.peer.join(value(await ada.peer.invite(group, { uses: 1 })).link, { name: 'Cleo' }))
  await until(cleo.peer, { view: 'initiative', group, initiative })
  await until(ben.peer, { view: 'people', group }, ({ people }) => people.length === 3)
  await ben.stop()
  const twin = new Participant('twin', hub, 5, clock, { disk: await copyOf(ben.disk), secrets: ben.secretsDisk })
  for (const [one, other] of [
    ['ada', 'cleo'],
    ['ada', 'twin'],
    ['ben', 'cleo'],
    ['ben', 'twin'],
  ] as const)
    hub.cut(one, other)
  await ben.start()
  await twin.start()
  hub.connect('twin', 'cleo')
  const welcome = async (host: Participant, guest: Participant, name: string, through: Participant) => {
    await guest.start()
    hub.connect(guest.name, through.name)
    value(await guest.peer.join(value(await host.peer.invite(group, { uses: 1 })).link, { name }))
    await until(guest.peer, { view: 'join', group }, ({ step }) => step === 'done')
    await until(guest.peer, { view: 'initiative', group, initiative })
  }
  const [dora, emil] = [new Participant('dora', hub, 6, clock), new Participant('emil', hub, 7, clock)]
  await welcome(ben, dora, 'Dora', ada)
  await welcome(twin, emil, 'Emil', cleo)
  await ben.stop()
  await twin.stop()
  value(await dora.peer.sendMessage(group, initiative, 'Dora is here'))
  value(await emil.peer.sendMessage(group, initiative, 'Emil too'))
  /** Everybody is known, and what was said is there. */
  const everything = async ({ peer }: Participant, people: number) => {
    await until(peer, { view: 'thread', group, thread: initiative }, ({ messages }) => messages.length === 2)
    const view = await until(peer, { view: 'people', group }, (view) => view.people.length === people)
    return view.people.map(({ name }) => name).sort()
  }
  return { hub, clock, ada, cleo, dora, emil, group, initiative, welcome, everything }
}

test('what others built on what two devices with one key decided apart, comes to everybody: nobody waits for ever', async () => {
  const { hub, clock, ada, cleo, dora, emil, welcome, everything } = await halves()
  hub.heal('ada', 'cleo')
  for (const person of [ada, cleo, dora, emil]) await everything(person, 5)
  const late = new Participant('late', hub, 8, clock)
  await welcome(cleo, late, 'Late', emil)
  expect(await everything(late, 6)).toEqual(['Ada', 'Ben', 'Cleo', 'Dora', 'Emil', 'Late'])
})

test('a copy carried by hand and a backup bring what was built on either of two devices with one key', async () => {
  const { hub, clock, ada, cleo, dora, emil, group, initiative, everything } = await halves()
  for (const { peer } of [ada, cleo])
    await until(peer, { view: 'thread', group, thread: initiative }, ({ messages }) => messages.length === 1)
  hub.cut('ada', 'dora')
  hub.cut('cleo', 'emil')
  hub.heal('ada', 'cleo')
  for (const person of [ada, cleo]) await everything(person, 5)
  for (const [away, from] of [
    [dora, cleo],
    [emil, ada],
  ] as const) {
    const file = new Blob([new Uint8Array(value(await from.peer.exportPacks(group)))])
    expect(value(await away.peer.importPacks(file))).toMatchObject({ group, whole: true })
    await everything(away, 5)
    expect(value(await away.peer.importPacks(file))).toMatchObject({ entries: 0, whole: true })
  }
  const backupOf = async (person: Participant) => {
    const file = value(await person.peer.backup()).file as Blob
    const { 'manifest.json': manifest } = unzipSync(new Uint8Array(await file.arrayBuffer()))
    const { groups } = JSON.parse(strFromU8(manifest as Uint8Array)) as { groups: { digest: string }[] }
    return { file, digest: groups[0]?.digest }
  }
  const made = await backupOf(ada)
  expect((await backupOf(emil)).digest).toBe(made.digest)
  const fresh = new Participant('fresh', hub, 8, clock)
  await fresh.start()
  value(await fresh.peer.restore(made.file))
  expect(await everything(fresh, 5)).toEqual(['Ada', 'Ben', 'Cleo', 'Dora', 'Emil'])
  expect((await backupOf(fresh)).digest).toBe(made.digest)
  for (const person of [ada, cleo, dora, emil, fresh]) await person.stop()
})

test('what was built on either of two devices with one key comes by a keeper too, left there once', async () => {
  const { hub, clock, ada, cleo, dora, emil, group, initiative, everything } = await halves()
  for (const { peer } of [ada, cleo])
    await until(peer, { view: 'thread', group, thread: initiative }, ({ messages }) => messages.length === 1)
  hub.cut('ada', 'dora')
  hub.cut('cleo', 'emil')
  hub.heal('ada', 'cleo')
  for (const person of [ada, cleo]) await everything(person, 5)
  const { keeper } = await openKeeper(hub, clock)
  // The two halves have to agree on a key, which is done when nothing else is.
  let asked = await ada.peer.askKeeper(group)
  for (; !asked.ok; asked = await ada.peer.askKeeper(group)) {
    for (const person of [ada, cleo]) person.quiet()
    await new Promise((resolve) => setImmediate(resolve))
  }
  value(await keeper.invite(asked.value))
  for (const person of [ada, cleo, dora, emil]) {
    hub.cut(person.name, KEEPER)
    value(await person.peer.addKeeper(group, KEEPER_ADDRESS))
  }
  hub.connect('ada', KEEPER)
  for (const away of [dora, emil]) {
    hub.connect(away.name, KEEPER)
    await everything(away, 5)
  }
  const packs = () => keeper.shelves.reduce((sum, shelf) => sum + shelf.packs, 0)
  const before = packs()
  hub.connect('cleo', KEEPER)
  await until(cleo.peer, { view: 'reach', group }, ({ keepers }) => keepers.some(({ left }) => left !== null))
  expect(packs()).toBe(before)
  for (const person of [ada, cleo, dora, emil]) await person.stop()
})
