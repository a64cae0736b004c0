import { ControlId, type GroupId, type Instant } from '@auzolan/core'
import { MemoryDisk, openMemoryStore } from '@auzolan/storage'
import {
  checkRun,
  type Control,
  ControlLog,
  type DeviceKeys,
  encodeControl,
  type Entry,
  entryId,
  type FeedTip,
  type Founding,
  foundingMessage,
  itemTypes,
  makeEpoch,
  openVerifier,
  runLimits,
  runOf,
  seededKeys,
  sha256,
  signEntry,
  startFeed,
} from '@auzolan/trust'
import { ed25519 } from '@noble/curves/ed25519.js'
import { GroupLog } from '../../../packages/peer/src/log/group-log.ts'

const at = Date.UTC(2026, 10, 22) as Instant
const members = 50
/** Ballots that build on one another; so many such lines stand beside each other in each decision. */
const lanes = 10
/** Who acknowledges each fifth decision: more than half, and more than two thirds. */
const sealing = 36
/** Signatures that stand for all where checking each without WebCrypto would take too long. */
const sample = 200

const keyOf = (n: number): Promise<DeviceKeys> => seededKeys(sha256(new TextEncoder().encode(`member ${n}`)))
const entropy = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }

/** A group in which everybody votes on one thing after the other, and seals now and then. */
class Assembly {
  readonly entries: Entry[] = []
  readonly group: GroupId
  readonly keys: readonly DeviceKeys[]
  private readonly tips: FeedTip[]

  private constructor(keys: readonly DeviceKeys[], founding: Entry, tip: FeedTip) {
    this.keys = keys
    this.group = founding.group
    this.entries.push(founding)
    this.tips = keys.map(({ device }, at) => (at === 0 ? tip : startFeed(device)))
  }

  static async found(): Promise<Assembly> {
    const keys = await Promise.all(Array.from({ length: members }, (_, n) => keyOf(n)))
    const draft: Founding = {
      kind: 'found',
      name: 'Assembly',
      purpose: '',
      founders: keys.map(({ device, box }, n) => ({
        device,
        box,
        name: `Member ${n}`,
        cosign: n === 0 ? null : new Uint8Array(64),
      })),
      continues: null,
      nonce: new Uint8Array(16),
    }
    const message = foundingMessage(draft)
    const founders = await Promise.all(
      draft.founders.map(async (founder, n) =>
        n === 0 ? founder : { ...founder, cosign: await (keys[n] as DeviceKeys).sign('auzolan/sign/found/1', message) },
      ),
    )
    const [first] = keys as [DeviceKeys]
    const items = [{ type: itemTypes.control, bytes: encodeControl({ ...draft, founders }) }]
    const { entry, tip } = await signEntry(startFeed(first.device), 'founding', first, { at, heads: [], items })
    return new Assembly(keys, entry, tip)
  }

  /** Until there are so many entries. */
  async decide(until: number): Promise<void> {
    let last = entryId(this.entries[0] as Entry)
    for (let n = 0; this.entries.length < until; n++) {
      const action = { kind: 'rename', name: `Name ${n}`, purpose: '' } as const
      const proposal = await this.say(n % members, { kind: 'propose', action, reason: '' }, [last])
      const ends = Array.from({ length: lanes }, () => proposal)
      for (let voter = 0; voter < members; voter++) {
        const lane = voter % lanes
        ends[lane] = await this.say(voter, { kind: 'ballot', proposal, vote: 'yes' }, [ends[lane] as ControlId])
      }
      last = await this.say(n % members, { kind: 'enact', proposal, close: null }, [...ends].sort())
      const enacted = last
      if (n % 5 === 4)
        for (let voter = 0; voter < sealing; voter++)
          last = await this.say(voter, { kind: 'seal', at: enacted }, [last])
    }
  }

