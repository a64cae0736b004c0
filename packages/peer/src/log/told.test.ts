import type { ControlId, GroupId, MemberId } from '@auzolan/core'
import { MemoryDisk, openMemoryStore } from '@auzolan/storage'
import {
  type Action,
  encodeCbor,
  invitationKeys,
  makeJoinRequest,
  memberOfFounder,
  memberOfRequest,
  openVerifier,
  seededKeys,
  stateDigest,
} from '@auzolan/trust'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { endingOf, proofOf, type Shown } from './ending.ts'
import { GroupLog } from './group-log.ts'
import { Author, bytes, control, statement } from './testing/author.ts'
import { Told } from './told.ts'

const card = (name: string) => statement(encodeCbor(['card', name]))

/** What an author says next, in the order of the story: content between the control entries, and after them. */
class Story {
  readonly ada: Author
  readonly ben: Author
  readonly group: GroupId
  heads: readonly ControlId[]
  /** Entries of Ada's feed up to Ben's admission: what he holds at least. */
  joined = 0
  /** Ben, once he is in. */
  member: MemberId

  private constructor(ada: Author, ben: Author, group: GroupId, founding: ControlId) {
    this.ada = ada
    this.ben = ben
    this.group = group
    this.heads = [founding]
    this.member = memberOfFounder(ben.keys.device)
  }

  static async begin(): Promise<Story> {
    const [ada, ben] = [new Author(await seededKeys(bytes(32, 1))), new Author(await seededKeys(bytes(32, 2)))]
    const founders = [{ device: ada.keys.device, box: ada.keys.box, name: 'Ada', cosign: null }]
    const nonce = bytes(16, 3)
    const found = control({ kind: 'found', name: 'Elm', purpose: '', founders, continues: null, nonce })
    const { group, id } = await ada.sign('founding', [], found)
    return new Story(ada, ben, group, id)
  }

  async says(what: Parameters<typeof control>[0]): Promise<ControlId> {
    await this.ada.sign(this.group, this.heads, card('before'))
    const { id } = await this.ada.sign(this.group, this.heads, control(what))
    this.heads = [id]
    return id
  }

  async admitsBen(): Promise<ControlId> {
    const secret = bytes(16, 4)
    const { publicKey: key } = await invitationKeys(secret)
    const invite = await this.says({ kind: 'invite', key, uses: 1, expires: null, note: '' })
    const request = { group: this.group, secret }
    const proof = await makeJoinRequest(request, this.ben.keys, 'Ben', { bytes: (length) => bytes(length, 5) })
    await this.says({ kind: 'admit', invite, ...proof })
    this.member = memberOfRequest(proof.request)
    this.joined = this.ada.entries.length
    return invite
  }

  async decides(action: Action): Promise<ControlId> {
    const proposal = await this.says({ kind: 'propose', action, reason: '' })
    await this.says({ kind: 'ballot', proposal, vote: 'yes' })
    return this.says({ kind: 'enact', proposal, close: null })
  }
}

const verifier = await openVerifier()

/** Ada's log with all of it, and the disk of Ben, who holds her feed up to `upTo`. */
const apart = async (story: Story, upTo: number) => {
  const here = await GroupLog.open(openMemoryStore(), story.group, verifier)
  await here.receive([story.ada.parcel(1, story.ada.entries.length)])
  const disk = new MemoryDisk()
  const theirs = await GroupLog.open(openMemoryStore(disk), story.group, verifier)
  await theirs.receive([story.ada.parcel(1, upTo)])
  const open = async () => {
    const log = await GroupLog.open(openMemoryStore(disk), story.group, verifier)
    return { log, told: await Told.open(openMemoryStore(disk), log, verifier, story.ben.keys.device) }
  }
  return { here, open }
}

const removal = async (): Promise<Story> => {
  const story = await Story.begin()
  await story.admitsBen()
  await story.decides({ kind: 'remove', member: story.member })
  await story.ada.sign(story.group, story.heads, card('after'))
  await story.says({
    kind: 'invite',
    key: (await invitationKeys(bytes(16, 8))).publicKey,
    uses: 1,
    expires: null,
    note: 'after',
  })
  return story
}

const provenTo = (log: GroupLog, story: Story, known: readonly ControlId[]): readonly Shown[] => {
  const ending = endingOf(log.control, story.ben.keys.device)
  if (!ending) throw new Error('nothing has ended')
  const proof = proofOf(log.control, ending.at, known)
  if (!proof) throw new Error('it cannot be shown')
  return proof
}

