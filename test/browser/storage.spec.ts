import { expect, type Page, test } from '@playwright/test'
import type {} from './storage-page.ts'

const openTab = async (page: Page): Promise<Page> => {
  await page.goto('/test/browser/storage-page.html')
  await page.waitForFunction(() => 'storage' in window)
  return page
}

test('whatever is done to IndexedDB here, it answers like a plain map', async ({ page }) => {
  await openTab(page)
  await page.evaluate(async () => {
    let disks = 0
    await window.storage.checkAgainstModel(async () => {
      const name = `model ${String(disks++)}`
      return { open: () => window.storage.openIndexedDbStore(name) }
    }, 60)
  })
})

test('two tabs appending to one feed lose nothing and fork nothing', async ({ context }) => {
  const tabs = [await openTab(await context.newPage()), await openTab(await context.newPage())]
  const append = (tab: Page, author: number) =>
    tab.evaluate(async (by) => {
      const store = await window.storage.openIndexedDbStore('two tabs')
      const seqOf = (tip: Uint8Array | undefined) => (tip === undefined ? 0 : new DataView(tip.buffer).getUint32(0) + 1)
      for (let count = 0; count < 200;) {
        const tip = await store.get(['tip'])
        const seq = seqOf(tip)
        const next = new Uint8Array(4)
        new DataView(next.buffer).setUint32(0, seq)
        const written = await store.write(
          [
            { do: 'put', key: ['feed', seq], value: Uint8Array.of(by, count) },
            { do: 'put', key: ['tip'], value: next },
          ],
          { durability: 'relaxed', expect: [{ key: ['tip'], value: tip }] },
        )
        if (written) count++
      }
    }, author)
  await Promise.all(tabs.map(append))
  const feed = await tabs[0]?.evaluate(async () => {
    const store = await window.storage.openIndexedDbStore('two tabs')
    return (await store.range({ prefix: ['feed'] })).map(({ key, value }) => [key[1], ...value])
  })
  expect(feed?.map(([seq]) => seq)).toEqual(Array.from({ length: 400 }, (_, seq) => seq))
  for (const author of [0, 1]) {
    const counts = feed?.filter(([, by]) => by === author).map(([, , count]) => count)
    expect(counts).toEqual(Array.from({ length: 200 }, (_, count) => count))
  }
})

for (const [how, end] of [
  ['closed', (tab: Page) => tab.close({ runBeforeUnload: false })],
  [
    'crashed',
    async (tab: Page) => {
      const session = await tab.context().newCDPSession(tab)
      const crashed = tab.waitForEvent('crash')
      // Never answers: who would answer is gone.
      session.send('Page.crash').catch(() => undefined)
      await crashed
    },
  ],
] as const) {
  test(`a tab ${how} while writing loses no acknowledged write and leaves none in part`, async ({ context }) => {
    const tab = await openTab(await context.newPage())
    let acknowledged = 0
    const enough = new Promise<void>((resolve) => {
      void tab.exposeFunction('acknowledge', (count: number) => {
        acknowledged = Math.max(acknowledged, count)
        if (count === 100) resolve()
      })
    })
    await tab.waitForFunction(() => 'acknowledge' in window)
    const writing = tab.evaluate(async () => {
      const store = await window.storage.openIndexedDbStore('killed')
      for (let batch = 1; ; batch++) {
        const ops = Array.from({ length: 5 }, (_, at) => ({
          do: 'put' as const,
          key: ['batch', batch, at],
          value: new Uint8Array(1000).fill(batch),
        }))
        await store.write(ops, { durability: batch % 2 === 0 ? 'strict' : 'relaxed' })
        const told = window.acknowledge(batch)
        // Not each time, or the end would seldom come in the middle of a write; not never, or the news would pile up.
        if (batch % 8 === 0) await told
      }
    })
    writing.catch(() => undefined)
    await enough
    await end(tab)

    const after = await openTab(await context.newPage())
    const batches = await after.evaluate(async () => {
      const store = await window.storage.openIndexedDbStore('killed')
      return (await store.range({ prefix: ['batch'] })).map(({ key }) => key[1] as number)
    })
    const newest = batches.at(-1) ?? 0
    expect(acknowledged).toBeGreaterThanOrEqual(100)
    expect(newest).toBeGreaterThanOrEqual(acknowledged)
    expect(batches).toEqual(Array.from({ length: newest * 5 }, (_, at) => Math.floor(at / 5) + 1))
  })
}

