import type { DocumentId, GroupId } from '@auzolan/core'
import { MemoryHub } from '@auzolan/network'
import type { Answer, Peer, Query } from '@auzolan/peer'
import { openMemoryStore } from '@auzolan/storage'
import { decodeTipRecord } from '../../packages/peer/src/log/tip-record.ts'
import { type Noise } from '../support/noise.ts'
import { Participant, seededEntropy, steppedClock, until, value } from '../support/participant.ts'

/**
 * One thing that happens. Plain data, so that a failing schedule shrinks and replays. Numbers choose among what there is; `where` among the
 * group (0, also when left out) and its forks.
 */
export type Step =
  | (Where & {
      readonly do: 'title' | 'plan' | 'action' | 'message' | 'rename'
      readonly who: number
      readonly text: string
    })
  | (Where & { readonly do: 'take' | 'giveBack' | 'withdraw' | 'leave' | 'fork'; readonly who: number })
  | { readonly do: 'crash' | 'restart' | 'tab' | 'quiet'; readonly who: number }
  | (Where & { readonly do: 'cancel'; readonly who: number; readonly other: number })
  | { readonly do: 'join' | 'cut' | 'heal'; readonly who: number; readonly other: number }
  | { readonly do: 'fault'; readonly who: number; readonly fault: 'quota' | 'killed' | 'killed-unacknowledged' }
  | { readonly do: 'exchange'; readonly frames: number }
  | {
      readonly do: 'hostile'
      readonly how: 'flip' | 'cut off' | 'replay' | 'noise'
      readonly frames: number
      readonly at: number
    }

interface Where {
  readonly where?: number
}

/** What a person does, as opposed to what happens to them. */
type Act = Exclude<
  Step,
  { do: 'crash' | 'cut' | 'exchange' | 'fault' | 'heal' | 'hostile' | 'join' | 'quiet' | 'restart' | 'tab' }
>

/** Several people with their devices in one process: no timers, no sockets, nothing moves unless a step says so. */
export class World {
  readonly people: Participant[]
  readonly hub: MemoryHub
  group!: GroupId
  readonly forks: GroupId[] = []
  initiative!: DocumentId
  readonly #links: { readonly link: string; readonly id: unknown }[] = []
  readonly #noise: Noise
  readonly #seen: { readonly type: string; readonly payload: Uint8Array }[] = []
  #seed: number

  private constructor(size: number, seed: number, noise: Noise) {
    this.#seed = seed
    this.#noise = noise
    this.hub = new MemoryHub({ order: 'random', seed })
    const clock = steppedClock()
    this.people = Array.from(
      { length: size },
      (_, at) => new Participant(`p${at}`, this.hub, seed * 100 + at, clock, undefined, noise),
    )
  }

