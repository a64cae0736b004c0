import {
  ActionId,
  type ControlId,
  DocumentId,
  type DocumentKind,
  type Edit,
  encodeStatement,
  type GroupId,
  type Heads,
  type Instant,
  type MemberId,
  momentText,
  orderBetween,
  type Statement,
  type StatementId,
  type ThreadId,
} from '@auzolan/core'
import {
  type Control,
  type DeviceKeys,
  encodeCbor,
  encodeControl,
  type Entry,
  type FeedTip,
  invitationKeys,
  itemTypes,
  type ItemDraft,
  makeEpoch,
  makeJoinRequest,
  memberOfFounder,
  memberOfRequest,
  runOf,
  seededKeys,
  sha256,
  signEntry,
  startFeed,
  statementId,
} from '@auzolan/trust'
import { actorOf, nonceBytes } from '../documents/actor.ts'
import { admit, closeDocument, type DocHandle, edit, heads, openDocument } from '../documents/engine.ts'
import type { Parcel } from '../log/feed-store.ts'
import type { SampleAct, SampleScript, SampleThread } from '../sample/script.ts'
import { groupDocument } from '../workspace/ancestry.ts'

/** A member of the sample who came by their own keys: the person who looks at it. */
export interface Guest {
  readonly keys: DeviceKeys
  readonly name: string
}

/** Turns a script into the signed entries its people would have written, with keys made from a seed. */
export class SignedSample {
  readonly #script: SampleScript
  readonly #seed: string
  readonly #people: Author[] = []
  readonly #members: DeviceKeys[] = []
  /** Changes of the common past. */
  readonly #common = new Map<DocumentId, Uint8Array[]>()
  #open = new Map<DocumentId, DocHandle>()
  #session = 0
  #tips = new Map<ThreadId, StatementId>()
  readonly #takes = new Map<number, StatementId>()
  readonly #messages = new Map<number, StatementId>()
  readonly #calls = new Map<number, { readonly id: StatementId; readonly version: StatementId }>()
  readonly #signatures = new Map<string, StatementId>()
  readonly #papers = new Map<number, StatementId>()
  readonly #things = new Map<number, StatementId>()
  readonly #bookings = new Map<number, StatementId>()
  /** Whom a person is known as, by their number. */
  readonly #ids: MemberId[] = []
  #needs = new Map<ActionId, StatementId>()
  readonly #orders = new Map<DocumentId, string>()
  readonly #invitations = new Map<number, { readonly id: ControlId; readonly secret: Uint8Array }>()
  #heads: readonly ControlId[] = []
  #fresh: Entry[] = []
  #group: GroupId | undefined
  #done = 0

  constructor(script: SampleScript, seed: string) {
    this.#script = script
    this.#seed = seed
  }

