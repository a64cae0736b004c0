import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, type BrowserContextOptions, expect, type Page, test as base } from '@playwright/test'
import { type LocalPeer, startLocalPeer } from './local-peer.ts'

/** One local peer, the browsers of people around it, and what none of them may ever do. */
export interface Stage {
  /** `http://localhost:<port>`, the same after every start. */
  readonly address: string
  /** A person's browser: a profile of its own, with the app open at `path`. */
  person(options?: PersonOptions): Promise<Page>
  /** A browser whose profile stays in a folder, so that it can be closed and started again. */
  lasting(): Promise<LastingBrowser>
  /** One person's browser without any network, and with it again. */
  offline(page: Page, is: boolean): Promise<void>
  /** Nobody can meet any more: neither app nor relay is there. Waits until every page has the app for use without it. */
  cut(): Promise<void>
  /** The same local peer again: same port, same data. */
  heal(): Promise<void>
}

export interface PersonOptions extends BrowserContextOptions {
  readonly path?: string
}

export interface LastingBrowser {
  open(path?: string): Promise<Page>
  close(): Promise<void>
}

/** What Chromium itself reports of an address nobody answers at. Anything else on the console is a fault of ours. */
const UNREACHABLE = /^(WebSocket connection to 'ws:\/\/localhost:\d+\/' failed|Failed to load resource: net::ERR_)/

const phone = { viewport: { width: 390, height: 844 } }

/** Runs in every page: says on the console what a page would otherwise keep to itself. */
const report = () => {
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    console.error(`policy: ${violatedDirective} ${blockedURI}`)
  })
  const Plain = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Plain {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      for (const { urls } of configuration?.iceServers ?? [])
        console.error(`asks a stranger for its address: ${String(urls)}`)
    }
  }
}

const guard = async (
  context: BrowserContext,
  address: string,
  faults: string[],
  isCut: () => boolean,
): Promise<void> => {
  await context.addInitScript(report)
  const look = (url: string) => {
    const { protocol, host } = new URL(url)
    const inside = ['data:', 'blob:', 'about:'].includes(protocol)
    if (!inside && host !== new URL(address).host) faults.push(`asked another origin: ${url}`)
  }
  context.on('request', (request) => look(request.url()))
  context.on('page', (page) => page.on('websocket', (socket) => look(socket.url())))
  context.on('weberror', (error) => faults.push(`uncaught: ${error.error().stack ?? String(error.error())}`))
  context.on('console', (message) => {
    if (message.type() !== 'error') return
    if (isCut() && UNREACHABLE.test(message.text())) return
    faults.push(`console: ${message.text()} (${message.location().url})`)
  })
}

/** Resolves once the page would open without any network. */
export const keptOffline = (page: Page): Promise<unknown> =>
  page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state)

export const test = base.extend<{ stage: Stage }>({
  stage: async ({ browser, launchOptions, playwright }, use) => {
    let peer: LocalPeer = await startLocalPeer()
    const { address, folder } = peer
    const port = Number(new URL(address).port)
    const faults: string[] = []
    const contexts = new Set<BrowserContext>()
    const folders: string[] = []
    let wasCut = false

    const keep = async (context: BrowserContext) => {
      contexts.add(context)
      context.on('close', () => contexts.delete(context))
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: address })
      await guard(context, address, faults, () => wasCut)
    }

    await use({
      address,
      person: async ({ path = '/', ...options } = {}) => {
        const context = await browser.newContext({ baseURL: address, ...phone, ...options })
        await keep(context)
        const page = await context.newPage()
        await page.goto(path)
        return page
      },
      lasting: async () => {
        const profile = await mkdtemp(join(tmpdir(), 'auzolan-profile-'))
        folders.push(profile)
        let context: BrowserContext | undefined
        return {
          open: async (path = '/') => {
            context = await playwright.chromium.launchPersistentContext(profile, {
              ...launchOptions,
              ...phone,
              baseURL: address,
            })
            await keep(context)
            const page = context.pages()[0] ?? (await context.newPage())
            await page.goto(path)
            return page
          },
          close: async () => context?.close(),
        }
      },
      offline: async (page, is) => {
        await keptOffline(page)
        wasCut = true
        await page.context().setOffline(is)
      },
      cut: async () => {
        for (const context of contexts) for (const page of context.pages()) await keptOffline(page)
        wasCut = true
        await peer.stop()
      },
      heal: async () => {
        peer = await startLocalPeer({ port, folder })
      },
    })

    for (const context of contexts) await context.close()
    await peer.remove()
    for (const each of folders) await rm(each, { recursive: true, force: true })
    expect(faults).toEqual([])
  },
})

export { expect }
