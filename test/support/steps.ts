import { expect, type Locator, type Page } from '@playwright/test'
import decodeQR from 'qr/decode.js'

/** What people do again and again, by the words they see. */

/** For meeting somebody: a browser waits up to a minute before it tries an address again that could not be reached. */
export const MEETING = { timeout: 90_000 }

export const foundGroup = async (page: Page, name: string, me: string): Promise<void> => {
  await page.getByRole('link', { name: 'Start a group' }).click()
  await page.getByRole('textbox', { name: 'What is your group called?' }).fill(name)
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: 'What should people call you here?' }).fill(me)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
}

export const startInitiative = async (page: Page, title: string): Promise<void> => {
  await page.getByRole('link', { name: 'Start something' }).filter({ visible: true }).first().click()
  await page.getByRole('textbox', { name: 'What shall we do?' }).fill(title)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Title' })).toHaveValue(title)
}

export const openInitiative = async (page: Page, title: string): Promise<void> => {
  await place(page, 'Today')
  await page.getByRole('main').getByRole('link', { name: title, exact: true }).click()
  await expect(page.getByRole('textbox', { name: 'Title' })).toBeVisible()
}

/** Goes to another group of this device, by the menu. */
export const openGroup = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('button', { name: 'Group menu' }).filter({ visible: true }).click()
  await page.getByRole('dialog').getByRole('button', { name }).click()
  await place(page, 'Today')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name)
}

/** Goes to one of the places of the group by its navigation. */
export const place = (page: Page, name: 'Today' | 'Talk' | 'Needs' | 'People'): Promise<void> =>
  page.getByRole('navigation', { name: 'Places in this group' }).getByRole('link', { name }).click()

export const planAction = async (page: Page, title: string, places: number): Promise<void> => {
  await page.getByRole('textbox', { name: 'Add' }).fill(title)
  for (let count = 1; count < places; count++) await page.getByRole('button', { name: 'One more' }).click()
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(actionOf(page, title)).toBeVisible()
}

/** The card of an action. */
export const actionOf = (page: Page, title: string): Locator => page.getByRole('article', { name: title })

export const say = async (page: Page, text: string): Promise<void> => {
  await page.getByRole('textbox', { name: 'Write to everyone' }).fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(page.getByRole('article').filter({ hasText: text })).toBeVisible()
}

/** Makes an invitation, for one person or for anyone, and copies its link. The sheet with it stays open. */
export const openInvitation = async (
  page: Page,
  who: 'One person' | 'Anyone with the link' = 'One person',
): Promise<string> => {
  await place(page, 'People')
  await page.getByRole('main').getByRole('button', { name: 'Invite someone' }).click()
  const sheet = page.getByRole('dialog', { name: 'Invite someone' })
  if (who !== 'One person') await sheet.getByRole('radio', { name: who }).check()
  await sheet.getByRole('button', { name: 'Copy link' }).click()
  await expect(sheet.getByRole('button', { name: 'Copied' })).toBeVisible()
  return page.evaluate(() => navigator.clipboard.readText())
}

/** Makes an invitation, for one person or for anyone, and answers its link. */
export const invite = async (page: Page, who?: Parameters<typeof openInvitation>[1]): Promise<string> => {
  const link = await openInvitation(page, who)
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  return link
}

/** On the page of an invitation: joins, and waits until the group is on screen. */
export const join = async (page: Page, group: string, me: string): Promise<void> => {
  await page.getByRole('textbox', { name: 'Your name here' }).fill(me)
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(page.getByRole('heading', { name: group, level: 1, exact: true })).toBeVisible(MEETING)
}

/** What a camera that sees this part of the screen would read. */
export const readCode = async (code: Locator): Promise<string> => {
  const image = [...(await code.screenshot())]
  const seen = await code.page().evaluate(async (bytes) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(bytes)], { type: 'image/png' }))
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
    context?.drawImage(bitmap, 0, 0)
    const { width, height } = bitmap
    return { width, height, data: [...(context?.getImageData(0, 0, width, height).data ?? [])] }
  }, image)
  return decodeQR({ ...seen, data: Uint8Array.from(seen.data) }, { timeLimit: 5000 })
}

export const plan = (page: Page): Locator => page.getByRole('textbox', { name: 'Plan' })

/** The chip that says where everything is. */
export const status = (page: Page): Locator => page.getByRole('banner').locator('[aria-haspopup=dialog]').last()

/** Puts the caret behind everything that is there. */
export const atEnd = async (field: Locator): Promise<void> => {
  await field.focus()
  await field.press('ControlOrMeta+End')
}

/** From the first page into the example group. */
export const openExample = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Look at an example' }).click()
  await expect(page.getByText('This is an example group.')).toBeVisible({ timeout: 60_000 })
}
