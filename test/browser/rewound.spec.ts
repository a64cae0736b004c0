import type { Page } from '@playwright/test'
import { look } from '../support/look.ts'
import { expect, test } from '../support/stage.ts'
import { foundGroup, invite, join, MEETING, place, say } from '../support/steps.ts'

declare global {
  interface Window {
    backup?: { readonly keys: readonly IDBValidKey[]; readonly values: readonly unknown[] }
  }
}

/** Notes everything that the browser keeps for the app, keys excepted. The note is gone with the page: it is written back from the same one. */
const backUp = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
      })
    const database = await done(indexedDB.open('auzolan'))
    const records = database.transaction('records').objectStore('records')
    const [keys, values] = await Promise.all([done(records.getAllKeys()), done(records.getAll())])
    window.backup = { keys, values }
    database.close()
  })

/** Puts it back, as a restored disk does. */
const restore = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const opened = indexedDB.open('auzolan')
    await new Promise((resolve) => (opened.onsuccess = resolve))
    const transaction = opened.result.transaction('records', 'readwrite')
    const records = transaction.objectStore('records')
    records.clear()
    window.backup?.keys.forEach((key, at) => records.put(window.backup?.values[at], key))
    await new Promise((resolve) => (transaction.oncomplete = resolve))
    opened.result.close()
  })

test('a device that was put back from a backup says so, writes nothing, and shows the ways back', async ({ stage }) => {
  const ada = await stage.person()
  await foundGroup(ada, 'Elm Street Garden', 'Ada')
  const link = await invite(ada)
  const ben = await stage.person({ path: link })
  await join(ben, 'Elm Street Garden', 'Ben')
  await place(ada, 'People')
  await expect(ada.getByRole('main').getByText('Ben', { exact: true })).toBeVisible(MEETING)
  const group = new URL(ben.url()).hash

  // A page that is there before the app, and does not load it: it keeps the backup while the app comes and goes.
  await ben.context().route('**/favicon.ico', (route) => route.fulfill({ status: 204 }))
  const keeper = await ben.context().newPage()
  await keeper.goto('/icon.svg')
  await backUp(keeper)
  await ben.bringToFront()
  await place(ben, 'Talk')
  await say(ben, 'I have the key')
  await place(ada, 'Talk')
  await expect(ada.getByRole('article').filter({ hasText: 'I have the key' })).toBeVisible(MEETING)
  await ben.goto('about:blank')
  await restore(keeper)
  await keeper.close()
  await ben.goto(`/${group}`)
  await expect(ben.getByText('it was put back to an earlier moment')).toBeVisible(MEETING)
  await look(ben, 'a device that was put back')

  await place(ben, 'Talk')
  await expect(ben.getByRole('article').filter({ hasText: 'I have the key' })).toBeVisible()
  await ben.getByRole('textbox', { name: 'Write to everyone' }).fill('Which day?')
  await ben.getByRole('button', { name: 'Send' }).click()
  await expect(ben.getByText('Not done: this device was put back to an earlier moment')).toBeVisible()
  await place(ben, 'Today')
  await ben.getByRole('link', { name: 'Get back in' }).click()
  await expect(ben.getByRole('heading', { level: 1 })).toHaveText('Get back in')
  await expect(ben.getByRole('heading', { name: 'With your recovery sheet' })).toBeVisible()
})
