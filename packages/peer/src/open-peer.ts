import {
  ActionId, checkName, checkText, checkTitle, type Claim, type ControlId, DocumentId, type Edit, err, type GroupId, type Heads, type Instant, NAMELESS, ok, orderBetween, PLACES_LIMIT,
  type Result, type StatementId, type StatusView, type TextFault, type ThreadId,
} from '@auzolan/core'
import { peerIdBytes, peerIdText } from '@auzolan/network'
import { type Continues, decodeCbor, encodeCbor, encodeInvitation, invitationKeys, type KeyStore, makeJoinRequest, openKeyStore, openVerifier, parseInvitation, type Verifier } from '@auzolan/trust'
import { answer, type AnswerContext, concerns, groupRow } from './answers/answer.ts'
import { Watcher } from './answers/watchers.ts'
import type { Group } from './group/group.ts'
import { Groups } from './group/groups.ts'
import { helpersKey, linksKey } from './log/layout.ts'
import type { Answer, InvitationFault, InvitationPreview, Peer, PeerOptions, Query, Refusal } from './peer.ts'
import type { SampleSize } from './sample/index.ts'

/** Opens this device's peer: reads what it takes part in, and begins to look for others. */
export const openPeer = async (options: PeerOptions): Promise<Peer> => {
  const peer = new LocalPeer(options, await openVerifier(), await openKeyStore(options.secrets, options.entropy))
  await peer.start()
  return peer
}

class LocalPeer implements Peer {
  readonly #options: PeerOptions
  readonly #keys: KeyStore
  readonly #groups: Groups
  readonly #watchers = new Set<Watcher<Query>>()
  readonly #links = new Map<GroupId, Map<string, string>>()
  #helpers: string[] = []
  #persisted: StatusView['persisted'] = 'unknown'
  #asked = false
  #closed = false

  constructor(options: PeerOptions, verifier: Verifier, keys: KeyStore) {
    this.#options = options
    this.#keys = keys
    this.#groups = new Groups(options, verifier, keys, (group, change) =>
      this.#refresh((query) => group === 'records' || query.view === 'groups' ? query.view === 'groups' : query.group === group && concerns(query, change)))
  }

  async start(): Promise<void> {
    this.#helpers = readTexts(await this.#options.store.get(helpersKey))
    await this.#groups.start()
    this.#groups.look(this.#helpers)
  }

  async createGroup(draft: { readonly name: string; readonly purpose?: string; readonly myName: string }): Promise<Result<GroupId, Refusal>> {
    return this.#found(draft, null, false)
  }

  async openExample(myName: string, size: SampleSize = 'S'): Promise<Result<GroupId, Refusal>> {
    const name = lineOf('myName', checkName(myName))
    return name.ok ? this.#groups.example(name.value || NAMELESS, size) : name
  }

  async fork(id: GroupId, draft: { readonly name: string; readonly myName: string; readonly reason?: string }): Promise<Result<GroupId, Refusal>> {
    const parent = await this.#groups.get(id)
    if (!parent || parent.workspace.log.control.heads.length === 0) return err({ type: 'unknown group' })
    const { log } = parent.workspace
    const continues = {
      group: id, heads: log.control.heads, frontier: log.frontier(),
      name: (await groupRow(parent)).name, members: [...log.state.members.values()].filter(({ left }) => !left).length, reason: draft.reason ?? '',
    }
    return this.#found(draft, continues, parent.record.example)
  }

