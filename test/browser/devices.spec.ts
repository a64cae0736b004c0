import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from '../support/stage.ts'
import { foundGroup, openInitiative, place, plan, readCode, say, startInitiative, status } from '../support/steps.ts'

const WORDS = /[a-z]+ · [a-z]+ · [a-z]+/

/** What is on screen is usable by everyone, on a phone and on a computer, in light and in dark. */
const look = async (page: Page): Promise<void> => {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 844 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.evaluate(() => {
        for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish()
      })
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
      expect(
        violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]),
        `${width} px, ${colorScheme}`,
      ).toEqual([])
    }
  }
  await page.setViewportSize({ width: 390, height: 844 })
}

test('a second device comes in by a code and three words, is the same person, and is locked out again', async ({
  stage,
}) => {
  const phone = await stage.person()
  await foundGroup(phone, 'Elm Street Garden', 'Ada')
  await startInitiative(phone, 'Repair café on Saturday')
  await place(phone, 'People')
  await phone.getByRole('button', { name: 'Your devices' }).click()
  const sheet = phone.getByRole('dialog', { name: 'Your devices' })
  await expect(sheet.getByText('With only one, losing it loses your place in the group.')).toBeVisible()
  await look(phone)
  await sheet.getByRole('button', { name: 'Add a device' }).click()
  const code = sheet.getByRole('img', { name: 'Code that adds a device of yours' })
  const link = await readCode(code)
  await look(phone)

  // Read before any network is used.
  const laptop = await stage.person({ viewport: { width: 1280, height: 844 } })
  await expect(laptop.getByRole('link', { name: 'I have an invite' })).toBeVisible()
  await stage.offline(laptop, true)
  await laptop.goto('about:blank')
  await laptop.goto(link)
  await expect(laptop.getByRole('heading', { level: 1 })).toHaveText('Use Elm Street Garden on this device too')
  await expect(laptop.getByText("You'll be Ada here as well")).toBeVisible()
  await stage.offline(laptop, false)
  await laptop.getByRole('textbox', { name: 'What do you call this device?' }).fill('Laptop')
  await laptop.getByRole('button', { name: 'Add this device' }).click()

  await expect(sheet).toContainText('“Laptop” asks to come in.')
  const shown = await sheet.getByText(WORDS).textContent()
  await expect(laptop.getByText(WORDS)).toHaveText(shown?.trim() ?? '')
  await look(phone)
  await look(laptop)
  await sheet.getByRole('button', { name: 'They match' }).click()
  await expect(sheet).toContainText('“Laptop” is you here too now.')
  await expect(laptop.getByRole('heading', { name: 'Elm Street Garden', level: 1 })).toBeVisible()
  await expect(laptop.getByRole('link', { name: 'Repair café on Saturday', exact: true })).toBeVisible()
  await sheet.getByRole('button', { name: 'Done' }).click()
  await expect(sheet.getByText('Laptop', { exact: true })).toBeVisible()
  await phone.keyboard.press('Escape')

  // The same person on both.
  await openInitiative(laptop, 'Repair café on Saturday')
  await plan(laptop).fill('We meet at ten.')
  await say(laptop, 'From my laptop')
  await expect(status(laptop)).toHaveText('Here + 1')
  await place(laptop, 'People')
  await expect(laptop.getByRole('main').getByText('Ada (you)')).toBeVisible()
  await expect(laptop.getByRole('main').getByText('2 devices')).toBeVisible()
  await openInitiative(phone, 'Repair café on Saturday')
  await expect(plan(phone)).toHaveValue('We meet at ten.')
  await expect(phone.getByRole('article').filter({ hasText: 'From my laptop' })).toContainText('You')

  await place(phone, 'People')
  await phone.getByRole('button', { name: 'Your devices' }).click()
  await sheet.getByRole('button', { name: 'Rename Laptop' }).click()
  await sheet.getByRole('textbox', { name: 'What do you call this device?' }).fill('Kitchen laptop')
  await look(phone)
  await phone.keyboard.press('Enter')
  await sheet.getByRole('button', { name: 'I lost Kitchen laptop' }).click()
  await expect(sheet).toContainText('What it wrote before stays.')
  await look(phone)
  await sheet.getByRole('button', { name: 'Lock it out' }).click()
  await expect(sheet.getByText('locked out')).toBeVisible()
  await expect(sheet).toContainText('Every device of the group knows.')
  await phone.keyboard.press('Escape')
  await expect(phone.getByRole('main').getByText('2 devices')).toHaveCount(0)
})