  /** All but the last are members of one group with one initiative; the last may join. */
  static async create(size: number, seed: number, noise: Noise): Promise<World> {
    const world = new World(size, seed, noise)
    for (const person of world.people) await person.start()
    world.#pairs((one, other) => world.hub.connect(one.name, other.name))
    const { peer } = world.people[0] as Participant
    world.group = value(await peer.createGroup({ name: 'Elm Street', myName: 'p0' }))
    world.initiative = value(await peer.startInitiative(world.group, { title: 'Repair café' }))
    const invitation = value(await peer.invite(world.group, { uses: 20 }))
    world.#links.push(invitation)
    for (const person of world.people.slice(1, -1))
      value(await person.peer.join(invitation.link, { name: person.name }))
    await world.settle()
    return world
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'exchange':
        for (let frame = 0; frame < step.frames; frame++) {
          await this.#idle()
          this.hub.step()
        }
        return
      case 'hostile':
        return this.#spoil(step)
      case 'cut':
      case 'heal': {
        const [one, other] = [this.#who(step.who), this.#who(step.other)]
        if (one !== other) this.hub[step.do](one.name, other.name)
        return
      }
      case 'crash':
        return this.#who(step.who).crash()
      case 'restart': {
        const person = this.#who(step.who)
        await Promise.race([person.stop(), this.#idle()])
        if (person.running) await person.crash()
        await Promise.race([person.start(), this.#idle()])
        return
      }
      case 'fault':
        return this.#who(step.who).disk.failWrite(1, step.fault)
      case 'tab': {
        const person = this.#who(step.who)
        if (person.running && !person.tab) await Promise.race([person.openTab(), this.#idle()])
        return
      }
      case 'quiet':
        return this.#who(step.who).quiet()
      case 'join': {
        const invitation = this.#links[step.other % this.#links.length]
        const person = this.#who(step.who)
        if (invitation && person.running)
          await Promise.race([person.peer.join(invitation.link, { name: person.name }), this.#idle()])
        return
      }
      default: {
        const person = this.#who(step.who)
        if (!person.running) return
        const wrote = this.#act(person.tab && step.who % 2 === 0 ? person.tab : person.peer, step)
        // A device that is killed while it writes never answers.
        await Promise.race([wrote, this.#idle()])
      }
    }
  }

  async #act(peer: Peer, step: Act): Promise<void> {
    const { initiative } = this
    const group = this.groups[(step.where ?? 0) % this.groups.length] as GroupId
    switch (step.do) {
      case 'title':
        return void (await peer.edit(group, initiative, [{ do: 'set', field: ['title'], value: step.text }]))
      case 'plan': {
        const before = (await this.#look(peer, { view: 'initiative', group, initiative }))?.plan
        return void (
          before &&
          (await peer.edit(group, initiative, [
            { do: 'write', field: ['plan'], from: before.heads, text: before.text + step.text },
          ]))
        )
      }
      case 'action':
        return void (await peer.planAction(group, initiative, { title: step.text, places: 1 }))
      case 'message':
        return void (await peer.sendMessage(group, initiative, step.text))
      case 'rename':
        return void (await peer.rename(group, step.text))
      case 'take': {
        const action = (await this.#look(peer, { view: 'initiative', group, initiative }))?.actions[0]
        return void (action && (await peer.takeAction(group, initiative, action.id)))
      }
      case 'giveBack': {
        const view = await this.#look(peer, { view: 'initiative', group, initiative })
        const mine = view?.actions.flatMap(({ takes }) => takes).find(({ by }) => by.me)
        return void (mine && (await peer.giveBack(group, initiative, mine.id)))
      }
      case 'withdraw': {
        const thread = await this.#look(peer, { view: 'thread', group, thread: initiative })
        const mine = thread?.messages.find(({ by, text }) => by.me && text !== null)
        return void (mine && (await peer.withdrawMessage(group, initiative, mine.id)))
      }
      case 'cancel': {
        const made = await peer.invite(group, { uses: 1 })
        if (made.ok) this.#links.push(made.value)
        const open =
          (await this.#look(peer, { view: 'people', group }))?.invitations.filter(({ cancelled }) => !cancelled) ?? []
        const one = open[step.other % Math.max(1, open.length)]
        return void (one && (await peer.cancelInvitation(group, one.id)))
      }
      case 'leave':
        return void (await peer.leave(group))
      case 'fork': {
        const fork = await peer.fork(group, { name: 'Elm again', myName: 'forker' })
        if (!fork.ok) return
        this.forks.push(fork.value)
        const made = await peer.invite(fork.value, { uses: 5 })
        if (made.ok) this.#links.push(made.value)
        return
      }
    }
  }

  /** The next frames arrive otherwise than they were sent. */
  #spoil({ how, frames, at }: Extract<Step, { do: 'hostile' }>): void {
    let left = frames
    const random = seededEntropy((this.#seed += 1))
    this.hub.corrupt = (frame) => {
      this.#seen.push(frame)
      if (left-- <= 0) return frame
      const payload = frame.payload.slice()
      if (how === 'flip' && payload.length > 0) payload[at % payload.length]! ^= 1 << (at % 8)
      if (how === 'replay') return this.#seen[at % this.#seen.length] as typeof frame
      if (how === 'noise') return { type: frame.type, payload: random.bytes(at % 200) }
      return { type: frame.type, payload: how === 'cut off' ? payload.subarray(0, at % (payload.length + 1)) : payload }
    }
  }

  /** Everybody is back, everybody meets everybody anew, and everything arrives. */
  async reunite(): Promise<void> {
    this.hub.corrupt = (frame) => frame
    for (const person of this.people) {
      await Promise.race([person.stop(), this.#idle()])
      if (person.running) await person.crash()
      // Faults that were ordered and have not struck yet do so now.
      await openMemoryStore(person.disk)
        .write([], { durability: 'relaxed' })
        .catch(() => false)
      await person.start()
    }
    this.#pairs((one, other) => this.hub.cut(one.name, other.name))
    await this.#idle()
    this.#pairs((one, other) => this.hub.heal(one.name, other.name))
    await this.settle()
  }

  /** Delivers and waits until nothing moves. Throws when that never happens. */
  async settle(): Promise<void> {
    for (let delivered = 0; delivered < MOST_FRAMES; delivered++) {
      await turn()
      if (this.hub.step()) continue
      for (const person of this.people) person.quiet()
      await this.#idle()
      if (!this.hub.step()) return
    }
    throw new Error('they never stop talking')
  }

  /** The group and what was forked from it. */
  get groups(): readonly GroupId[] {
    return [this.group, ...this.forks]
  }

  /** What everyone who is in must agree on. */
  async shared(person: Participant, group: GroupId, peer = person.peer): Promise<unknown> {
    const row = (await this.#answerOf(peer, { view: 'groups' })).find(({ id }) => id === group)
    if (row?.standing !== 'member') return undefined
    const home = await this.#answerOf(peer, { view: 'home', group })
    const initiatives = []
    for (const { id } of home.initiatives)
      initiatives.push(
        await this.#answerOf(peer, { view: 'initiative', group, initiative: id }),
        await this.#answerOf(peer, { view: 'thread', group, thread: id }),
      )
    const people = await this.#answerOf(peer, { view: 'people', group })
    return common({
      home,
      initiatives,
      people,
      group: await this.#answerOf(peer, { view: 'thread', group, thread: home.document }),
    })
  }

  /** Who this person is in the group, and whom they take for members. */
  async membership({ peer }: Participant, group: GroupId): Promise<{ me: unknown; members: ReadonlySet<unknown> }> {
    const people = (await this.#answerOf(peer, { view: 'people', group })).people.filter(({ left }) => !left)
    return { me: people.find(({ me }) => me)?.id, members: new Set(people.map(({ id }) => id)) }
  }

  async frontier({ disk }: Participant, group: GroupId): Promise<unknown> {
    const records = await openMemoryStore(disk).range({ prefix: ['g', group, 'tip'] })
    return records.map(({ key, value: record }) => {
      const tip = decodeTipRecord(record)
      return [key.at(-1), tip.ok && [tip.value.seq, tip.value.chain.join()]]
    })
  }

  async dropCaches({ disk }: Participant, group: GroupId): Promise<void> {
    const store = openMemoryStore(disk)
    await store.write(
      [
        { do: 'remove', key: ['g', group, 'view'] },
        { do: 'removeRange', prefix: ['g', group, 'snapshot'] },
      ],
      { durability: 'strict' },
    )
  }

  /** What a device shows now; `undefined` where it has no answer yet. */
  #look<Q extends Query>(peer: Peer, query: Q): Promise<Answer<Q> | undefined> {
    return Promise.race([until(peer, query), this.#idle().then(() => undefined)])
  }

  async #answerOf<Q extends Query>(peer: Peer, query: Q): Promise<Answer<Q>> {
    const answer = await this.#look(peer, query)
    if (answer === undefined) throw new Error(`no answer to ${query.view}`)
    return answer
  }

  /** Everything that needs no network runs to its end: without WebCrypto's threads nothing takes longer than a few turns, and what noise adds. */
  async #idle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      await turn()
      if (this.#noise.busy) quiet = 0
    }
  }

  #who(number: number): Participant {
    return this.people[number % this.people.length] as Participant
  }

  #pairs(act: (one: Participant, other: Participant) => void): void {
    for (const [at, one] of this.people.entries()) for (const other of this.people.slice(at + 1)) act(one, other)
  }
}

/** Without what only one device knows. */
const common = (answer: unknown): unknown =>
  JSON.parse(JSON.stringify(answer, (key, each: unknown) => (OWN.has(key) ? undefined : each)))
const OWN = new Set(['me', 'cameLater', 'link', 'current'])

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const QUIET_TURNS = 4
/** More than any of these worlds has to say. */
const MOST_FRAMES = 5000
