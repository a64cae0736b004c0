import {
  DocumentId,
  encodeStatement,
  type Clock,
  type Entropy,
  type GroupId,
  type HomeView,
  type Instant,
} from '@auzolan/core'
import { MemoryHub } from '@auzolan/network'
import { type Answer, openPeer, type Peer, type Query } from '@auzolan/peer'
import { type Key, MemoryDisk, openMemorySecrets, openMemoryStore, type Secrets, type Store } from '@auzolan/storage'
import {
  checkRun,
  decodeRun,
  encodeCbor,
  encodeRun,
  type Entry,
  itemTypes,
  openKeyStore,
  openVerifier,
  runLimits,
  runOf,
  seededKeys,
  sha256,
  signEntry,
  startFeed,
} from '@auzolan/trust'
import { quickenDigests } from '../../../packages/peer/src/digest-engine.ts'
import { initialiseEngine } from '../../../packages/peer/src/documents/engine.ts'
import { SignedSample } from '../../../packages/peer/src/example/signed-sample.ts'
import { decodeGroupRecord, encodeGroupRecord } from '../../../packages/peer/src/group/group-record.ts'
import { GroupLog } from '../../../packages/peer/src/log/group-log.ts'
import { groupKey } from '../../../packages/peer/src/log/layout.ts'
import type { SampleAct, SampleScript, SampleSize } from '../../../packages/peer/src/sample/index.ts'
import { corpus, type Initiative, type Row } from '../corpus.ts'
import type { VerifySide, Workspace } from '../subject.ts'

/** People who wrote the workspace; each has a device and a feed. */
const authors = 8
const begun = Date.UTC(2026, 0, 5)
const seedName = 'benchmark'

export const realClock: Clock = { now: () => Date.now() as Instant }
export const realEntropy: Entropy = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) }

/** The same steps as everyone's, each signed by one of the authors. */
const scriptOf = (items: readonly Initiative[]): SampleScript => ({
  name: 'Benchmark',
  purpose: '',
  place: '',
  people: Array.from({ length: authors }, (_, n) => ({
    name: `Person ${n}`,
    joinedAt: begun as Instant,
    invitedBy: n === 0 ? null : 0,
  })),
  divergence: [],
  *acts(): Generator<SampleAct> {
    const at = begun as Instant
    yield { do: 'found', by: 0, at }
    for (let by = 1; by < authors; by++) yield { do: 'join', by, at, invitedBy: 0 }
    let action = 0
    let message = 0
    for (const [initiative, item] of items.entries()) {
      const said = { by: initiative % authors, at: (begun + 1000 * initiative) as Instant }
      yield { do: 'start', ...said, initiative, title: item.title }
      yield { do: 'write', ...said, initiative, field: 'why', text: item.why }
      yield { do: 'set', ...said, initiative, field: 'when', value: item.when }
      yield { do: 'set', ...said, initiative, field: 'where', value: item.where }
      yield { do: 'write', ...said, initiative, field: 'plan', text: item.plan }
      for (const { title, when, places } of item.actions)
        yield { do: 'plan', ...said, initiative, action: action++, title, details: '', when, places }
      for (const { text } of item.messages)
        yield { do: 'message', ...said, thread: initiative, message: message++, text, replyTo: null }
    }
  },
})