  get group(): GroupId {
    if (!this.#group) throw new Error('the sample was not founded yet')
    return this.#group
  }

  /** Acts of the script whose entries were handed out or are about to be. */
  get done(): number {
    return this.#done
  }

  /**
   * Hands out the entries in causal order, some hundreds at once, then what three parts of the group did apart.
   * `guest` is let in after the common past. `replicas`: which parts' doings to add; all by default.
   */
  async *parcels(
    guest?: Guest,
    replicas: readonly number[] = this.#script.divergence.map((_, at) => at),
  ): AsyncGenerator<readonly Parcel[]> {
    try {
      let last = 0 as Instant
      for (const act of this.#script.acts()) {
        await this.#act(act)
        last = act.at
        if (this.#fresh.length >= BATCH_ENTRIES) yield this.#take()
      }
      if (guest) await this.#welcome(guest, last)
      yield this.#take()
      for (const replica of replicas) {
        const together = this.#part(replica)
        for (const act of this.#script.divergence[replica]?.acts ?? []) await this.#act(act)
        together()
        yield this.#take()
      }
    } finally {
      for (const handle of this.#open.values()) closeDocument(handle)
    }
  }

  async #act(act: SampleAct): Promise<void> {
    this.#done += 1
    switch (act.do) {
      case 'found': {
        const author = await this.#author(act.by)
        const { name, purpose } = this.#script
        await this.#control(act.by, act.at, {
          kind: 'found',
          name,
          purpose,
          founders: [{ device: author.keys.device, box: author.keys.box, name: this.#name(act.by), cosign: null }],
          continues: null,
          nonce: this.#bytes('found', 16),
        })
        this.#members.push(author.keys)
        this.#ids[act.by] = memberOfFounder(author.keys.device)
        return this.#statement(act.by, act.at, { kind: 'card', name: this.#name(act.by) }).then(() => undefined)
      }
      case 'join': {
        const author = await this.#author(act.by)
        this.#ids[act.by] = await this.#admit(author.keys, this.#name(act.by), act.invitedBy, act.at)
        return this.#statement(act.by, act.at, { kind: 'card', name: this.#name(act.by) }).then(() => undefined)
      }
      case 'start':
        return this.#statement(act.by, act.at, {
          kind: 'start',
          initiative: this.#initiative(act.initiative),
          title: act.title,
        }).then(() => undefined)
      case 'set':
        return this.#edit(act.by, act.at, act.initiative, (): Edit[] => [
          { do: 'set', field: [act.field], value: act.value },
        ])
      case 'write':
        return this.#edit(act.by, act.at, act.initiative, (from): Edit[] => [
          { do: 'write', field: [act.field], from, text: act.text },
        ])
      case 'plan': {
        const initiative = this.#initiative(act.initiative)
        const action = this.#action(act.action)
        const order = orderBetween(this.#orders.get(initiative) ?? null, null)
        this.#orders.set(initiative, order)
        const draft = { title: act.title, details: act.details, when: act.when, order }
        await this.#edit(act.by, act.at, act.initiative, () => [{ do: 'put', action, draft }])
        this.#needs.set(
          action,
          await this.#statement(act.by, act.at, { kind: 'need', initiative, action, places: act.places, replaces: [] }),
        )
        return
      }
      case 'places': {
        const [initiative, action] = [this.#initiative(act.initiative), this.#action(act.action)]
        const before = this.#needs.get(action)
        this.#needs.set(
          action,
          await this.#statement(act.by, act.at, {
            kind: 'need',
            initiative,
            action,
            places: act.places,
            replaces: before ? [before] : [],
          }),
        )
        return
      }
      case 'take': {
        const id = await this.#statement(act.by, act.at, {
          kind: 'take',
          initiative: this.#initiative(act.initiative),
          action: this.#action(act.action),
          starts: '',
        })
        this.#takes.set(act.take, id)
        return
      }
      case 'giveBack':
      case 'done': {
        const [initiative, take] = [this.#initiative(act.initiative), this.#takes.get(act.take)]
        if (!take) throw new Error(`take ${act.take} comes before it was made`)
        await this.#statement(
          act.by,
          act.at,
          act.do === 'done'
            ? { kind: 'done', initiative, take, minutes: act.minutes, note: act.note ?? '' }
            : { kind: 'giveBack', initiative, take },
        )
        return
      }
      case 'witness': {
        const [initiative, take] = [this.#initiative(act.initiative), this.#takes.get(act.take)]
        if (!take) throw new Error(`take ${act.take} comes before it was made`)
        await this.#statement(act.by, act.at, { kind: 'witness', initiative, take, saw: act.saw })
        return
      }
      case 'close':
        await this.#statement(act.by, act.at, {
          kind: 'close',
          initiative: this.#initiative(act.initiative),
          result: act.result,
          sentence: act.sentence,
          replaces: [],
        })
        return
      case 'message': {
        const thread = this.#thread(act.thread)
        const tip = this.#tips.get(thread)
        const replyTo = act.replyTo === null ? null : (this.#messages.get(act.replyTo) ?? null)
        const id = await this.#statement(
          act.by,
          act.at,
          { kind: 'message', thread, after: tip ? [tip] : [], replyTo, mentions: [] },
          act.text,
        )
        this.#tips.set(thread, id)
        this.#messages.set(act.message, id)
        return
      }
      case 'share': {
        const { name, where, rules, people, longest, notice } = act
        const who = people === null ? 'everyone' : 'named'
        const named = (people ?? []).flatMap((person) => this.#ids[person] ?? [])
        this.#things.set(
          act.thing,
          await this.#statement(act.by, act.at, {
            ...{ kind: 'thing', place: this.#thread(null), thing: null, shared: true },
            ...{ name, where, rules, who, people: named, longest, notice },
          }),
        )
        return
      }
      case 'book': {
        const thing = this.#things.get(act.thing)
        if (!thing) throw new Error(`thing ${act.thing} is booked before it is there`)
        const [from, to] = [momentText(act.from), momentText(act.to)]
        const said: Statement = { kind: 'book', place: this.#thread(null), thing, from, to, note: act.note }
        this.#bookings.set(act.booking, await this.#statement(act.by, act.at, said))
        return
      }
      case 'unbook':
      case 'use': {
        const [place, booking] = [this.#thread(null), this.#bookings.get(act.booking)]
        if (!booking) throw new Error(`booking ${act.booking} comes before it was made`)
        const other = act.do === 'unbook' && act.for !== null ? this.#bookings.get(act.for) : undefined
        await this.#statement(
          act.by,
          act.at,
          act.do === 'use'
            ? { kind: 'use', place, booking, minutes: act.minutes, note: act.note, stands: true }
            : { kind: 'unbook', place, booking, for: other ?? null },
        )
        return
      }
      case 'call': {
        const call = this.#calls.get(act.call)
        const until = momentText(act.until)
        const { title, text, goal } = act
        const id = await this.#statement(act.by, act.at, {
          ...{ kind: 'call', place: this.#thread(null), call: call?.id ?? null, title, text, goal, until, open: true },
        })
        this.#calls.set(act.call, { id: call?.id ?? id, version: id })
        return
      }
      case 'sign':
      case 'paper': {
        const about = this.#about(act.call)
        if (act.do === 'paper') {
          const { name, sheet } = act
          this.#papers.set(act.paper, await this.#statement(act.by, act.at, { kind: 'paper', ...about, name, sheet }))
          return
        }
        const { comment } = act
        const said: Statement = { kind: 'sign', ...about, name: this.#name(act.by), comment }
        this.#signatures.set(`${act.call} ${act.by}`, await this.#statement(act.by, act.at, said))
        return
      }
      case 'unsign':
      case 'sawPaper': {
        const { place, call } = this.#about(act.call)
        const of = act.do === 'unsign' ? this.#signatures.get(`${act.call} ${act.by}`) : this.#papers.get(act.paper)
        if (!of) throw new Error(`a signature of call ${act.call} is spoken of before it is there`)
        await this.#statement(
          act.by,
          act.at,
          act.do === 'unsign'
            ? { kind: 'unsign', place, call, signatures: [of] }
            : { kind: 'sawPaper', place, call, papers: [of], stands: true },
        )
        return
      }
      case 'withdraw': {
        const message = this.#messages.get(act.message)
        if (message)
          await this.#statement(act.by, act.at, { kind: 'retract', thread: this.#thread(act.thread), message })
      }
    }
  }

  /** What a signature of a call names, by its number. */
  #about(number: number) {
    const call = this.#calls.get(number)
    if (!call) throw new Error(`call ${number} is signed before it is there`)
    return { place: this.#thread(null), call: call.id, version: call.version }
  }

  /** Lets the guest in, and makes the group's first key for everybody. */
  async #welcome(guest: Guest, at: Instant): Promise<void> {
    await this.#admit(guest.keys, guest.name, 0, at)
    let drawn = 0
    const entropy = { bytes: (length: number) => this.#bytes(`epoch ${(drawn += 1)}`, length) }
    await this.#control(0, at, (await makeEpoch(this.group, this.#members, [], entropy)).control)
  }

  async #admit(keys: DeviceKeys, name: string, invitedBy: number, at: Instant): Promise<MemberId> {
    let invitation = this.#invitations.get(invitedBy)
    if (!invitation) {
      const secret = this.#bytes(`invitation ${invitedBy}`, 16)
      const { publicKey } = await invitationKeys(secret)
      const id = await this.#control(invitedBy, at, {
        kind: 'invite',
        key: publicKey,
        uses: INVITATION_USES,
        expires: null,
        note: '',
      })
      invitation = { id, secret }
      this.#invitations.set(invitedBy, invitation)
    }
    const proof = await makeJoinRequest({ group: this.group, secret: invitation.secret }, keys, name, {
      bytes: (length) => this.#bytes(`join ${keys.device}`, length),
    })
    await this.#control(invitedBy, at, { kind: 'admit', invite: invitation.id, ...proof })
    this.#members.push(keys)
    return memberOfRequest(proof.request)
  }

  async #control(by: number, at: Instant, control: Control): Promise<ControlId> {
    const entry = await this.#sign(by, at, [{ type: itemTypes.control, bytes: encodeControl(control) }])
    if (!entry.id) throw new Error('a control entry has an id')
    this.#heads = [entry.id]
    return entry.id
  }

  async #statement(by: number, at: Instant, statement: Statement, text?: string): Promise<StatementId> {
    const bytes = encodeCbor(encodeStatement(statement))
    const body: ItemDraft[] = text === undefined ? [] : [{ type: itemTypes.text, bytes: utf8.encode(text) }]
    const entry = await this.#sign(by, at, [{ type: itemTypes.statement, bytes }, ...body])
    return statementId(this.group, entry.device, entry.seq, 0, bytes)
  }

  async #edit(by: number, at: Instant, subject: SampleThread, edits: (from: Heads) => readonly Edit[]): Promise<void> {
    const document = this.#thread(subject)
    const author = await this.#author(by)
    const handle = this.#document(document, subject === null ? 'group' : 'initiative')
    const nonce = this.#bytes(`nonce ${by} ${document} ${this.#session}`, nonceBytes)
    const actor = actorOf(this.group, document, author.keys.device, nonce)
    const made = edit(handle, edits(heads(handle)), { time: Math.floor(at / 1000), actor: () => actor })
    if (!made.ok) throw new Error(`the sample edits what it may not: ${made.error.type}`)
    for (const { bytes } of made.value.changes) {
      await this.#sign(by, at, [
        { type: itemTypes.change, bytes: encodeCbor([DocumentId.toBytes(document), nonce, bytes]) },
      ])
      if (this.#session === 0) this.#common.set(document, [...(this.#common.get(document) ?? []), bytes])
    }
    admit(handle, made.value.changes)
  }

  async #sign(by: number, at: Instant, items: readonly ItemDraft[]): Promise<Entry> {
    const author = await this.#author(by)
    const signed = await signEntry(author.tip, this.#group ?? 'founding', author.keys, {
      at,
      heads: this.#heads,
      items,
    })
    this.#group ??= signed.group
    author.tip = signed.tip
    this.#fresh.push(signed.entry)
    return signed.entry
  }

  /** From here on nobody hears of the others; the undo puts everyone back to the common past. */
  #part(replica: number): () => void {
    const [open, tips, needs] = [this.#open, new Map(this.#tips), new Map(this.#needs)]
    this.#open = new Map()
    this.#session = replica + 1
    return () => {
      for (const handle of this.#open.values()) closeDocument(handle)
      this.#open = open
      this.#session = 0
      this.#tips = tips
      this.#needs = needs
    }
  }

  /** The document as its author sees it: all of the common past, and of the time apart what their own part did. */
  #document(document: DocumentId, kind: DocumentKind): DocHandle {
    const known = this.#open.get(document)
    if (known) return known
    const opened = openDocument(kind, null, this.#common.get(document) ?? [])
    if (!opened.ok) throw new Error('a sample document does not open')
    this.#open.set(document, opened.value)
    return opened.value
  }

  async #author(person: number): Promise<Author> {
    const known = this.#people[person]
    if (known) return known
    const keys = await seededKeys(this.#bytes(`person ${person}`, 32))
    const author = { keys, tip: startFeed(keys.device) }
    this.#people[person] = author
    return author
  }

  #take(): readonly Parcel[] {
    const byDevice = new Map<string, Entry[]>()
    for (const entry of this.#fresh) {
      const entries = byDevice.get(entry.device)
      if (entries) entries.push(entry)
      else byDevice.set(entry.device, [entry])
    }
    this.#fresh = []
    return [...byDevice.values()].map((entries) => ({ run: runOf(entries) }))
  }

  #name(person: number): string {
    return this.#script.people[person]?.name ?? ''
  }
  #initiative(number: number): DocumentId {
    return DocumentId.fromBytes(this.#bytes(`initiative ${number}`, DocumentId.length))
  }
  #action(number: number): ActionId {
    return ActionId.fromBytes(this.#bytes(`action ${number}`, ActionId.length))
  }
  #thread(subject: SampleThread): DocumentId {
    return subject === null ? groupDocument(this.group) : this.#initiative(subject)
  }

  /** Repeatable bytes named by a purpose. */
  #bytes(purpose: string, length: number): Uint8Array {
    return sha256(utf8.encode(`${this.#seed}/${purpose}`)).subarray(0, length)
  }
}

interface Author {
  readonly keys: DeviceKeys
  tip: FeedTip
}

const utf8 = new TextEncoder()
/** Entries handed out at once: less than a second's signing and storing, after which it can be stopped. */
const BATCH_ENTRIES = 400
/** One member's open invitation lets everybody in whom they bring. */
const INVITATION_USES = 999
