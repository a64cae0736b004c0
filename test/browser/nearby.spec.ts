import type { Page } from '@playwright/test'
import { giveCamera, holdUpScreen, takeAway } from '../support/camera.ts'
import { look } from '../support/look.ts'
import { expect, keptOffline, test } from '../support/stage.ts'
import { foundGroup, invite, openInitiative, plan, readCode, say, startInitiative, status } from '../support/steps.ts'

const code = (page: Page) => page.getByRole('img', { name: 'Your code for the other device' })
const words = (page: Page) => page.getByText(/^\w+ · \w+ · \w+$/)

/** Two that each show their code, and read the other's off the screen. */
const pair = async (one: Page, other: Page): Promise<void> => {
  for (const page of [one, other]) await expect(code(page)).toBeVisible()
  await holdUpScreen(one, code(other))
  await expect(one.getByText('Their code is read. Now let them read yours.')).toBeVisible()
  await holdUpScreen(other, code(one))
  const shown = await words(other).textContent()
  await expect(words(one)).toHaveText(shown ?? '')
  for (const page of [one, other]) {
    await takeAway(page)
    await page.getByRole('button', { name: 'They match' }).click()
    await page.getByRole('button', { name: 'Go on' }).click()
  }
}

const beginJoining = async (page: Page, link: string, me: string): Promise<void> => {
  await page.goto(link)
  await page.getByRole('textbox', { name: 'Your name here' }).fill(me)
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await page.getByRole('link', { name: 'Meet in the same room' }).click()
  await page.getByRole('button', { name: 'Start' }).click()
}

const beginMeeting = async (page: Page): Promise<void> => {
  await status(page).click()
  await page.getByRole('dialog').getByRole('link', { name: 'Start' }).click()
  await page.getByRole('button', { name: 'Start' }).click()
}

test('with nothing but a room in common, each reads one other’s code; those introduce the rest, and may leave', async ({
  stage,
}) => {
  const ada = await stage.person()
  await giveCamera(ada)
  await foundGroup(ada, 'Elm Street Garden', 'Ada')
  await startInitiative(ada, 'Repair café')
  await plan(ada).fill('We meet at ten.')
  const link = await invite(ada, 'Anyone with the link')
  const [ben, cleo] = [await stage.person(), await stage.person()]
  for (const page of [ben, cleo]) {
    await giveCamera(page)
    await keptOffline(page)
  }
  await stage.cut()
  for (const page of [ada, ben, cleo]) await page.reload()

  await beginJoining(ben, link, 'Ben')
  await beginMeeting(ada)
  await pair(ben, ada)
  await openInitiative(ben, 'Repair café')
  await expect(plan(ben)).toHaveValue('We meet at ten.')
  await say(ben, 'I bring cake')
  await openInitiative(ada, 'Repair café')
  await expect(ada.getByRole('article').filter({ hasText: 'I bring cake' })).toContainText('Ben')
  for (const page of [ada, ben]) await expect(status(page)).toHaveText('Here + 1')

  await beginJoining(cleo, link, 'Cleo')
  await beginMeeting(ben)
  await pair(cleo, ben)
  for (const page of [ada, cleo]) await expect(status(page)).toHaveText('Here + 2')
  await status(ada).click()
  await ada.getByRole('dialog').getByRole('link', { name: 'Show connections' }).click()
  const now = ada.getByRole('region', { name: 'Now' }).getByRole('listitem')
  await expect(now).toHaveCount(2)
  for (const name of ['Ben', 'Cleo'])
    await expect(now.filter({ hasText: name })).toContainText('Straight, with nobody in between')
  await look(ada, 'connections in a room')

  await ben.close()
  await expect(now.filter({ hasText: 'Ben' }).filter({ hasText: 'Straight' })).toHaveCount(0)
  await openInitiative(cleo, 'Repair café')
  await say(cleo, 'I bring tea')
  await openInitiative(ada, 'Repair café')
  await expect(ada.getByRole('article').filter({ hasText: 'I bring tea' })).toContainText('Cleo')
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