/** Writes the workspace to a device's disk as if it had been received, with this device as its newest member. */
export const seedStore = async (store: Store, secrets: Secrets, items: readonly Initiative[]): Promise<GroupId> => {
  await initialiseEngine('embedded')
  const keys = await (await openKeyStore(secrets, realEntropy)).create()
  const script = scriptOf(items)
  const sample = new SignedSample(script, seedName)
  const verifier = await openVerifier()
  let log: GroupLog | undefined
  for await (const parcels of sample.parcels({ keys, name: 'Host' })) {
    log ??= await GroupLog.open(store, sample.group, verifier)
    for (const receipt of await log.receive(parcels))
      if (receipt.is !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(receipt)}`)
  }
  const record = {
    group: sample.group,
    standing: 'member',
    device: keys.device,
    name: script.name,
    since: realClock.now(),
    example: false,
    joining: null,
  } as const
  await store.write([{ do: 'put', key: groupKey(sample.group), value: encodeGroupRecord(record) }], {
    durability: 'strict',
  })
  return sample.group
}

/** A device's whole disk and its key, to put it into another kind of store. */
interface Disk {
  readonly group: GroupId
  readonly records: readonly (readonly [Key, string])[]
  readonly key: readonly [string, string]
}

const toBase64 = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))

/** Records written in one transaction. */
const batch = 500

export const packDisk = async (store: Store, secrets: Secrets, group: GroupId): Promise<Uint8Array> => {
  const record = decodeGroupRecord((await store.get(groupKey(group))) ?? new Uint8Array(0))
  if (!record) throw new Error('the group has no record')
  const name = `device/${record.device}`
  const disk: Disk = {
    group,
    records: (await store.range({ prefix: [] })).map(({ key, value }) => [key, toBase64(value)]),
    key: [name, toBase64((await secrets.get(name)) as Uint8Array)],
  }
  return new TextEncoder().encode(JSON.stringify(disk))
}

export const unpackDisk = async (packed: Uint8Array, store: Store, secrets: Secrets): Promise<GroupId> => {
  const { group, records, key } = JSON.parse(new TextDecoder().decode(packed)) as Disk
  await secrets.put(key[0], fromBase64(key[1]))
  for (let from = 0; from < records.length; from += batch) {
    const ops = records
      .slice(from, from + batch)
      .map(([at, value]) => ({ do: 'put', key: at, value: fromBase64(value) }) as const)
    await store.write(ops, { durability: 'relaxed' })
  }
  return group
}

/** Ids in the corpus and in the group: the sample derives its own from a seed. */
const documents = new Map<string, DocumentId>()
const originals = new Map<DocumentId, string>()
for (const [n, { id }] of corpus().entries()) {
  const bytes = sha256(new TextEncoder().encode(`${seedName}/initiative ${n}`)).subarray(0, DocumentId.length)
  const document = DocumentId.fromBytes(bytes)
  documents.set(id, document)
  originals.set(document, id)
}

export const documentOf = (id: string): DocumentId => {
  const document = documents.get(id)
  if (!document) throw new Error(`${id} is not in the corpus`)
  return document
}

export const firstAnswer = <Q extends Query>(peer: Peer, query: Q): Promise<Answer<Q>> =>
  new Promise((resolve) => {
    const stop = peer.watch(query, (answer) => {
      queueMicrotask(() => stop())
      resolve(answer)
    })
  })

/** A group as its screens show it: the list of initiatives, and the page of at most one of them. */
export class Screens implements Workspace {
  readonly #peer: Peer
  readonly #group: GroupId
  #home: HomeView | undefined
  #rows = new Map<string, Row>()
  #watching = false
  #page: { readonly id: string; title: string | undefined; close: () => void } | undefined
  #tell: () => void = () => undefined

  constructor(peer: Peer, group: GroupId) {
    this.#peer = peer
    this.#group = group
  }

  onChange(tell: () => void): void {
    this.#tell = tell
  }

  /** Resolves with the first answer that the list can be shown from. */
  async rows(): Promise<readonly Row[]> {
    if (!this.#home) await new Promise<void>((resolve) => this.#watchHome(resolve))
    return [...this.#rows.values()]
  }

  follow(id: string): Promise<void> {
    this.#page?.close()
    const query = { view: 'initiative', group: this.#group, initiative: documentOf(id) } as const
    const page = { id, title: undefined as string | undefined, close: () => undefined as void }
    this.#page = page
    return new Promise((resolve) => {
      page.close = this.#peer.watch(query, ({ title }) => {
        page.title = title.value
        resolve()
        this.#tell()
      })
    })
  }

  titleOf(id: string): string | undefined {
    return this.#page?.id === id ? this.#page.title : this.#row(id)?.title
  }

  messagesIn(id: string): number {
    return this.#row(id)?.messages ?? 0
  }

  /** What its line says: every text, action and message is an entry, and a line counts them only once they are here. */
  isWhole(item: Initiative): boolean {
    const row = this.#row(item.id)
    return row?.title === item.title && row.actions === item.actions.length && row.messages === item.messages.length
  }

  async setTitle(id: string, title: string): Promise<void> {
    const done = await this.#peer.edit(this.#group, documentOf(id), [{ do: 'set', field: ['title'], value: title }])
    if (!done.ok) throw new Error(done.error.type)
  }

  async say(id: string, { text }: { readonly text: string }): Promise<void> {
    const done = await this.#peer.sendMessage(this.#group, documentOf(id), text)
    if (!done.ok) throw new Error(done.error.type)
  }

  #row(id: string): Row | undefined {
    this.#watchHome()
    return this.#rows.get(id)
  }

  #watchHome(first?: () => void): void {
    if (this.#watching) return
    this.#watching = true
    this.#peer.watch({ view: 'home', group: this.#group }, (home) => {
      this.#home = home
      this.#rows = new Map(
        home.initiatives.flatMap(({ id, title, actions, messages }) => {
          const original = originals.get(id)
          return original === undefined ? [] : [[original, { id: original, title, actions, messages }] as const]
        }),
      )
      first?.()
      this.#tell()
    })
  }
}

/** Entries of the run that W10 verifies: as many as five frames may hold. */
const verified = 5 * runLimits.entries

/** One device's feed of takes, cut into runs as they travel. */
export const verifySide = async (): Promise<VerifySide> => {
  await quickenDigests()
  const keys = await seededKeys(sha256(new TextEncoder().encode(seedName)))
  const verifier = await openVerifier()
  const [initiative, action] = ['ab'.repeat(16), 'cd'.repeat(8)] as never[]
  const take = encodeCbor(
    encodeStatement({ kind: 'take', initiative: initiative as never, action: action as never, starts: null }),
  )
  const founding = { at: begun as Instant, heads: [], items: [{ type: itemTypes.control, bytes: Uint8Array.of(1) }] }
  const founded = await signEntry(startFeed(keys.device), 'founding', keys, founding)
  const heads = founded.entry.id ? [founded.entry.id] : []
  const entries: Entry[] = []
  let { tip } = founded
  for (let n = 0; n < verified; n++) {
    const items = [{ type: itemTypes.statement, bytes: take }]
    const signed = await signEntry(tip, founded.group, keys, { at: begun as Instant, heads, items })
    entries.push(signed.entry)
    tip = signed.tip
  }
  const runs = Array.from({ length: verified / runLimits.entries }, (_, n) =>
    encodeRun(runOf(entries.slice(n * runLimits.entries, (n + 1) * runLimits.entries))),
  )
  return {
    entries: verified,
    run: async () => {
      let at = founded.tip
      for (const bytes of runs) {
        const run = decodeRun(bytes)
        if (!run.ok) throw new Error(run.error.detail)
        const checked = await checkRun(at, founded.group, run.value, verifier)
        if (!checked.ok) throw new Error(checked.error.detail)
        at = checked.value.tip
      }
    },
  }
}

export const value = <T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: { readonly type: string } },
): T => {
  if (!result.ok) throw new Error(result.error.type)
  return result.value
}

/** A peer by itself with a sample group, on a disk in memory. */
export const openSample = async (
  size: SampleSize,
  store: Store = openMemoryStore(new MemoryDisk()),
): Promise<{ readonly peer: Peer; readonly group: GroupId }> => {
  const secrets = openMemorySecrets(new MemoryDisk())
  const network = new MemoryHub().network('one')
  const peer = await openPeer({ store, secrets, network, clock: realClock, entropy: realEntropy })
  return { peer, group: value(await peer.openExample('Host', size)) }
}

/** Founds a group that continues a sample group, on a disk in memory that counts what is written. */
export const forkSample = async (size: SampleSize): Promise<{ readonly ms: number; readonly bytes: number }> => {
  const store = openMemoryStore(new MemoryDisk())
  let bytes = 0
  const counted: Store = {
    ...store,
    write: (ops, options) => {
      for (const op of ops) if (op.do === 'put') bytes += op.value.length
      return store.write(ops, options)
    },
  }
  const { peer, group } = await openSample(size, counted)
  const before = bytes
  const start = performance.now()
  value(await peer.fork(group, { name: 'Fork', myName: 'Host' }))
  return { ms: performance.now() - start, bytes: bytes - before }
}

/** What somebody types, letter by letter, with a slip. */
const TYPED = ['laser samedi', 'soldring iron', 'grille-pain', 'la']

/** Resolves once everything that is looked through has been read. */
const allRead = (peer: Peer): Promise<void> =>
  new Promise((resolve) => {
    const stop = peer.watch({ view: 'searchable' }, () => {
      void peer.search('soup').then(({ reading }) => {
        if (reading) return
        stop()
        resolve()
      })
    })
  })

/** Searches a sample group as somebody types, once all of it is read. The slowest of all letters counts, each by the middle of five. */
export const searchSample = async (size: SampleSize): Promise<{ readonly read: number; readonly slowest: number }> => {
  const { peer } = await openSample(size)
  const begun = performance.now()
  await allRead(peer)
  const read = performance.now() - begun
  let slowest = 0
  for (const typed of TYPED)
    for (let letters = 1; letters <= typed.length; letters++) {
      const times: number[] = []
      for (let again = 0; again < 5; again++) {
        const start = performance.now()
        await peer.search(typed.slice(0, letters))
        times.push(performance.now() - start)
      }
      slowest = Math.max(slowest, times.sort((left, right) => left - right)[2] ?? 0)
    }
  return { read, slowest }
}
