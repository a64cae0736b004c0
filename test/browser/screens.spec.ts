import type { Locator } from '@playwright/test'
import { lookEverywhere } from '../support/look.ts'
import { expect, test } from '../support/stage.ts'
import { actionOf, foundGroup, invite, openExample, startInitiative } from '../support/steps.ts'

test('before there is a group, every screen is usable by everyone at every width', async ({ stage }) => {
  const page = await stage.person()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await lookEverywhere(page, 'welcome')
  await page.getByRole('link', { name: 'Start a group' }).click()
  await expect(page.getByRole('textbox')).toBeVisible()
  await lookEverywhere(page, 'name of the group')
  await page.getByRole('textbox').fill('Elm Street Garden')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Start the group' })).toBeVisible()
  await lookEverywhere(page, 'my name')
  await page.goto('/#/join')
  await expect(page.getByRole('textbox', { name: 'Paste the link' })).toBeVisible()
  await lookEverywhere(page, 'enter an invite')
  await page.goto('/#/join/v1.cut')
  await expect(page.getByRole('alert')).toBeVisible()
  await lookEverywhere(page, 'an invite that cannot be opened')
  await page.goto('/#/nowhere')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await lookEverywhere(page, 'nothing at this address')
  await page.goto(`/#/g/${'0'.repeat(64)}`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This group is not on this device')
  await lookEverywhere(page, 'a group that is not here')
})

test('in a living group, every screen is usable by everyone at every width', async ({ stage }) => {
  // Hundreds of messages and people: about fifteen screens, each looked at in five ways.
  test.setTimeout(600_000)
  const page = await stage.person()
  await openExample(page)
  await lookEverywhere(page, 'today')
  const group = new URL(page.url()).hash
  const at = async (path: string, shown: Locator, name: string) => {
    await page.goto(`/${group}${path}`)
    await expect(shown).toBeVisible()
    await lookEverywhere(page, name)
  }
  await at('/start', page.getByRole('textbox', { name: 'What shall we do?' }), 'start something')
  await at('/talk', page.getByRole('textbox', { name: 'Write to everyone' }), 'talk')
  await at('/people', page.getByText('Visitor (you)'), 'people')
  await at('/copy', page.getByRole('textbox', { name: 'Name of the new group' }), 'make a copy')
  await page.goto(`/${group}`)
  await page.locator('section').filter({ hasText: 'Two different edits' }).getByRole('link').first().click()
  const versions = page.getByRole('button', { name: /^\d versions$/ }).first()
  await expect(versions).toBeVisible()
  await lookEverywhere(page, 'initiative')
  await versions.click()
  await expect(page.getByRole('button', { name: 'Use this' }).first()).toBeVisible()
  await lookEverywhere(page, 'versions')
  await page.keyboard.press('Escape')

  await page.getByRole('banner').getByRole('button').last().click()
  await expect(page.getByRole('dialog').getByText('This device', { exact: true })).toBeVisible()
  await lookEverywhere(page, 'where your changes are')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Group menu' }).filter({ visible: true }).click()
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Leave the group' })).toBeVisible()
  await lookEverywhere(page, 'menu')
  await page.getByRole('dialog').getByRole('button', { name: 'Invite someone' }).click()
  await expect(page.getByRole('dialog').getByRole('img')).toBeVisible()
  await lookEverywhere(page, 'invite')
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible()
  await lookEverywhere(page, 'keyboard')
})

test('a new group and its invitation are usable by everyone at every width', async ({ stage }) => {
  const page = await stage.person()
  await foundGroup(page, 'Elm Street Garden', 'Ada')
  await lookEverywhere(page, 'empty group')
  await startInitiative(page, 'Repair café')
  await lookEverywhere(page, 'empty initiative')
  const link = await invite(page)
  await page.goto('/#/')
  await expect(page.getByRole('heading', { name: 'Your groups' })).toBeVisible()
  await lookEverywhere(page, 'list of groups')
  const ben = await stage.person({ path: link })
  await expect(ben.getByRole('textbox', { name: 'Your name here' })).toBeVisible()
  await lookEverywhere(ben, 'an invite')
  await page.context().close()
  await ben.getByRole('textbox', { name: 'Your name here' }).fill('Ben')
  await ben.keyboard.press('Enter')
  await expect(ben.getByText("You're nearly in.")).toBeVisible()
  await lookEverywhere(ben, 'nearly in')
})

/** Moves on with Tab until it is there, as somebody without a mouse does, and sees where they are. */
const tabTo = async (target: Locator): Promise<void> => {
  const page = target.page()
  const here = () =>
    target.evaluate((element) => element === document.activeElement && element.matches(':focus-visible'))
  for (let presses = 0; presses < 60; presses++) {
    if (await here()) break
    await page.keyboard.press('Tab')
  }
  await expect(target).toBeFocused()
  const ring = await target.evaluate((element) => getComputedStyle(element).outlineStyle)
  expect(ring, 'shows where the keyboard is').not.toBe('none')
}

for (const width of [390, 1280]) {
  test(`with the keyboard alone a group gets something done, ${width} px wide`, async ({ stage }) => {
    const page = await stage.person({ viewport: { width, height: 844 } })
    await tabTo(page.getByRole('link', { name: 'Start a group' }))
    await page.keyboard.press('Enter')
    await expect(page.getByRole('textbox', { name: 'What is your group called?' })).toBeFocused()
    await page.keyboard.type('Elm Street Garden')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('textbox', { name: 'What should people call you here?' })).toBeFocused()
    await page.keyboard.type('Ada')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: 'Elm Street Garden', level: 1 })).toBeFocused()
    await page.keyboard.press('c')
    await expect(page.getByRole('textbox', { name: 'What shall we do?' })).toBeFocused()
    await page.keyboard.type('Repair café')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('textbox', { name: 'Title' })).toHaveValue('Repair café')
    await tabTo(page.getByRole('textbox', { name: 'Add' }))
    await page.keyboard.type('Fixers')
    await page.keyboard.press('Enter')
    const fixers = actionOf(page, 'Fixers')
    await expect(fixers).toBeVisible()
    await tabTo(fixers.getByRole('button', { name: "I'll do it" }))
    await page.keyboard.press('Enter')
    await expect(fixers).toContainText('1 of 1')
    await tabTo(page.getByRole('textbox', { name: 'Write to everyone' }))
    await page.keyboard.type('I fix lamps')
    await tabTo(page.getByRole('button', { name: 'Send' }))
    await page.keyboard.press('Enter')
    await expect(page.getByRole('article').filter({ hasText: 'I fix lamps' })).toBeVisible()
  })
}
