import { describe, expect, test } from 'vitest'
import type { CloseReason, Frame, Link, Network } from './network.ts'
import { MemoryHub, type MemoryHubOptions } from './memory.ts'

const frame = (...payload: number[]): Frame => ({ type: 'entries', payload: Uint8Array.from(payload) })

const startAll = async (hub: MemoryHub, names: readonly string[]) => {
  const arrived: string[] = []
  const links = new Map<string, Link>()
  const networks = new Map<string, Network>()
  for (const name of names) {
    const network = hub.network(name)
    networks.set(name, network)
    await network.start((link) => {
      links.set(`${name}-${link.remote}`, link)
      link.onFrame(({ payload }) => void arrived.push(`${link.remote}>${name}:${payload[0]}`))
    })
  }
  const link = (name: string): Link => {
    const found = links.get(name)
    if (!found) throw new Error(`no link ${name}`)
    return found
  }
  return { arrived, link, links, networks }
}

describe('the hub moves nothing by itself', () => {
  test('a frame waits until it is stepped', async () => {
    const hub = new MemoryHub()
    const { arrived, link } = await startAll(hub, ['a', 'b'])
    hub.connect('a', 'b')
    await link('a-b').send(frame(1))
    expect(arrived).toEqual([])
    expect(hub.step()).toBe(true)
    expect(arrived).toEqual(['a>b:1'])
    await hub.settle()
    expect(hub.step()).toBe(false)
    expect(hub.traffic('a', 'b')).toEqual({ frames: 1, bytes: 1 })
  })

  test('nobody is linked whom the hub did not connect, and a cut loses what was on its way', async () => {
    const hub = new MemoryHub()
    const { arrived, link, links } = await startAll(hub, ['a', 'b', 'c'])
    hub.connect('a', 'b')
    expect([...links.keys()]).toEqual(['a-b', 'b-a'])
    const first = link('a-b')
    await first.send(frame(1))
    hub.cut('a', 'b')
    await hub.settle()
    expect(await first.closed).toEqual({ type: 'lost' })
    await expect(first.send(frame(2))).rejects.toThrow('lost')
    hub.heal('a', 'b')
    await link('a-b').send(frame(3))
    await hub.settle()
    expect(arrived).toEqual(['a>b:3'])
  })

  test('a pair that is cut and healed in one go is linked anew', async () => {
    const hub = new MemoryHub()
    const { arrived, link } = await startAll(hub, ['a', 'b'])
    hub.connect('a', 'b')
    const first = link('a-b')
    hub.cut('a', 'b')
    hub.heal('a', 'b')
    expect(link('a-b')).not.toBe(first)
    await link('a-b').send(frame(1))
    await hub.settle()
    expect(arrived).toEqual(['a>b:1'])
  })

  test('one start later is linked where the hub had connected', async () => {
    const hub = new MemoryHub()
    hub.network('b')
    hub.connect('a', 'b')
    const { links } = await startAll(hub, ['a', 'b'])
    expect([...links.keys()]).toEqual(['a-b', 'b-a'])
  })

  const run = async (options: MemoryHubOptions) => {
    const hub = new MemoryHub(options)
    const { arrived, link } = await startAll(hub, ['a', 'b', 'c'])
    hub.connect('a', 'b')
    hub.connect('a', 'c')
    hub.connect('b', 'c')
    for (let value = 0; value < 8; value++) {
      for (const name of ['a-b', 'a-c', 'b-c', 'c-a']) await link(name).send(frame(value))
    }
    await hub.settle()
    return arrived
  }

  test('one seed is one run, another seed another, and a link keeps its order in both', async () => {
    const first = await run({ order: 'random', seed: 7 })
    expect(await run({ order: 'random', seed: 7 })).toEqual(first)
    const other = await run({ order: 'random', seed: 8 })
    expect(other).not.toEqual(first)
    for (const arrived of [first, other]) {
      expect(arrived.filter((line) => line.startsWith('a>b:'))).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((v) => `a>b:${v}`))
    }
    expect([...other].sort()).toEqual([...first].sort())
  })

  test('the path may change a frame', async () => {
    const hub = new MemoryHub()
    const { arrived, link } = await startAll(hub, ['a', 'b'])
    hub.connect('a', 'b')
    hub.corrupt = (sent, from, to) => ({ ...sent, payload: Uint8Array.of(from === 'a' && to === 'b' ? 99 : 0) })
    await link('a-b').send(frame(1))
    await hub.settle()
    expect(arrived).toEqual(['a>b:99'])
  })

  test('settling waits for receivers at work and delivers what they answer', async () => {
    const hub = new MemoryHub()
    const seen: number[] = []
    await hub.network('a').start((link) => link.onFrame(({ payload }) => void seen.push(payload[0] as number)))
    await hub.network('b').start((link) =>
      link.onFrame(async ({ payload }) => {
        for (let wait = 0; wait < 200; wait++) await Promise.resolve()
        await link.send(frame((payload[0] as number) + 1))
      }),
    )
    const links: Link[] = []
    await hub.network('c').start((link) => links.push(link))
    hub.connect('b', 'c')
    hub.connect('a', 'b')
    await links[0]?.send(frame(1))
    links[0]?.onFrame(({ payload }) => void seen.push(payload[0] as number))
    await hub.settle()
    expect(seen).toEqual([2])
  })
})

test('in auto mode whoever wants another is linked, and frames arrive by themselves', async () => {
  const hub = new MemoryHub({ auto: true })
  const a = hub.network('a')
  const b = hub.network('b')
  a.want([{ peer: 'b', addresses: [] }])
  const arrived = new Promise<Frame>((resolve) => void b.start((link) => link.onFrame(resolve)))
  await a.start((link) => void link.send(frame(5)))
  expect((await arrived).payload).toEqual(Uint8Array.of(5))
  expect(a.state().peers).toEqual([{ peer: 'b', path: 'memory' }])
})

test('stopping ends every link, and the other side knows why', async () => {
  const hub = new MemoryHub()
  const { link, networks } = await startAll(hub, ['a', 'b'])
  hub.connect('a', 'b')
  const reasons: CloseReason[] = []
  void link('b-a').closed.then((reason) => reasons.push(reason))
  await networks.get('a')?.stop()
  await hub.settle()
  expect(reasons).toEqual([{ type: 'stopped' }])
  expect(networks.get('b')?.state().peers).toEqual([])
})
