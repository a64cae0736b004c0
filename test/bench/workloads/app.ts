import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { withReplicas } from '../process.ts'
import { ours } from '../subjects.ts'
import type { Metric, Workload } from '../workload.ts'

declare global {
  interface Window {
    /** Milliseconds of each task of the main thread above 50 (W3C Long Tasks) since the page began. */
    longTasks: number[]
    /** Milliseconds from the start of navigation to the first line of a list; `undefined` before. */
    firstRow: number | undefined
  }
}

const cli = join(import.meta.dirname, '../../dist/cli.mjs')
/** Beyond this nobody waits. In milliseconds. */
const patience = 120_000

/** A member of the sample group in a process of its own, and the link into the group. */
const startSample = async (size: string, folder: string) => {
  const args = [cli, 'sample', 'repair-cafe', '--size', size, '--port', '0', '--data-dir', folder]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const link = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      if (line.includes('#')) resolve(line.trim())
    })
    child.once('exit', (code) => reject(new Error(`the sample ended with ${code}`)))
  })
  const end = async () => {
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    await gone
  }
  return { link, end }
}

const observe = () => {
  window.longTasks = []
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longTasks.push(duration)
  }).observe({ type: 'longtask', buffered: true })
  new MutationObserver((_, observer) => {
    if (!document.querySelector('main article')) return
    observer.disconnect()
    requestAnimationFrame(() => (window.firstRow = performance.now()))
  }).observe(document, { childList: true, subtree: true })
}

const open = async (profile: string): Promise<{ context: BrowserContext; page: Page }> => {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  })
  await context.addInitScript(observe)
  return { context, page: context.pages()[0] ?? (await context.newPage()) }
}

const firstRow = async (page: Page): Promise<number> => {
  const found = await page.waitForFunction(() => window.firstRow, undefined, { timeout: patience })
  return (await found.jsonValue()) ?? Number.NaN
}

/** Joins by the link and waits until everything is here; answers the longest task of the main thread meanwhile. */
const joinGroup = async (page: Page, link: string) => {
  await page.goto(link)
  await page.getByRole('textbox', { name: 'Your name here' }).fill('Ane')
  const begun = Date.now()
  await page.evaluate(() => (window.longTasks = []))
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await page.getByRole('navigation', { name: 'Places in this group' }).waitFor({ timeout: patience })
  const usable = Date.now() - begun
  await page.waitForFunction(() => document.querySelectorAll('main article').length > 0, undefined, {
    timeout: patience,
  })
  await page.waitForFunction(() => !document.querySelector('[role=progressbar]'), undefined, { timeout: patience })
  const whole = Date.now() - begun
  const longest = await page.evaluate(() => Math.max(0, ...window.longTasks))
  return { usable, whole, longest }
}

const milliseconds = (name: string, target: Metric['target']): Metric => ({ name, unit: 'ms', better: 'lower', target })

const wholeApp = (size: 'S' | 'M' | 'L', targets: { readonly cold: number; readonly sync: number }): Workload => ({
  id: `app ${size}`,
  title: `the whole app with sample ${size}: join by link, close the browser, start again`,
  takes: ({ name }) => name === ours,
  metrics: {
    usable: milliseconds('joined, on screen', { value: 1_000 }),
    whole: milliseconds('everything here', { value: targets.sync }),
    longest: milliseconds('longest main-thread task meanwhile', { value: 50 }),
    cold: milliseconds('cold start to the list', { value: targets.cold }),
  },
  run: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'auzolan-bench-'))
    const sample = await startSample(size, join(folder, 'sample'))
    try {
      const first = await open(join(folder, 'profile'))
      const joined = await joinGroup(first.page, sample.link)
      const address = first.page.url()
      await first.context.close()
      const second = await open(join(folder, 'profile'))
      await second.page.goto(address)
      const cold = await firstRow(second.page)
      await second.context.close()
      return { ...joined, cold }
    } finally {
      await sample.end()
      await rm(folder, { recursive: true, force: true })
    }
  },
})

const forks: Workload = {
  id: 'W8 sizes',
  title: 'forks of the samples S, M and L',
  takes: ({ name }) => name === ours,
  metrics: Object.fromEntries(
    ['S', 'M', 'L'].flatMap((size): [string, Metric][] => [
      [`${size}ms`, milliseconds(`fork of ${size}`, { value: 8 })],
      [`${size}kB`, { name: `written, ${size}`, unit: 'kB', better: 'lower', target: { value: 4 } }],
    ]),
  ),
  run: (subject) =>
    withReplicas(subject.file, async (start) => {
      const figures: Record<string, number> = {}
      for (const size of ['S', 'M', 'L'] as const) {
        const { ms, bytes } = await start().ask({ do: 'fork', size })
        figures[`${size}ms`] = Number(ms)
        figures[`${size}kB`] = Number(bytes) / 1000
      }
      return figures
    }),
}

const search: Workload = {
  id: 'W-search',
  title: 'search in sample L as somebody types',
  takes: ({ name }) => name === ours,
  metrics: {
    read: milliseconds('everything read for searching, in the background', { none: true }),
    slowest: milliseconds('slowest letter', { value: 50 }),
  },
  run: (subject) => withReplicas(subject.file, async (start) => start().ask({ do: 'search', size: 'L' })),
}

export const appWorkloads: readonly Workload[] = [
  wholeApp('S', { cold: 1_000, sync: 2_000 }),
  wholeApp('M', { cold: 1_500, sync: 5_000 }),
  wholeApp('L', { cold: 2_500, sync: 20_000 }),
  forks,
  search,
]