test('a key pair that cannot be exported is there after a reload and still signs', async ({ page }) => {
  await openTab(page)
  const before = await page.evaluate(async () => {
    const secrets = await window.storage.openIndexedDbSecrets('secrets')
    const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])
    await secrets.put('device', pair)
    return [...new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))]
  })
  await page.reload()
  await page.waitForFunction(() => 'storage' in window)
  const after = await page.evaluate(async (publicKey) => {
    const secrets = await window.storage.openIndexedDbSecrets('secrets')
    const pair = (await secrets.get('device')) as CryptoKeyPair
    const said = new TextEncoder().encode('said')
    const signature = await crypto.subtle.sign('Ed25519', pair.privateKey, said)
    const known = await crypto.subtle.importKey('raw', Uint8Array.from(publicKey), 'Ed25519', true, ['verify'])
    return {
      keeps: secrets.keeps,
      extractable: pair.privateKey.extractable,
      exported: await crypto.subtle.exportKey('pkcs8', pair.privateKey).then(
        () => 'exported',
        () => 'refused',
      ),
      verified: await crypto.subtle.verify('Ed25519', known, signature, said),
    }
  }, before)
  expect(after).toEqual({ keeps: 'keys', extractable: false, exported: 'refused', verified: true })
})

test('a full device says quota, keeps nothing of the write, and goes on when there is room', async ({ page }) => {
  await openTab(page)
  const session = await page.context().newCDPSession(page)
  const origin = new URL(page.url()).origin
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 3_000_000 })
  const told = await page.evaluate(async () => {
    const store = await window.storage.openIndexedDbStore('full')
    const value = crypto.getRandomValues(new Uint8Array(60_000))
    const batch = (at: number) => [0, 1, 2].map((part) => ({ do: 'put' as const, key: ['b', at, part], value }))
    const outcomes: unknown[] = []
    let written = 0
    try {
      for (; written < 1000; written++) await store.write(batch(written), { durability: 'relaxed' })
    } catch (cause) {
      outcomes.push((cause as { kind: string }).kind)
    }
    outcomes.push((await store.range({ prefix: ['b'] })).length === written * 3)
    return outcomes
  })
  expect(told).toEqual(['quota', true])
  await session.send('Storage.overrideQuotaForOrigin', { origin })
  const after = await page.evaluate(async () => {
    const store = await window.storage.openIndexedDbStore('full')
    return store.write([{ do: 'put', key: ['after'], value: new Uint8Array(60_000) }], { durability: 'strict' })
  })
  expect(after).toBe(true)
})

test('a tab lets go of the database when a newer one needs it', async ({ context }) => {
  const [older, newer] = [await openTab(await context.newPage()), await openTab(await context.newPage())]
  const store = await older.evaluateHandle(() => window.storage.openIndexedDbStore('upgraded'))
  await newer.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open('upgraded', 1000)
        request.onsuccess = resolve
        request.onerror = reject
      }),
  )
  const kinds = await older.evaluate(async (open) => {
    const kind = (cause: unknown) => (cause as { kind: string }).kind
    return [
      await open.get(['a']).then(() => 'done', kind),
      await window.storage.openIndexedDbStore('upgraded').then(() => 'done', kind),
    ]
  }, store)
  expect(kinds).toEqual(['closed', 'blocked'])
})

test('the store works in a worker, over the same database as the page', async ({ page }) => {
  await openTab(page)
  const [inWorker, onPage] = await page.evaluate(async () => {
    const read = await window.storage.writeInWorker('worker')
    const store = await window.storage.openIndexedDbStore('worker')
    return [read, [...((await store.get(['worker', 1])) ?? [])]]
  })
  expect(inWorker).toEqual([1, 2, 3])
  expect(onPage).toEqual([1, 2, 3])
})

test('asking to keep the storage gets an answer, and the store says how much it takes', async ({ page }) => {
  await openTab(page)
  const [answer, estimate] = await page.evaluate(async () => {
    const store = await window.storage.openIndexedDbStore('estimate')
    return [await window.storage.askToPersist(), await store.estimate()] as const
  })
  expect(['yes', 'no']).toContain(answer)
  expect(estimate.allowed).toBeGreaterThan(0)
})
