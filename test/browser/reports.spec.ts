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