  async startInitiative(id: GroupId, draft: { readonly title: string }): Promise<Result<DocumentId, Refusal>> {
    const title = lineOf('title', checkTitle(draft.title))
    if (!title.ok) return title
    const initiative = DocumentId.create(this.#options.entropy)
    return this.#in(id, async (group) => {
      const said = await group.say({ kind: 'start', initiative, title: title.value })
      return said.ok ? ok(initiative) : said
    })
  }

  async planAction(id: GroupId, initiative: DocumentId, draft: { readonly title: string; readonly places: number; readonly when?: string }): Promise<Result<ActionId, Refusal>> {
    const title = lineOf('title', checkTitle(draft.title))
    if (!title.ok) return title
    const places = Math.round(draft.places)
    if (!(places >= 1 && places <= PLACES_LIMIT)) return err({ type: 'too long', field: 'places', limit: PLACES_LIMIT })
    const action = ActionId.create(this.#options.entropy)
    return this.#in(id, async (group) => {
      if (!group.workspace.board.start(initiative)) return err({ type: 'no such thing' })
      const put = (last: string | null): Edit => ({ do: 'put', action, draft: { title: title.value, details: '', when: draft.when ?? '', order: orderBetween(last, null) } })
      const made = await group.edit(initiative, ({ value }) => [put(lastOrder(Object.values(value.actions).map(({ order }) => order)))], { kind: 'need', initiative, action, places, replaces: [] })
      return made.ok ? ok(action) : made
    })
  }

  async changePlaces(id: GroupId, initiative: DocumentId, action: ActionId, places: number): Promise<Result<StatementId, Refusal>> {
    if (!(Number.isInteger(places) && places >= 1 && places <= PLACES_LIMIT)) return err({ type: 'too long', field: 'places', limit: PLACES_LIMIT })
    return this.#in(id, (group) => group.say({ kind: 'need', initiative, action, places, replaces: group.workspace.board.action(initiative, action).needs }))
  }

  async takeAction(id: GroupId, initiative: DocumentId, action: ActionId): Promise<Result<StatementId, Refusal>> {
    return this.#in(id, (group) => group.say({ kind: 'take', initiative, action }))
  }

  async giveBack(id: GroupId, initiative: DocumentId, take: StatementId): Promise<Result<StatementId, Refusal>> {
    return this.#in(id, async (group) => {
      const claim = claimOf(group, initiative, take)
      if (!claim) return err({ type: 'no such thing' })
      if (claim.by !== group.me) return err({ type: 'not yours' })
      let last: Result<StatementId, Refusal> = err({ type: 'no such thing' })
      for (const each of claim.takes) last = await group.say({ kind: 'giveBack', initiative, take: each })
      return last
    })
  }

  async markDone(id: GroupId, initiative: DocumentId, take: StatementId, minutes: number): Promise<Result<StatementId, Refusal>> {
    return this.#in(id, async (group) => {
      const claim = claimOf(group, initiative, take)
      if (!claim) return err({ type: 'no such thing' })
      if (claim.by !== group.me) return err({ type: 'not yours' })
      return group.say({ kind: 'done', initiative, take: claim.id, minutes: Math.max(0, Math.round(minutes)) })
    })
  }

  async sendMessage(id: GroupId, thread: ThreadId, text: string, replyTo?: StatementId): Promise<Result<StatementId, Refusal>> {
    const tidy = lineOf('text', checkText(text))
    if (!tidy.ok) return tidy
    return this.#in(id, async (group) => {
      const { tips } = await group.thread(thread)
      return group.say({ kind: 'message', thread, after: tips, replyTo: replyTo ?? null }, tidy.value)
    })
  }

  async withdrawMessage(id: GroupId, thread: ThreadId, message: StatementId): Promise<Result<StatementId, Refusal>> {
    return this.#in(id, async (group) => {
      const said = (await group.thread(thread)).said.find((each) => each.id === message)
      if (!said) return err({ type: 'no such thing' })
      if (said.by !== group.me) return err({ type: 'not yours' })
      return group.say({ kind: 'retract', thread: 'thread' in said.statement ? said.statement.thread : thread, message })
    })
  }

  async edit(id: GroupId, document: DocumentId, edits: readonly Edit[]): Promise<Result<{ readonly heads: Heads }, Refusal>> {
    return this.#in(id, (group) => group.edit(document, () => edits))
  }

  async rename(id: GroupId, myName: string): Promise<Result<StatementId, Refusal>> {
    const name = lineOf('name', checkName(myName))
    return name.ok ? this.#in(id, (group) => group.say({ kind: 'card', name: name.value })) : name
  }

  async invite(id: GroupId, draft: { readonly uses: number; readonly note?: string; readonly expires?: Instant }): Promise<Result<{ readonly id: ControlId; readonly link: string }, Refusal>> {
    const secret = this.#options.entropy.bytes(16)
    const { publicKey } = await invitationKeys(secret)
    return this.#in(id, async (group) => {
      const decided = await group.decide({ kind: 'invite', key: publicKey, uses: draft.uses, expires: draft.expires ?? null, note: draft.note ?? '' })
      if (!decided.ok) return decided
      const row = await groupRow(group)
      const self = peerIdBytes(this.#options.network.self)
      const link = encodeInvitation({
        group: id, secret, groupName: row.name, inviterName: group.myName, expires: draft.expires ?? null,
        peers: self ? [self] : [], hints: this.#helpers.slice(0, 4),
      })
      const links = await this.#linksOf(id)
      links.set(decided.value.id as string, link)
      await this.#options.store.write([{ do: 'put', key: linksKey(id), value: writeTexts([...links].flat()) }], { durability: 'strict' })
      this.#refresh((query) => query.view === 'people' && query.group === id)
      return ok({ id: decided.value.id as ControlId, link: this.#whole(link) })
    })
  }

  async cancelInvitation(id: GroupId, invitation: ControlId): Promise<Result<null, Refusal>> {
    return this.#in(id, async (group) => {
      const decided = await group.decide({ kind: 'uninvite', invite: invitation })
      return decided.ok ? ok(null) : decided
    })
  }

  async readInvitation(text: string): Promise<Result<InvitationPreview, InvitationFault>> {
    const invitation = parseInvitation(text)
    if (!invitation.ok) return invitation
    const { group, groupName, inviterName, expires } = invitation.value
    if (this.#groups.record(group)?.standing === 'member') return err({ type: 'already a member', group })
    if (expires !== null && expires < this.#options.clock.now()) return err({ type: 'ended', at: expires })
    return ok({ group, groupName, inviterName, expires })
  }

  async join(text: string, me: { readonly name: string }): Promise<Result<GroupId, Refusal>> {
    const preview = await this.readInvitation(text)
    const invitation = parseInvitation(text)
    const name = lineOf('name', checkName(me.name))
    if (!preview.ok) return preview
    if (!invitation.ok) return invitation
    if (!name.ok) return name
    const { group, secret, groupName, peers, hints } = invitation.value
    const before = this.#groups.record(group)
    const keys = (before && (await this.#keys.open(before.device))) ?? (await this.#keys.create())
    const proof = await makeJoinRequest(invitation.value, keys, name.value || NAMELESS, this.#options.entropy)
    const joining = { secret, proof, peers: peers.flatMap((peer) => peerIdText(peer) ?? []), addresses: hints }
    return this.#groups.add({ group, standing: 'joining', device: keys.device, name: groupName, since: this.#options.clock.now(), example: false, joining })
  }

  async leave(id: GroupId): Promise<Result<null, Refusal>> {
    return this.#in(id, async (group) => {
      const decided = await group.decide({ kind: 'leave' })
      if (!decided.ok) return decided
      await group.keep({ ...group.record, standing: 'left' })
      return ok(null)
    })
  }

  async forget(id: GroupId): Promise<Result<null, Refusal>> {
    const gone = await this.#groups.forget(id)
    return gone.ok ? ok(null) : gone
  }

  watch<Q extends Query>(query: Q, tell: (answer: Answer<Q>) => void): () => void {
    const watcher = new Watcher<Q>(query, (asked) => this.#answer(asked), tell)
    this.#watchers.add(watcher as unknown as Watcher<Query>)
    watcher.refresh()
    return () => {
      watcher.stop()
      this.#watchers.delete(watcher as unknown as Watcher<Query>)
    }
  }

  async addHelper(address: string): Promise<void> {
    if (this.#helpers.includes(address)) return
    this.#helpers = [...this.#helpers, address].slice(-MAX_HELPERS)
    await this.#options.store.write([{ do: 'put', key: helpersKey, value: writeTexts(this.#helpers) }], { durability: 'relaxed' })
    this.#groups.look(this.#helpers)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const watcher of this.#watchers) watcher.stop()
    await this.#groups.close()
    await this.#options.store.close()
    await this.#options.secrets.close()
  }

  async #found(draft: { readonly name: string; readonly purpose?: string; readonly myName: string }, continues: Continues | null, example: boolean): Promise<Result<GroupId, Refusal>> {
    const name = lineOf('name', checkTitle(draft.name))
    const myName = lineOf('myName', checkName(draft.myName))
    if (!name.ok) return name
    if (!myName.ok) return myName
    this.#askToPersist()
    return this.#groups.found({ name: name.value, purpose: draft.purpose ?? '', myName: myName.value || NAMELESS, continues, example })
  }

  async #in<T>(id: GroupId, act: (group: Group) => Promise<Result<T, Refusal>>): Promise<Result<T, Refusal>> {
    const group = await this.#groups.get(id)
    if (!group) return err({ type: 'unknown group' })
    this.#askToPersist()
    return act(group)
  }

  async #answer<Q extends Query>(query: Q): Promise<Answer<Q> | undefined> {
    if (query.view === 'groups') {
      const groups = await Promise.all(this.#groups.ids.map((id) => this.#groups.get(id)))
      return (await Promise.all(groups.flatMap((group) => (group ? [groupRow(group)] : [])))) as unknown as Answer<Q>
    }
    const group = await this.#groups.get(query.group)
    if (!group) return undefined
    const context: AnswerContext = { links: query.view === 'people' ? await this.#wholeLinks(query.group) : NO_LINKS, persisted: this.#persisted }
    return (await answer(group, query, context)) as Answer<Q> | undefined
  }

  #refresh(concerned: (query: Query) => boolean): void {
    for (const watcher of this.#watchers) if (concerned(watcher.query)) watcher.refresh()
  }

  /** The first own write is the moment when losing this device's storage would lose something. */
  #askToPersist(): void {
    if (this.#asked) return
    this.#asked = true
    void this.#options.persist?.().then((answer) => {
      this.#persisted = answer
      this.#refresh((query) => query.view === 'status')
    })
  }

  #whole(link: string): string {
    return `${this.#options.appAddress ?? ''}#/join/${link}`
  }

  async #wholeLinks(id: GroupId): Promise<ReadonlyMap<string, string>> {
    return new Map([...(await this.#linksOf(id))].map(([invitation, link]) => [invitation, this.#whole(link)]))
  }

  async #linksOf(id: GroupId): Promise<Map<string, string>> {
    const known = this.#links.get(id)
    if (known) return known
    const texts = readTexts(await this.#options.store.get(linksKey(id)))
    const links = new Map<string, string>()
    for (let at = 0; at + 1 < texts.length; at += 2) links.set(texts[at] as string, texts[at + 1] as string)
    this.#links.set(id, links)
    return links
  }
}

const lineOf = (field: string, checked: Result<string, TextFault>): Result<string, Refusal> =>
  checked.ok ? checked : err(checked.error.type === 'empty' ? { type: 'empty', field } : { type: 'too long', field, limit: checked.error.limit })

const claimOf = (group: Group, initiative: DocumentId, take: StatementId): Claim | undefined => {
  for (const action of group.workspace.board.actions(initiative)) {
    const claim = group.workspace.board.action(initiative, action).claims.find(({ id, takes }) => id === take || takes.includes(take))
    if (claim) return claim
  }
  return undefined
}

const lastOrder = (orders: readonly string[]): string | null => [...orders].sort().at(-1) ?? null

const writeTexts = (texts: readonly string[]): Uint8Array => encodeCbor(texts)
const readTexts = (bytes: Uint8Array | undefined): string[] => {
  const value = bytes && decodeCbor(bytes)
  return value?.ok && Array.isArray(value.value) ? value.value.filter((text): text is string => typeof text === 'string') : []
}

const NO_LINKS: ReadonlyMap<string, string> = new Map()
/** Relays and other peers one person adds by hand. */
const MAX_HELPERS = 16