  private async say(who: number, control: Control, heads: readonly ControlId[]): Promise<ControlId> {
    const signed = await signEntry(this.tips[who] as FeedTip, this.group, this.keys[who] as DeviceKeys, {
      at,
      heads,
      items: [{ type: itemTypes.control, bytes: encodeControl(control) }],
    })
    this.tips[who] = signed.tip
    this.entries.push(signed.entry)
    return entryId(signed.entry)
  }
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Checks each feed by its tip, then judges every entry; answers milliseconds. */
const verifyAndReduce = async ({ entries, keys, group }: Assembly): Promise<number> => {
  const verifier = await openVerifier()
  const feeds = keys.map(({ device }) => entries.filter((entry) => entry.device === device))
  return timed(async () => {
    for (const feed of feeds) {
      let tip = startFeed((feed[0] as Entry).device)
      for (let from = 0; from < feed.length; from += runLimits.entries / 4) {
        const checked = await checkRun(tip, group, runOf(feed.slice(from, from + runLimits.entries / 4)), verifier)
        if (!checked.ok) throw new Error(checked.error.detail)
        tip = checked.value.tip
      }
    }
    const log = new ControlLog(group, verifier)
    for (const entry of entries)
      if ((await log.judge(entry)).is !== 'accepted') throw new Error('an honest entry is not accepted')
    log.state()
  })
}

const signedMessage = (entry: Entry): Uint8Array => {
  const label = new TextEncoder().encode('auzolan/sign/entry/1')
  return Uint8Array.from([...label, 0, ...ControlId.toBytes(entryId(entry))])
}

/** Milliseconds for each signature, checked one by one by the law in JavaScript. */
const eachInScript = async ({ entries, keys }: Assembly): Promise<number> => {
  const some = entries.slice(1, 1 + sample)
  const keyBytes = new Map(keys.map(({ device }) => [device, Uint8Array.from(Buffer.from(device, 'hex'))]))
  const ms = await timed(async () => {
    for (const entry of some) {
      const key = keyBytes.get(entry.device) as Uint8Array
      const valid = ed25519.verify(entry.signature as Uint8Array, signedMessage(entry), key, { zip215: true })
      if (!valid) throw new Error('an honest signature is not valid')
    }
  })
  return ms / some.length
}

const control = async (entries: number) => {
  const assembly = await Assembly.found()
  await assembly.decide(entries)
  const ms = await verifyAndReduce(assembly)
  const script = (await eachInScript(assembly)) * assembly.entries.length
  return { ms: (ms * entries) / assembly.entries.length, gain: script / ms }
}

/** One feed of statements: its check beside what its signatures would cost one by one. */
const run = async (entries: number) => {
  const keys = await keyOf(0)
  const verifier = await openVerifier()
  const founding = { at, heads: [], items: [{ type: itemTypes.control, bytes: Uint8Array.of(1) }] }
  const founded = await signEntry(startFeed(keys.device), 'founding', keys, founding)
  const heads = [entryId(founded.entry)]
  const items = [{ type: itemTypes.statement, bytes: new Uint8Array(40) }]
  const feed: Entry[] = []
  let { tip } = founded
  for (let n = 0; n < entries; n++) {
    const signed = await signEntry(tip, founded.group, keys, { at, heads, items })
    feed.push(signed.entry)
    tip = signed.tip
  }
  let spent = 0
  const counting = {
    ...verifier,
    verify: async (...args: Parameters<typeof verifier.verify>) => {
      const start = performance.now()
      const valid = await verifier.verify(...args)
      spent += performance.now() - start
      return valid
    },
  }
  let place = founded.tip
  const ms = await timed(async () => {
    for (let from = 0; from < entries; from += runLimits.entries) {
      const checked = await checkRun(place, founded.group, runOf(feed.slice(from, from + runLimits.entries)), counting)
      if (!checked.ok) throw new Error(checked.error.detail)
      place = checked.value.tip
    }
  })
  const signatures = spent
  spent = 0
  for (const entry of feed.slice(0, sample))
    await counting.verify(
      entry.signature as Uint8Array,
      'auzolan/sign/entry/1',
      ControlId.toBytes(entryId(entry)),
      keys.device,
    )
  return { ms, signatures: (100 * signatures) / ((spent * entries) / sample) }
}

const rotate = async (devices: number) => {
  const keys = await Promise.all(Array.from({ length: devices }, (_, n) => keyOf(n)))
  const recipients = keys.map(({ device, box }) => ({ device, box }))
  const group = (keys[0] as DeviceKeys).device as string as GroupId
  const ms = await timed(async () => makeEpoch(group, recipients, [], entropy))
  return { ms }
}

/** What a start costs of a group whose newest decision is sealed: everything lies on a disk in memory, as it was taken in. */
const start = async (entries: number) => {
  const assembly = await Assembly.found()
  await assembly.decide(entries)
  const disk = new MemoryDisk()
  const verifier = await openVerifier()
  const open = () => GroupLog.open(openMemoryStore(disk), assembly.group, verifier)
  const first = await open()
  // A line of ballots at a time: so much is heard at once.
  for (let from = 0; from < assembly.entries.length; from += members)
    await first.receive(assembly.entries.slice(from, from + members).map((entry) => ({ run: runOf([entry]) })))
  const { size } = first.control
  if (size !== assembly.entries.length) throw new Error('an honest entry is not accepted')
  const ms = await timed(async () => {
    const { control } = await open()
    if (control.size !== size) throw new Error('not everything is there after a start')
    control.state()
  })
  return { ms }
}

/** What `workloads/trust.ts` asks for; figures by name. */
export const trustFigures = { control, run, rotate, start }
