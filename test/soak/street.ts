import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { GroupId, ThreadId } from '@auzolan/core'
import type { Answer, Peer, Query } from '@auzolan/peer'
import { type NodePeer, openNodePeer } from '@auzolan/peer/node'
import { Road } from './road.ts'

/** One peer with everything on disk, over real connections: each way to it is a road of its own. */
class Neighbour {
  readonly #folder: string
  #open: NodePeer | undefined
  #port = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  get peer(): Peer {
    if (!this.#open) throw new Error('not running')
    return this.#open.peer
  }

  get port(): number {
    return this.#port
  }

  async start(): Promise<void> {
    this.#open = await openNodePeer({ folder: this.#folder, listen: { host: '127.0.0.1', tcpPort: 0 } })
    const { addresses } = this.#open.network.state()
    this.#port = Number(addresses.flatMap((address) => /\/tcp\/(\d+)\/p2p\//.exec(address)?.[1] ?? [])[0])
  }

  async stop(): Promise<void> {
    await this.#open?.peer.close()
    this.#open = undefined
  }
}

/** Some neighbours in one group, each able to dial those before them. */
export class Street {
  readonly roads: Road[] = []
  group!: GroupId
  thread!: ThreadId
  readonly #neighbours: readonly Neighbour[]

  constructor(folder: string, count: number) {
    this.#neighbours = Array.from({ length: count }, (_, at) => new Neighbour(join(folder, String(at))))
  }

  get peers(): readonly Peer[] {
    return this.#neighbours.map(({ peer }) => peer)
  }

  async start(): Promise<void> {
    for (const neighbour of this.#neighbours) await neighbour.start()
    for (const [at, from] of this.#neighbours.entries())
      for (const to of this.#neighbours.slice(0, at)) {
        const road = await Road.to(() => to.port)
        this.roads.push(road)
        await from.peer.addHelper(`/ip4/127.0.0.1/tcp/${road.port}`)
      }
    const [first, ...others] = this.peers
    if (!first) throw new Error('nobody')
    this.group = valueOf(await first.createGroup({ name: 'Elm Street', myName: 'Neighbour 0' }))
    this.thread = valueOf(await first.startInitiative(this.group, { title: 'One hour' }))
    const { link } = valueOf(await first.invite(this.group, { uses: others.length }))
    for (const [at, other] of others.entries()) {
      valueOf(await other.join(link, { name: `Neighbour ${at + 1}` }))
      await until(other, { view: 'join', group: this.group }, ({ step }) => step === 'done')
    }
  }

  async restart(at: number): Promise<void> {
    await this.#neighbours[at]?.stop()
    await this.#neighbours[at]?.start()
  }

  async say(at: number, text: string): Promise<void> {
    valueOf(await this.#neighbours[at]?.peer.sendMessage(this.group, this.thread, text))
  }

  /** Of what each shows: titles, people and what was said, whatever order it came in. Where it is fewer than `said` messages, their number. */
  async digests(said: number): Promise<string[]> {
    return Promise.all(
      this.peers.map(async (peer) => {
        const { group, thread } = this
        const { messages } = await until(peer, { view: 'thread', group, thread })
        if (messages.length < said) return `${messages.length} of ${said}`
        const home = await until(peer, { view: 'home', group })
        const people = await until(peer, { view: 'people', group })
        const shown = [
          messages.map(({ id, text }) => [id, text]).sort(),
          home.initiatives.map(({ id, title }) => [id, title]).sort(),
          people.people.map(({ id, name }) => [id, name]).sort(),
        ]
        return createHash('sha256').update(JSON.stringify(shown)).digest('hex').slice(0, 16)
      }),
    )
  }

  async stop(): Promise<void> {
    for (const road of this.roads) road.close()
    for (const neighbour of this.#neighbours) await neighbour.stop()
  }
}

/** The first answer for which `enough` holds. */
const until = <Q extends Query>(
  peer: Peer,
  query: Q,
  enough: (answer: Answer<Q>) => boolean = () => true,
): Promise<Answer<Q>> =>
  new Promise((resolve) => {
    const stop = peer.watch(query, (answer) => {
      if (!enough(answer)) return
      queueMicrotask(() => stop())
      resolve(answer)
    })
  })

const valueOf = <T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown } | undefined,
): T => {
  if (!result?.ok) throw new Error(`refused: ${JSON.stringify(result?.error)}`)
  return result.value
}
