import { expect, test } from '../support/stage.ts'
import { actionOf, plan, planAction, say } from '../support/steps.ts'

test('a group and its first initiative take six inputs and survive a reload and a restart without any network', async ({
  stage,
}) => {
  const browser = await stage.lasting()
  let page = await browser.open()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Get things done with your neighbours')

  // An input is a tap, or a line typed and ended with Enter.
  let inputs = 0
  const tap = async (name: string) => {
    inputs += 1
    await page.getByRole('link', { name }).filter({ visible: true }).first().click()
  }
  const type = async (name: string, text: string) => {
    inputs += 1
    await expect(page.getByRole('textbox', { name })).toBeFocused()
    await page.keyboard.type(text)
    await page.keyboard.press('Enter')
  }
  await tap('Start a group')
  await type('What is your group called?', 'Elm Street Garden')
  await type('What should people call you here?', 'Ada')
  await expect(page.getByRole('heading', { name: 'Elm Street Garden', level: 1 })).toBeVisible()
  await tap('Start something')
  await type('What shall we do?', 'Repair café on Saturday')
  await expect(page.getByRole('textbox', { name: 'Title' })).toHaveValue('Repair café on Saturday')
  expect(inputs).toBeLessThanOrEqual(6)

  await plan(page).fill('We meet at ten. Bring tools.')
  await planAction(page, 'Fixers', 2)
  await planAction(page, 'Coffee', 1)
  await planAction(page, 'Posters', 3)
  await say(page, 'Who has a soldering iron?')
  const everything = async () => {
    await expect(page.getByRole('textbox', { name: 'Title' })).toHaveValue('Repair café on Saturday')
    await expect(plan(page)).toHaveValue('We meet at ten. Bring tools.')
    for (const [title, places] of [
      ['Fixers', 2],
      ['Coffee', 1],
      ['Posters', 3],
    ] as const)
      await expect(actionOf(page, title)).toContainText(`0 of ${places}`)
    await expect(page.getByRole('article').filter({ hasText: 'Who has a soldering iron?' })).toBeVisible()
  }

  await page.reload()
  await everything()

  await stage.cut()
  await page.reload()
  await everything()

  await browser.close()
  page = await browser.open()
  await expect(page.getByRole('heading', { name: 'Elm Street Garden', level: 1 })).toBeVisible()
  await page.getByRole('main').getByRole('link', { name: 'Repair café on Saturday', exact: true }).click()
  await everything()
  await browser.close()
})
