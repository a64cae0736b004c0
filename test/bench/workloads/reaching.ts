import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as after } from 'node:timers/promises'
import { type Browser, chromium, type Page } from 'playwright-core'
import { openNodeNetwork, passingIdentity, type NodeNetwork } from '@auzolan/network/node'
import { servePages } from '../browser.ts'
import type { Reaching } from '../pages/reaching.ts'
import { ours } from '../subjects.ts'
import type { Metric, Workload } from '../workload.ts'

const cli = join(import.meta.dirname, '../../dist/cli.mjs')
/** Dials in one repetition: with the usual three, 300. */
const dials = 100
/** What takes longer hangs: the next try would have been due. In milliseconds. */
const hanging = 6_000
const rawFrames = 48
const clients = 300
/** Connected one after the other in batches, as a local peer takes 50 a second from one address. */
const batch = 25
/** Until a process has given back what starting took, in milliseconds. */
const calm = 5_000
/** What did not get through at once is tried again every ten seconds. In milliseconds. */
const connectedWithin = 60_000
const MB = 1e6

const takes = ({ name }: { readonly name: string }) => name === ours

/** `auzolan run` in a process of its own. */
const startRelay = async (tcpPort = 0) => {
  const folder = await mkdtemp(join(tmpdir(), 'auzolan-bench-'))
  const child = spawn(
    process.execPath,
    [cli, 'run', '--port', '0', '--tcp-port', String(tcpPort), '--data-dir', folder],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const port = await new Promise<number>((resolve, reject) => {
    const take = (line: string) => {
      const found = /http:\/\/localhost:(\d+)/.exec(line)?.[1]
      if (found) resolve(Number(found))
    }
    for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', take)
    child.once('exit', (code) => reject(new Error(`the local peer ended with ${code}`)))
  })
  const end = async () => {
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    await gone
    await rm(folder, { recursive: true, force: true })
  }
  return { child, address: `/ip4/127.0.0.1/tcp/${port}/ws`, end }
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** Memory of a process in use, in MB. Linux only. */
const residentMB = ({ pid }: ChildProcess): number => {
  const kB = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return (Number(kB) * 1024) / MB
}

/** Two pages that know nothing of each other. */
const withPages = async <T>(work: (one: Page, other: Page) => Promise<T>): Promise<T> => {
  const server = await servePages(join(import.meta.dirname, 'pages'))
  const browser: Browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-features=WebRtcHideLocalIpsWithMdns'],
  })
  const open = async (): Promise<Page> => {
    const page = await (await browser.newContext()).newPage()
    page.setDefaultTimeout(600_000)
    await page.goto(`http://localhost:${server.port}/reaching.html`)
    await page.waitForFunction(() => 'reaching' in window)
    return page
  }
  try {
    return await work(await open(), await open())
  } finally {
    await browser.close()
    server.close()
  }
}

const call = <Name extends keyof Reaching>(
  page: Page,
  name: Name,
  ...args: Parameters<Reaching[Name]>
): Promise<Awaited<ReturnType<Reaching[Name]>>> =>
  page.evaluate(([called, given]) => (window.reaching[called] as (...all: unknown[]) => unknown)(...given), [
    name,
    args,
  ] as [Name, unknown[]]) as Promise<Awaited<ReturnType<Reaching[Name]>>>

/** Both read the other's code; answers how long it took from the second reading on. */
const pair = async (one: Page, other: Page): Promise<number> => {
  const [mine, theirs] = [await call(one, 'show'), await call(other, 'show')]
  const first = call(one, 'read', theirs)
  const second = await call(other, 'read', mine)
  await first
  return second
}

