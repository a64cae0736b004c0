import type { DocumentId, GroupId, Instant } from '@auzolan/core'
import { MemoryDisk, openMemorySecrets, openMemoryStore, type Store } from '@auzolan/storage'
import { type DeviceKeys, type Entry, type ItemDraft, openKeyStore, openVerifier, runOf } from '@auzolan/trust'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { initialiseEngine } from '../../packages/peer/src/documents/engine.ts'
import { GroupLog } from '../../packages/peer/src/log/group-log.ts'
import { Rooms } from '../../packages/peer/src/workspace/rooms.ts'
import { Workspace } from '../../packages/peer/src/workspace/workspace.ts'
import { inTime } from '../support/noise.ts'
import { type Participant, seededEntropy, until, value } from '../support/participant.ts'
import { cut, stop, street } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const initiativeOf = (person: Participant, group: GroupId, initiative: DocumentId, plan: string) =>
  inTime(until(person.peer, { view: 'initiative', group, initiative }, ({ plan: shown }) => shown.text === plan))

const writes = async (
  person: Participant,
  group: GroupId,
  initiative: DocumentId,
  before: string,
  text: string,
): Promise<void> => {
  const { plan } = await initiativeOf(person, group, initiative, before)
  value(await person.peer.edit(group, initiative, [{ do: 'write', field: ['plan'], from: plan.heads, text }]))
}

/** Ben has written on top of what Cleo wrote, who had come in by an invitation that Ada has cancelled meanwhile. Ada and Ben have met. */
const builtOnNothing = async () => {
  const { hub, all, group } = await street()
  const [ada, ben, cleo] = all
  const initiative = value(await ada.peer.startInitiative(group, { title: 'Tool shed' }))
  await writes(ada, group, initiative, '', 'Bring tools.')
  await initiativeOf(ben, group, initiative, 'Bring tools.')
  const { id, link } = value(await ada.peer.invite(group, { uses: 2 }))
  await inTime(until(ben.peer, { view: 'people', group }, ({ invitations }) => invitations.length === 2))
  await cleo.stop()
  await openMemoryStore(cleo.disk).write([{ do: 'removeRange', prefix: [] }], { durability: 'strict' })
  await cleo.start()
  hub.cut('ada', 'ben')
  hub.cut('ada', 'cleo')
  value(await ada.peer.cancelInvitation(group, id))
  hub.connect('ben', 'cleo')
  value(await cleo.peer.join(link, { name: 'Cleo again' }))
  await inTime(until(cleo.peer, { view: 'join', group }, ({ step }) => step === 'done'))
  await writes(cleo, group, initiative, 'Bring tools.', 'Bring tools. And cake.')
  await writes(ben, group, initiative, 'Bring tools. And cake.', 'Bring tools. And cake. I have a saw.')
  expect((await initiativeOf(ben, group, initiative, 'Bring tools. And cake. I have a saw.')).unmerged).toEqual([])
  hub.connect('ada', 'ben')
  return { all, ada, ben, group, initiative }
}

const unmerged = async (person: Participant, group: GroupId, initiative: DocumentId, count: number) => {
  const query = { view: 'initiative', group, initiative } as const
  return (await inTime(until(person.peer, query, (view) => view.unmerged.length === count))).unmerged
}

test('what somebody wrote on top of something that no longer counts is shown to them alone, and put in again where they want', async () => {
  const { all, ada, ben, group, initiative } = await builtOnNothing()
  const [text] = await unmerged(ben, group, initiative, 1)
  expect(text).toMatchObject({ field: 'plan', text: 'I have a saw.' })
  for (const person of [ada, ben]) await initiativeOf(person, group, initiative, 'Bring tools.')
  expect(await unmerged(ada, group, initiative, 0)).toEqual([])

  await ben.stop()
  await ben.start()
  expect(await unmerged(ben, group, initiative, 1)).toEqual([text])

  value(await ben.peer.putInAgain(group, initiative, text!.id))
  for (const person of [ada, ben]) await initiativeOf(person, group, initiative, 'Bring tools.\n\nI have a saw.')
  expect(await unmerged(ben, group, initiative, 0)).toEqual([])
  expect(await ben.peer.putInAgain(group, initiative, text!.id)).toMatchObject({ error: { type: 'no such thing' } })
  await stop(all)
})

test('what somebody lets go of is not shown again, also after a restart', async () => {
  const { all, ben, group, initiative } = await builtOnNothing()
  const [text] = await unmerged(ben, group, initiative, 1)
  value(await ben.peer.letGo(group, initiative, text!.id))
  expect(await unmerged(ben, group, initiative, 0)).toEqual([])
  await ben.stop()
  await ben.start()
  expect(await unmerged(ben, group, initiative, 0)).toEqual([])
  await initiativeOf(ben, group, initiative, 'Bring tools.')
  await stop(all)
})

