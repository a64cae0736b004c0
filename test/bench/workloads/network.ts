import { setTimeout as after } from 'node:timers/promises'
import { corpusSize } from '../corpus.ts'
import { type ReplicaProcess, withReplicas } from '../process.ts'
import { now, type Proxy, startProxy } from '../proxy.ts'
import type { Command, Until } from '../replica.ts'
import type { Entrant } from '../subjects.ts'
import type { Context, Metric, Workload } from '../workload.ts'

/** So long without a byte counts as quiet, in milliseconds: longer than any peer's batching. */
const quiet = 700
/** Dialling may begin in the background: how often to look for the first byte, and how long, in milliseconds. */
const firstByteStep = 50
const firstByteLimit = 30_000
/** Edits before measuring, so that the code is compiled. */
const warmUp = 30
const latencySamples = 200
/** Half of the round trip of W4', in milliseconds. */
const oneWay = 25

const takes = (subject: Entrant) => subject.node !== undefined

interface Meeting {
  readonly ms: number
  /** Until the last byte passed. */
  readonly quietMs: number
  readonly bytes: number
  readonly payload: number
}

/** A WebSocket's HTTP upgrade, both ways, in bytes; measured. */
const upgradeBytes = 353

const untilQuiet = async (proxy: Proxy) => {
  for (let waited = 0; proxy.bytes() === 0; waited += firstByteStep) {
    if (waited > firstByteLimit) throw new Error('no byte passed')
    await after(firstByteStep)
  }
  for (let idle = 0; idle < quiet; idle = now() - proxy.lastAt()) await after(quiet - idle)
}

/** A host does something alone, then another replica dials it and waits until it has what it lacks. */
const meet = (
  subject: Entrant,
  context: Context,
  plan: {
    readonly guest: 'member' | 'newcomer'
    readonly alone?: Command
    readonly until?: Until
    readonly oneWay?: number
  },
): Promise<Meeting> =>
  withReplicas(subject.file, async (start) => {
    const folders = await context.folders(subject)
    const [host, guest] = [start(), start()]
    await Promise.all([
      host.ask({ do: 'open', folder: folders.host }),
      guest.ask({ do: 'open', folder: folders[plan.guest] }),
    ])
    if (plan.alone) await host.ask(plan.alone)
    const { port } = await host.ask({ do: 'listen' })
    const proxy = await startProxy(Number(port), plan.oneWay)
    try {
      const times = await guest.ask({ do: 'dial', port: proxy.port, ...(plan.until ? { until: plan.until } : {}) })
      await untilQuiet(proxy)
      const [begun, done] = [Number(times['start']), Number(times['done'])]
      const { bytes: payload = proxy.bytes() - upgradeBytes } = await guest.ask({ do: 'payload' })
      return { ms: done - begun, quietMs: proxy.lastAt() - begun, bytes: proxy.bytes(), payload }
    } finally {
      proxy.close()
    }
  })

const milliseconds = (name: string, target: Metric['target']): Metric => ({ name, unit: 'ms', better: 'lower', target })
const kilobytes = (name: string, target: Metric['target']): Metric => ({ name, unit: 'kB', better: 'lower', target })

const quantile = (sorted: readonly number[], q: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN

const pingOnce = async (host: ReplicaProcess, guest: ReplicaProcess, n: number) => {
  await Promise.all([host.ask({ do: 'look', n }), guest.ask({ do: 'look', n })])
  await host.ask({ do: 'watch', n })
  const seen = host.seen()
  const { at } = await guest.ask({ do: 'ping', n })
  return (await seen) - Number(at)
}

const latency: Workload = {
  id: 'W2',
  title: 'one edit visible at the other peer, loopback; both look at the item',
  takes,
  metrics: {
    p50: milliseconds('p50', { value: 1 }),
    p99: milliseconds('p99', { value: 5 }),
  },
  run: (subject, context) =>
    withReplicas(subject.file, async (start) => {
      const folders = await context.folders(subject)
      const [host, guest] = [start(), start()]
      await Promise.all([
        host.ask({ do: 'open', folder: folders.host }),
        guest.ask({ do: 'open', folder: folders.member }),
      ])
      const { port } = await host.ask({ do: 'listen' })
      await guest.ask({ do: 'dial', port: Number(port) })
      const times: number[] = []
      for (let n = 0; n < warmUp + latencySamples; n++) {
        const took = await pingOnce(host, guest, n)
        if (n >= warmUp) times.push(took)
      }
      times.sort((one, other) => one - other)
      return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) }
    }),
}

const equalPeers: Workload = {
  id: 'W3a',
  title: 'two equal peers meet',
  takes,
  metrics: {
    payload: { name: 'payload', unit: 'B', better: 'lower', target: { value: 64 } },
    bytes: { name: 'on the wire', unit: 'B', better: 'lower', target: { none: true } },
    quiet: milliseconds('until quiet', { none: true }),
  },
  run: async (subject, context) => {
    const { payload, bytes, quietMs } = await meet(subject, context, { guest: 'member' })
    return { payload, bytes, quiet: quietMs }
  },
}

const catchUp = (id: string, changes: number): Workload => ({
  id,
  title: `catch up ${changes.toLocaleString('en')} changes over many items`,
  takes,
  metrics: {
    ms: milliseconds('until there', { times: 1, of: 'Yjs' }),
    kB: kilobytes('on the wire', { times: 0.5, of: 'Yjs' }),
  },
  run: async (subject, context) => {
    const { ms, bytes } = await meet(subject, context, {
      guest: 'member',
      alone: { do: 'edit', count: changes },
      until: { see: 'edits', count: changes },
    })
    return { ms, kB: bytes / 1000 }
  },
})

const catchUpTalk: Workload = {
  id: 'W3c',
  title: 'catch up 1,000 log entries of one talk',
  takes,
  metrics: {
    ms: milliseconds('until there', { value: 40 }),
    kB: kilobytes('on the wire', { value: 150 }),
  },
  run: async (subject, context) => {
    const { ms, bytes } = await meet(subject, context, {
      guest: 'member',
      alone: { do: 'say', count: 1000 },
      until: { see: 'messages', count: 1000 },
    })
    return { ms, kB: bytes / 1000 }
  },
}

const replicate: Workload = {
  id: 'W4',
  title: 'first replication of the whole workspace',
  takes,
  metrics: {
    rate: { name: 'rate', unit: 'items/s', better: 'higher', target: { times: 4, of: 'Yjs' } },
    share: { name: 'wire / JSON', unit: '', better: 'lower', target: { value: 0.55 } },
  },
  run: async (subject, context) => {
    const { ms, bytes } = await meet(subject, context, { guest: 'newcomer', until: { see: 'everything' } })
    return { rate: (corpusSize * 1000) / ms, share: bytes / context.json }
  },
}

const replicateFar: Workload = {
  id: "W4'",
  title: 'the same over a round trip of 50 ms',
  takes,
  metrics: { ms: milliseconds('until there', { value: 400 }) },
  run: async (subject, context) => {
    const { ms } = await meet(subject, context, { guest: 'newcomer', until: { see: 'everything' }, oneWay })
    return { ms }
  },
}

export const networkWorkloads: readonly Workload[] = [
  latency,
  equalPeers,
  catchUp('W3b 1k', 1_000),
  catchUp('W3b 10k', 10_000),
  catchUpTalk,
  replicate,
  replicateFar,
]