test('however much of the group somebody holds, the same proof ends the same way, also after a restart and once the feeds come', async () => {
  const story = await removal()
  const { ben } = story
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: story.joined, max: story.joined + 5 }), async (upTo) => {
      const { here, open } = await apart(story, upTo)
      const { log, told } = await open()
      expect(endingOf(told.control, ben.keys.device)).toBeUndefined()
      const before = log.frontier()
      expect(await told.hear(provenTo(here, story, log.control.heads))).toBe('told')
      expect(endingOf(told.control, ben.keys.device)).toMatchObject({ why: 'removed' })
      expect(log.frontier()).toEqual(before)
      expect(endingOf(log.control, ben.keys.device)).toBeUndefined()
      const again = await open()
      expect(stateDigest(again.told.control.state())).toEqual(stateDigest(told.control.state()))
      expect(await again.told.hear(provenTo(here, story, log.control.heads))).toBe('nothing new')
      await again.log.receive([story.ada.parcel(upTo + 1, story.ada.entries.length)])
      await again.told.refresh()
      expect(stateDigest(again.log.state)).toEqual(stateDigest(here.state))
      expect(stateDigest(again.told.control.state())).toEqual(stateDigest(here.state))
    }),
    { numRuns: 6 },
  )
})

test('a proof holds nothing from after the end, and no content', async () => {
  const story = await removal()
  const { here, open } = await apart(story, story.joined)
  const { log } = await open()
  const proof = provenTo(here, story, log.control.heads)
  // Asked, agreed and said to be decided.
  expect(proof).toHaveLength(3)
  const last = here.control.get(story.heads[0] as ControlId)
  expect(last?.control).toMatchObject({ kind: 'invite', note: 'after' })
  expect(endingOf(here.control, story.ben.keys.device)?.at).not.toContain(story.heads[0])
})

test('who is suspended reads on, and writes nothing that counts', async () => {
  const story = await Story.begin()
  await story.admitsBen()
  const ada = memberOfFounder(story.ada.keys.device)
  await story.decides({ kind: 'role', member: ada, role: 'moderator', on: true })
  await story.says({ kind: 'suspend', member: story.member, reason: '' })
  const { here } = await apart(story, story.joined)
  expect(here.state.members.get(story.member)).toMatchObject({ suspended: true, removed: false })
  expect(endingOf(here.control, story.ben.keys.device)).toBeUndefined()
  await story.ben.sign(story.group, story.heads, card('Me too'))
  expect(await here.receive([story.ben.parcel(1)])).toMatchObject([{ is: 'refused', reason: { type: 'suspended' } }])
})

test('a proof that was changed, cut short or turned round does not hold, and nothing of it is kept', async () => {
  const story = await removal()
  const { here, open } = await apart(story, story.joined)
  const { log, told } = await open()
  const proof = provenTo(here, story, log.control.heads)
  const changed = proof.map((shown, at) => (at === 1 ? { ...shown, item: shown.item.map((byte) => byte ^ 1) } : shown))
  expect(await told.hear(changed)).toBe('false')
  expect(await told.hear(proof.toReversed())).toBe('false')
  expect(await told.hear(proof.slice(0, 2))).toBe('nothing new')
  expect(told.control).toBe(log.control)
  const again = await open()
  expect(again.told.control).toBe(again.log.control)
})

test('a proof in which a device says something else than in its feed freezes that device, and ends nothing', async () => {
  const story = await removal()
  const twin = await Story.begin()
  await twin.admitsBen()
  const { id: proposal } = await twin.ada.sign(
    twin.group,
    twin.heads,
    control({ kind: 'propose', action: { kind: 'remove', member: twin.member }, reason: 'Otherwise.' }),
  )
  twin.heads = [proposal]
  await twin.says({ kind: 'ballot', proposal, vote: 'yes' })
  await twin.says({ kind: 'enact', proposal, close: null })
  const { here } = await apart(twin, twin.joined)
  const { open } = await apart(story, story.joined + 2)
  const { log, told } = await open()
  expect(
    await told.hear(
      provenTo(
        here,
        twin,
        log.control.heads.filter((id) => here.control.has(id)),
      ),
    ),
  ).toBe('false')
  expect([...log.frozen.keys()]).toEqual([story.ada.keys.device])
  expect(endingOf(told.control, story.ben.keys.device)).toBeUndefined()
})