beforeAll(() => initialiseEngine('embedded'))

const at = Date.UTC(2026, 10, 23) as Instant
const tellNobody = () => Promise.resolve()

/** What somebody can do with their own disk and keys who keeps to no rule. Their device is off. */
class Pen {
  readonly #disk: MemoryDisk
  readonly #group: GroupId
  readonly #keys: DeviceKeys

  private constructor(disk: MemoryDisk, group: GroupId, keys: DeviceKeys) {
    this.#disk = disk
    this.#group = group
    this.#keys = keys
  }

  static async of(person: Participant, group: GroupId): Promise<Pen> {
    const { devices } = await inTime(until(person.peer, { view: 'devices', group }))
    await person.stop()
    const [own] = devices
    const store = await openKeyStore(openMemorySecrets(person.secretsDisk), seededEntropy(1))
    return new Pen(person.disk, group, (own && (await store.open(own.id))) as DeviceKeys)
  }

  /** What an entry holds that writes this, where these entries are known too. Of one session each time: the same actor, and the same number. */
  async edited(initiative: DocumentId, text: string, besides?: Entry): Promise<readonly ItemDraft[]> {
    const store = await this.#copy()
    const log = await this.#log(store)
    if (besides) await log.receive([{ run: runOf([besides]) }])
    const workspace = await Workspace.open(store, this.#group, [{ log }])
    const rooms = new Rooms(workspace, store, seededEntropy(3), tellNobody)
    const room = await rooms.open(initiative)
    const edit = { do: 'write', field: ['plan'], from: room.state().heads, text } as const
    const { items } = value(room.edit([edit], this.#keys.device, at))
    await rooms.close()
    workspace.close()
    return items
  }

  /** Says it, on the own disk or where nobody else is shown it. */
  async says(items: readonly ItemDraft[], where: 'here' | 'aside' = 'here'): Promise<Entry> {
    const store = where === 'here' ? openMemoryStore(this.#disk) : await this.#copy()
    return value(await (await this.#log(store)).append(this.#keys, at, items))
  }

  async #copy(): Promise<Store> {
    const copy = openMemoryStore(new MemoryDisk())
    const kept = await openMemoryStore(this.#disk).range({ prefix: ['g'] })
    await copy.write(
      kept.map((record) => ({ do: 'put', ...record })),
      { durability: 'strict' },
    )
    return copy
  }

  async #log(store: Store): Promise<GroupLog> {
    return GroupLog.open(store, this.#group, await openVerifier())
  }
}

test.each(['Ada first', 'Cleo first'] as const)(
  'of two changes that one member signed with one number everybody holds the first, and who wrote on the second is shown their words (%s)',
  async (order) => {
    const { hub, all, group } = await street()
    const [ada, ben, cleo] = all
    const initiative = value(await ada.peer.startInitiative(group, { title: 'Tool shed' }))
    await writes(ada, group, initiative, '', 'Bring tools.')
    for (const person of all) await initiativeOf(person, group, initiative, 'Bring tools.')
    const [hers, his] = [await Pen.of(cleo, group), await Pen.of(ben, group)]
    const [deep, wide] = [
      await hers.edited(initiative, 'Bring tools. Dig deep.'),
      await hers.edited(initiative, 'Bring tools. Dig wide.'),
    ]
    // Ben is shown the second as if there had been no first, and writes on top of it.
    const shown = await hers.says(wide, 'aside')
    await his.says(await his.edited(initiative, 'Bring tools. Dig wide. I have a saw.', shown))
    await hers.says(deep)
    await hers.says(wide)
    cut(hub)
    await ben.start()
    await cleo.start()
    const [first, then] = order === 'Ada first' ? ['ada', 'cleo'] : ['cleo', 'ada']
    hub.connect('ben', first)
    await initiativeOf(ben, group, initiative, order === 'Ada first' ? 'Bring tools.' : 'Bring tools. Dig deep.')
    hub.connect('ben', then)
    for (const person of all) await initiativeOf(person, group, initiative, 'Bring tools. Dig deep.')
    const [text] = await unmerged(ben, group, initiative, 1)
    expect(text).toMatchObject({ field: 'plan', text: 'I have a saw.' })
    expect(await unmerged(ada, group, initiative, 0)).toEqual([])
    expect(await unmerged(cleo, group, initiative, 1)).toMatchObject([{ text: 'Dig wide.' }])
    value(await ben.peer.putInAgain(group, initiative, text!.id))
    for (const person of all) await initiativeOf(person, group, initiative, 'Bring tools. Dig deep.\n\nI have a saw.')
    await stop(all)
  },
)