const milliseconds = (name: string, target: Metric['target']): Metric => ({ name, unit: 'ms', better: 'lower', target })
const quantile = (sorted: readonly number[], q: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN

const throughRelay: Workload = {
  id: 'N1',
  title: `${dials} pages, one after the other, find another by a relay and are connected straight`,
  takes,
  metrics: {
    p50: milliseconds('relay → direct, p50', { value: 500 }),
    p99: milliseconds('p99', { none: true }),
    hanging: { name: `dials over ${hanging / 1000} s`, unit: '', better: 'lower', target: { value: 0 } },
  },
  run: async () => {
    const relay = await startRelay()
    try {
      return await withPages(async (one, other) => {
        const self = await call(one, 'begin', [relay.address])
        const times: number[] = []
        let hung = 0
        for (let n = 0; n < dials; n++) {
          await call(other, 'begin', [relay.address])
          const took = await call(other, 'dial', self, [relay.address], hanging)
          if (took === null) hung += 1
          else times.push(took)
          await call(other, 'end')
        }
        times.sort((left, right) => left - right)
        return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), hanging: hung }
      })
    } finally {
      await relay.end()
    }
  },
}

const meetNearby = () =>
  withPages(async (one, other) => {
    for (const page of [one, other]) await call(page, 'begin', [])
    const ms = await pair(one, other)
    const receiving = call(other, 'receive', rawFrames)
    await call(one, 'send', rawFrames)
    return { ms, rate: (await receiving) / MB }
  })

const nearby: Workload = {
  id: 'N2',
  title: 'two pages that read each other’s code, with no server: second reading to first data',
  takes,
  metrics: {
    ms: milliseconds('to first data', { value: 1_000 }),
    rate: { name: 'then', unit: 'MB/s', better: 'higher', target: { none: true } },
  },
  run: () => meetNearby(),
}

const catchUp: Workload = {
  id: 'N3',
  title: 'a page gets sample S from another it met nearby, beside what the same connection carries raw',
  takes,
  metrics: {
    ms: milliseconds('everything here', { none: true }),
    perSecond: { name: 'entries', unit: '/s', better: 'higher', target: { none: true } },
    rate: { name: 'rate', unit: 'MB/s', better: 'higher', target: { none: true } },
    share: { name: 'rate / raw', unit: '', better: 'higher', target: { value: 0.5 } },
  },
  run: async () => {
    const { rate: raw } = await meetNearby()
    return withPages(async (one, other) => {
      for (const page of [one, other]) await call(page, 'openPeer')
      const link = await call(one, 'host', 'S')
      await pair(one, other)
      const { ms, bytes, entries } = await call(other, 'join', link)
      const rate = (bytes * 1000) / ms / MB
      return { ms, rate, perSecond: (entries * 1000) / ms, share: rate / raw }
    })
  },
}

const memory: Workload = {
  id: 'N4',
  title: `memory of a local peer, idle and with ${clients} connected`,
  takes,
  metrics: {
    idle: { name: 'idle', unit: 'MB', better: 'lower', target: { value: 120 } },
    busy: { name: `with ${clients}`, unit: 'MB', better: 'lower', target: { value: 400 } },
    connected: { name: 'connected', unit: '', better: 'higher', target: { value: clients } },
  },
  run: async () => {
    // By TCP: of WebSockets it takes no more than 64 from one address.
    const tcpPort = await freePort()
    const relay = await startRelay(tcpPort)
    const helper = `/ip4/127.0.0.1/tcp/${tcpPort}`
    const around: NodeNetwork[] = []
    const met = new Set<NodeNetwork>()
    try {
      await after(calm)
      const idle = residentMB(relay.child)
      for (let from = 0; from < clients; from += batch) {
        await Promise.all(
          Array.from({ length: batch }, async () => {
            const identity = await passingIdentity({ bytes: (length) => randomBytes(length) })
            const network = await openNodeNetwork({
              identity,
              listen: { host: '127.0.0.1' },
              relay: false,
              helpers: [helper],
            })
            around.push(network)
            await network.start(() => met.add(network))
          }),
        )
        await after(1_000)
      }
      for (let waited = 0; met.size < clients && waited < connectedWithin; waited += calm) await after(calm)
      await after(calm)
      return { idle, busy: residentMB(relay.child), connected: met.size }
    } finally {
      await Promise.all(around.map((network) => network.stop()))
      await relay.end()
    }
  },
}

export const reachingWorkloads: readonly Workload[] = [throughRelay, nearby, catchUp, memory]
