import type { Page } from '@playwright/test'
import { giveCamera, holdUpScreen } from '../support/camera.ts'
import { look } from '../support/look.ts'
import { expect, keptOffline, test } from '../support/stage.ts'
import { foundGroup, invite, openInitiative, plan, readCode, say, startInitiative, status } from '../support/steps.ts'

const code = (page: Page) => page.getByRole('img', { name: 'Your code for the other device' })
const words = (page: Page) => page.getByText(/^\w+ · \w+ · \w+$/)
test('with nothing but a room in common, two read each other’s code, one joins, and both go on', async ({ stage }) => {
  const ada = await stage.person()
  await giveCamera(ada)
  await foundGroup(ada, 'Elm Street Garden', 'Ada')
  await startInitiative(ada, 'Repair café')
  await plan(ada).fill('We meet at ten.')
  const link = await invite(ada)
  const ben = await stage.person()
  await giveCamera(ben)
  await keptOffline(ben)
  await stage.cut()
  for (const page of [ada, ben]) await page.reload()

  await ben.goto(link)
  await ben.getByRole('textbox', { name: 'Your name here' }).fill('Ben')
  await ben.getByRole('button', { name: 'Join', exact: true }).click()
  await ben.getByRole('link', { name: 'Meet in the same room' }).click()
  await ben.getByRole('button', { name: 'Start' }).click()
  await status(ada).click()
  await ada.getByRole('dialog').getByRole('link', { name: 'Start' }).click()
  await ada.getByRole('button', { name: 'Start' }).click()
  for (const page of [ada, ben]) await expect(code(page)).toBeVisible()

  await holdUpScreen(ben, code(ada))
  await expect(ben.getByText('Their code is read. Now let them read yours.')).toBeVisible()
  await holdUpScreen(ada, code(ben))
  const shown = await words(ada).textContent()
  await expect(words(ben)).toHaveText(shown ?? '')
  for (const page of [ada, ben]) {
    await page.getByRole('button', { name: 'They match' }).click()
    await page.getByRole('button', { name: 'Go on' }).click()
  }
  await openInitiative(ben, 'Repair café')
  await expect(plan(ben)).toHaveValue('We meet at ten.')
  await say(ben, 'I bring cake')
  await openInitiative(ada, 'Repair café')
  await expect(ada.getByRole('article').filter({ hasText: 'I bring cake' })).toContainText('Ben')
  for (const page of [ada, ben]) await expect(status(page)).toHaveText('Here + 1')
})

test('without a camera the codes are pasted; a wrong one, and one’s own, are told; words that differ end it', async ({
  stage,
}) => {
  const ada = await stage.person({ path: '/#/near' })
  const ben = await stage.person({ path: '/#/near' })
  for (const page of [ada, ben]) {
    await page.getByRole('button', { name: 'Start' }).click()
    await expect(page.getByText('The camera is not available here.')).toBeVisible()
    await page.getByRole('button', { name: 'Paste their code instead' }).click()
    await expect(code(page)).toBeVisible()
  }
  await look(ada, 'codes to meet by')
  const [mine, theirs] = [await readCode(code(ada)), await readCode(code(ben))]
  const paste = async (page: Page, text: string) => {
    await page.getByRole('textbox', { name: 'Paste their code' }).fill(text)
    await page.getByRole('button', { name: 'Connect' }).click()
  }
  await paste(ada, 'https://example.org/')
  await expect(ada.getByRole('alert')).toContainText('another kind of code')
  await paste(ada, mine)
  await expect(ada.getByRole('alert')).toContainText("this device's own code")
  await paste(ada, theirs.toLowerCase())
  await expect(ada.getByText('Now let them read yours.')).toBeVisible()
  await paste(ben, mine)
  await expect(words(ben)).toBeVisible()
  await look(ben, 'words to compare')
  await ben.getByRole('button', { name: "They don't" }).click()
  await expect(ben.getByRole('button', { name: 'Start' })).toBeVisible()
  await look(ben, 'before meeting')
})
