import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'
import type { Bench } from './pages/page.ts'
import type { PageBench } from './workload.ts'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
}

/** Memory is measured at once instead of at the next garbage collection, within half a minute. */
const flags = ['--no-sandbox', '--disable-dev-shm-usage', '--enable-blink-features=ForceEagerMeasureMemory']

/** Serves the built pages, isolated as memory measurement demands, and what the Node side seeded. */
export const servePages = async (pages: string, seedOf: (subject: string) => string = (name) => name) => {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
    const file = path.startsWith('/seed/') ? seedOf(path.slice('/seed/'.length)) : join(pages, path)
    readFile(file).then(
      (bytes) =>
        response
          .writeHead(200, {
            'content-type': contentTypes[extname(file)] ?? 'application/octet-stream',
            'cross-origin-opener-policy': 'same-origin',
            'cross-origin-embedder-policy': 'require-corp',
          })
          .end(bytes),
      () => response.writeHead(404).end(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}

/** Browsers with a profile for each subject, seeded once and copied for every run. */
export class Browsers {
  readonly #folder: string
  readonly #executable: string
  readonly #server: Awaited<ReturnType<typeof servePages>>
  readonly #seeded = new Map<string, Promise<string>>()

  private constructor(folder: string, executable: string, server: Awaited<ReturnType<typeof servePages>>) {
    this.#folder = folder
    this.#executable = executable
    this.#server = server
  }

  static async open(options: {
    readonly pages: string
    readonly folder: string
    readonly executable: string
    readonly seedOf: (subject: string) => string
  }): Promise<Browsers> {
    await mkdir(options.folder, { recursive: true })
    return new Browsers(options.folder, options.executable, await servePages(options.pages, options.seedOf))
  }

  async inPage<T>(subject: string, work: (bench: PageBench) => Promise<T>): Promise<T> {
    const profile = await mkdtemp(join(this.#folder, 'run-'))
    try {
      await cp(await this.#seed(subject), profile, { recursive: true })
      return await this.#withPage(subject, profile, work)
    } finally {
      await rm(profile, { recursive: true, force: true })
    }
  }

  close(): void {
    this.#server.close()
  }

  #seed(subject: string): Promise<string> {
    const known = this.#seeded.get(subject)
    if (known) return known
    const seeding = mkdtemp(join(this.#folder, 'seed-')).then(async (profile) => {
      await this.#withPage(subject, profile, (bench) => bench('seed'))
      return profile
    })
    this.#seeded.set(subject, seeding)
    return seeding
  }

  async #withPage<T>(subject: string, profile: string, work: (bench: PageBench) => Promise<T>): Promise<T> {
    const context: BrowserContext = await chromium.launchPersistentContext(profile, {
      executablePath: this.#executable,
      headless: true,
      args: flags,
    })
    try {
      const page = context.pages()[0] ?? (await context.newPage())
      const faults: string[] = []
      page.on('pageerror', (fault) => faults.push(fault.message))
      await page.goto(`http://localhost:${this.#server.port}/index.html?subject=${encodeURIComponent(subject)}`)
      await page
        .waitForFunction(() => 'bench' in window)
        .catch((fault: unknown) => {
          throw new Error(faults.join('\n') || String(fault))
        })
      const call = (name: keyof Bench, ...args: unknown[]) =>
        page.evaluate(([called, given]) => (window.bench[called] as (...all: unknown[]) => unknown)(...given), [
          name,
          args,
        ] as [keyof Bench, unknown[]])
      return await work(call as PageBench)
    } finally {
      await context.close()
    }
  }
}
