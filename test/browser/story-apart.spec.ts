import type { Page } from '@playwright/test'
import { expect, test } from '../support/stage.ts'
import {
  actionOf,
  atEnd,
  foundGroup,
  invite,
  join,
  MEETING,
  openInitiative,
  plan,
  planAction,
  say,
  startInitiative,
  status,
} from '../support/steps.ts'

const messages = (page: Page) => page.getByRole('article').filter({ hasText: /Hello all|cake|plates|keys/ })

test('two people cut off from each other do as they like, and everything comes together', async ({ stage }) => {
  const ada = await stage.person()
  await foundGroup(ada, 'Elm Street Garden', 'Ada')
  await startInitiative(ada, 'Repair café')
  await plan(ada).fill('We meet at ten.')
  await planAction(ada, 'Fixers', 1)
  await say(ada, 'Hello all')
  const ben = await stage.person({ path: await invite(ada) })
  await join(ben, 'Elm Street Garden', 'Ben')
  await openInitiative(ada, 'Repair café')
  await openInitiative(ben, 'Repair café')
  const both = [ada, ben]
  for (const page of both) await expect(status(page)).toHaveText('Here + 1')

  await stage.cut()
  for (const page of both) await page.reload()
  for (const page of both) await expect(status(page)).toHaveText('Offline · saving here')

  const retitle = async (page: Page, title: string) => {
    await page.getByRole('textbox', { name: 'Title' }).fill(title)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title)
  }
  await retitle(ada, 'Repair café on Saturday')
  await retitle(ben, 'Repair day')
  for (const page of both) {
    await actionOf(page, 'Fixers').getByRole('button', { name: "I'll do it" }).click()
    await expect(actionOf(page, 'Fixers')).toContainText('1 of 1')
  }
  await plan(ada).press('ControlOrMeta+Home')
  await plan(ada).pressSequentially('Welcome. ')
  await atEnd(plan(ben))
  await plan(ben).pressSequentially(' Bring tools.')
  await say(ada, 'I bring cake')
  await say(ada, 'And plates')
  await say(ben, 'I have the keys')
  for (const page of both) {
    await page.reload()
    await expect(status(page)).toHaveText('Offline · saving here')
    await expect(page.getByText('Came in later')).toHaveCount(0)
  }

  await stage.heal()
  for (const page of both) {
    await expect(status(page)).toHaveText('Here + 1', MEETING)
    await expect(plan(page)).toHaveValue('Welcome. We meet at ten. Bring tools.')
    await expect(page.getByRole('button', { name: '2 versions' })).toBeVisible()
    await expect(actionOf(page, 'Fixers')).toContainText('1 too many')
    await expect(actionOf(page, 'Fixers')).toContainText('2 of 1')
    await expect(messages(page)).toHaveCount(4)
  }
  // What each had read stays where it was, and nothing stands before what it answers.
  for (const page of both) {
    const order = await messages(page).locator('p.whitespace-pre-wrap').allTextContents()
    expect(order[0]).toBe('Hello all')
    expect(order.indexOf('I bring cake')).toBeLessThan(order.indexOf('And plates'))
    expect([...order].sort()).toEqual(['And plates', 'Hello all', 'I bring cake', 'I have the keys'])
  }
  // What came from elsewhere into the middle of what had been read says so.
  const later = await Promise.all(both.map((page) => messages(page).filter({ hasText: 'Came in later' }).count()))
  expect(Math.max(...later)).toBeGreaterThan(0)
  await expect(messages(ada).filter({ hasText: 'Came in later' }).filter({ hasText: 'You' })).toHaveCount(0)

  await ada.getByRole('button', { name: '2 versions' }).click()
  const sheet = ada.getByRole('dialog', { name: 'Two edits of the title' })
  await sheet.getByRole('listitem').filter({ hasText: 'Repair day' }).getByRole('button', { name: 'Use this' }).click()
  for (const page of both) {
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Repair day')
    await expect(page.getByRole('button', { name: '2 versions' })).toHaveCount(0)
  }
  await actionOf(ben, 'Fixers').getByRole('button', { name: 'Do it together' }).click()
  for (const page of both) await expect(actionOf(page, 'Fixers')).toContainText('2 of 2')
  await say(ben, 'The keys are with me')
  await expect(messages(ada).last()).toContainText('The keys are with me')
  for (const page of both) await expect(status(page)).toHaveText('Here + 1')
})
