import type { Page } from '@playwright/test'
import { look } from '../support/look.ts'
import { expect, test } from '../support/stage.ts'
import { foundGroup, invite, join, MEETING, place, startInitiative, status } from '../support/steps.ts'

/** Below the bar at the top, a field that is half scrolled away is hard to hit for everybody. */
const lookFromTop = async (page: Page, name: string): Promise<void> => {
  await page.evaluate(() => scrollTo(0, 0))
  await look(page, name)
}

test('what it tries, and how it ends: closed apart in two ways, settled, opened again, all by keyboard', async ({
  stage,
}) => {
  const ada = await stage.person()
  await foundGroup(ada, 'Elm Street Garden', 'Ada')
  await startInitiative(ada, 'Tool library')
  await ada.getByRole('button', { name: 'Is it a try?' }).click()
  await ada.getByRole('textbox', { name: 'What we expect' }).fill('Ten people borrow something.')
  await ada.keyboard.press('Enter')
  const day = ada.getByLabel('When we look')
  await day.fill('2020-01-31')
  await day.blur()
  await lookFromTop(ada, 'what it tries')
  const ben = await stage.person({ path: await invite(ada) })
  await join(ben, 'Elm Street Garden', 'Ben')
  const due = ben.locator('section').filter({ hasText: 'Time to look how it went' })
  await expect(due.getByRole('link', { name: 'Tool library', exact: true })).toBeVisible()
  await look(ben, 'a day to look has come')
  const both = [ada, ben]
  await ben.getByRole('article').getByRole('link', { name: 'Tool library', exact: true }).click()
  await place(ada, 'Today')
  await ada.getByRole('article').getByRole('link', { name: 'Tool library', exact: true }).click()
  for (const page of both) await expect(status(page)).toHaveText('Here + 1')

  await stage.cut()
  for (const page of both) await page.reload()
  for (const page of both) await expect(status(page)).toHaveText('Offline · saving here')
  for (const [page, down, sentence] of [
    [ada, 0, 'Forty tools are lent.'],
    [ben, 1, 'Nobody brings them back.'],
  ] as const) {
    await page.getByRole('button', { name: 'It has come to an end' }).focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('radio', { name: 'Achieved' })).toBeFocused()
    await page.keyboard.press('Space')
    for (let times = 0; times < down; times++) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Tab')
    await page.keyboard.type(sentence)
    if (page === ada) await lookFromTop(ada, 'how did it end')
    await page.getByRole('button', { name: 'Close it' }).press('Enter')
    await expect(page.getByRole('heading', { name: 'How it ended' })).toBeAttached()
    await expect(page.getByText(sentence)).toBeVisible()
  }
  await stage.heal()
  for (const page of both) {
    const apart = page.locator('section').filter({ hasText: 'Closed in 2 ways' })
    await expect(apart.getByRole('listitem')).toHaveCount(2, MEETING)
    await expect(apart).toContainText('Forty tools are lent.')
    await expect(apart).toContainText('Nobody brings them back.')
  }
  await look(ben, 'closed in two ways')
  await ben
    .getByRole('listitem')
    .filter({ hasText: 'Nobody brings them back.' })
    .getByRole('button', { name: 'This is how it was' })
    .click()
  for (const page of both) {
    await expect(page.getByText('Forty tools are lent.')).toHaveCount(0)
    await expect(page.getByText('Nobody brings them back.')).toBeVisible()
  }
  await ada.getByRole('button', { name: 'Open it again' }).click()
  for (const page of both) await expect(page.getByRole('button', { name: 'It has come to an end' })).toBeVisible()
  await ada.getByRole('button', { name: 'Undo' }).click()
  await expect(ben.getByText('Nobody brings them back.')).toBeVisible()
  await ben.getByRole('link', { name: 'Today' }).filter({ visible: true }).first().click()
  await expect(ben.getByText('Nothing is going on right now.')).toBeVisible()
  await ben.getByText('Closed (1)').click()
  await expect(ben.getByRole('link', { name: 'Tool library', exact: true })).toBeVisible()
  await look(ben, 'all is closed')
})
