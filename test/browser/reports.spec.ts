import { readFile } from 'node:fs/promises'
import { look } from '../support/look.ts'
import { expect, test } from '../support/stage.ts'
import {
  actionOf,
  foundGroup,
  invite,
  join,
  MEETING,
  openInitiative,
  planAction,
  startInitiative,
  status,
} from '../support/steps.ts'

test('somebody reports what they did, another saw it otherwise while cut off, and takes it back', async ({ stage }) => {
  const ada = await stage.person()
  await foundGroup(ada, 'Elm Street Garden', 'Ada')
  await startInitiative(ada, 'Tool library')
  await planAction(ada, 'Put up shelves', 1)
  const ben = await stage.person({ path: await invite(ada) })
  await join(ben, 'Elm Street Garden', 'Ben')
  const both = [ada, ben]
  for (const page of both) await openInitiative(page, 'Tool library')
  const shelves = (page: typeof ada) => actionOf(page, 'Put up shelves')
  await shelves(ada).getByRole('button', { name: "I'll do it" }).click()
  await shelves(ada).getByRole('button', { name: "I'm at it" }).press('Enter')
  await expect(shelves(ben)).toContainText('at it')
  for (const page of both) await expect(status(page)).toHaveText('Here + 1')

  await stage.cut()
  for (const page of both) await page.reload()
  for (const page of both) await expect(status(page)).toHaveText('Offline · saving here')
  await shelves(ada).getByRole('button', { name: 'Done' }).click()
  await shelves(ada).getByRole('textbox', { name: 'What came of it?' }).fill('Three shelves, by the stairs.')
  await look(ada, 'what came of it')
  await shelves(ada).getByRole('button', { name: '1 h' }).click()
  await expect(shelves(ada)).toContainText('Three shelves, by the stairs.')
  await expect(shelves(ada).getByRole('button', { name: 'I saw it' })).toHaveCount(0)
  await shelves(ben).getByText('Were you there?').click()
  await shelves(ben).getByRole('button', { name: "It wasn't done: Ada" }).press('Enter')
  await expect(shelves(ben)).toContainText('not done')

  await stage.heal()
  for (const page of both) {
    await expect(shelves(page)).toContainText('people say different things', MEETING)
    await expect(shelves(page)).toContainText('Three shelves, by the stairs.')
  }
  await look(ben, 'people say different things')
  await shelves(ben).getByRole('button', { name: 'I saw it: Ada' }).click()
  for (const page of both) await expect(shelves(page)).toContainText('1 h seen')
  await ben.getByRole('button', { name: 'Undo' }).click()
  for (const page of both) await expect(shelves(page)).toContainText('people say different things')
  await shelves(ben).getByRole('button', { name: "It wasn't done: Ada" }).click()
  for (const page of both) await expect(shelves(page)).not.toContainText('people say different things')
  await look(ada, 'not done')
})

test('an action moves to another time while its people are cut off: whoever said yes is asked, and can put it in a calendar', async ({
  stage,
}) => {
  const ada = await stage.person()
  await foundGroup(ada, 'Elm Street Garden', 'Ada')
  await startInitiative(ada, 'Repair café')
  await planAction(ada, 'Fixers', 1)
  const ben = await stage.person({ path: await invite(ada) })
  await join(ben, 'Elm Street Garden', 'Ben')
  const both = [ada, ben]
  const fixers = (page: typeof ada) => actionOf(page, 'Fixers')
  const setStart = async (page: typeof ada, to: string) => {
    const field = fixers(page).getByLabel('Starts')
    await field.fill(to)
    await field.blur()
  }
  for (const page of both) {
    await openInitiative(page, 'Repair café')
    await fixers(page).getByText('When, where and what to bring').click()
  }
  await setStart(ada, '2030-12-07T14:00')
  await expect(fixers(ben).getByLabel('Starts')).toHaveValue('2030-12-07T14:00')
  for (const page of both) await expect(status(page)).toHaveText('Here + 1')

  await stage.cut()
  for (const page of both) await page.reload()
  for (const page of both) await expect(status(page)).toHaveText('Offline · saving here')
  await fixers(ben).getByRole('button', { name: "I'll do it" }).click()
  await fixers(ada).getByText('When, where and what to bring').click()
  await setStart(ada, '2030-12-08T15:30')
  await fixers(ada).getByRole('textbox', { name: 'What to know or bring' }).fill('A steady hand')
  await ada.keyboard.press('Enter')
  await expect(fixers(ada).getByText('A steady hand').first()).toBeVisible()
  await look(ada, 'when, where and what to bring')

  await stage.heal()
  await expect(fixers(ben)).toContainText('The time changed since you said yes', MEETING)
  await expect(fixers(ada)).toContainText('asked again: other time')
  await look(ben, 'still coming?')
  await fixers(ben).getByRole('button', { name: "I'm coming" }).press('Enter')
  for (const page of both) await expect(fixers(page)).not.toContainText('asked again')
  const saved = ada.waitForEvent('download')
  await fixers(ada).getByRole('button', { name: 'Save to your calendar' }).click()
  const file = await (await saved).path().then((path) => readFile(path, 'utf8'))
  expect(file).toContain('SUMMARY:Fixers · Repair café\r\n')
  expect(file).toMatch(/DTSTART:203012\d\dT\d\d3000Z\r\n/)
})
