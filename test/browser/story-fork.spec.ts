import { look } from '../support/look.ts'
import { expect, test } from '../support/stage.ts'
import {
  actionOf,
  foundGroup,
  invite,
  join,
  openGroup,
  openInitiative,
  place,
  plan,
  planAction,
  say,
  startInitiative,
  status,
} from '../support/steps.ts'

test('a copy goes on with the whole history, and the original stays as it is', async ({ stage }) => {
  const ada = await stage.person()
  await foundGroup(ada, 'Elm Street Garden', 'Ada')
  await startInitiative(ada, 'Repair café')
  await plan(ada).fill('We meet at ten.')
  await planAction(ada, 'Fixers', 2)
  await say(ada, 'Hello all')
  const ben = await stage.person({ path: await invite(ada) })
  await join(ben, 'Elm Street Garden', 'Ben')
  await expect(status(ben)).toHaveText('Here + 1')

  await ben.getByRole('button', { name: 'Group menu' }).filter({ visible: true }).click()
  await ben.getByRole('dialog').getByRole('button', { name: 'Make our own copy' }).click()
  await ben.getByRole('textbox', { name: 'Name of the new group' }).fill('Oak Street Garden')
  await expect(ben.getByRole('textbox', { name: 'Your name there' })).toHaveValue('Ben')
  await ben.getByRole('textbox', { name: 'Why? (if you like)' }).fill('Ours is on the other side of the river.')
  await ben.getByRole('button', { name: 'Make the copy' }).click()
  await expect(ben.getByRole('heading', { level: 1 })).toHaveText('Oak Street Garden')
  await expect(ben.getByText('Copy of Elm Street Garden')).toBeVisible()

  await openInitiative(ben, 'Repair café')
  await expect(plan(ben)).toHaveValue('We meet at ten.')
  await expect(ben.getByRole('article').filter({ hasText: 'Hello all' })).toContainText('Ada')
  await actionOf(ben, 'Fixers').getByRole('button', { name: "I'll do it" }).click()
  await expect(actionOf(ben, 'Fixers')).toContainText('1 of 2')
  await plan(ben).fill('We meet at noon.')
  await say(ben, 'Only for us')
  await startInitiative(ben, 'A bridge')

  // Cleo never was in the original.
  const cleo = await stage.person({ path: await invite(ben) })
  await expect(cleo.getByRole('heading', { level: 1 })).toHaveText('Ben invites you to Oak Street Garden')
  await join(cleo, 'Oak Street Garden', 'Cleo')
  await expect(cleo.getByText('Copy of Elm Street Garden')).toBeVisible()
  await openInitiative(cleo, 'Repair café')
  await expect(plan(cleo)).toHaveValue('We meet at noon.')
  await expect(cleo.getByRole('article').filter({ hasText: 'Hello all' })).toContainText('Ada')
  await expect(cleo.getByRole('article').filter({ hasText: 'Only for us' })).toContainText('Ben')
  await say(cleo, 'Good to be here')

  // Something said in the original afterwards shows that it still moves, and that nothing of the copy came with it.
  await openGroup(ben, 'Elm Street Garden')
  await place(ben, 'Talk')
  await say(ben, 'I made a copy')
  await place(ada, 'Talk')
  await expect(ada.getByRole('article').filter({ hasText: 'I made a copy' })).toContainText('Ben')
  for (const page of [ada, ben]) {
    await place(page, 'Today')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Elm Street Garden')
    await expect(page.getByText('Copy of')).toHaveCount(0)
    await expect(page.getByText('A bridge')).toHaveCount(0)
    await openInitiative(page, 'Repair café')
    await expect(plan(page)).toHaveValue('We meet at ten.')
    await expect(actionOf(page, 'Fixers')).toContainText('0 of 2')
    await expect(page.getByText('Only for us')).toHaveCount(0)
    await place(page, 'People')
    await expect(page.getByRole('main')).not.toContainText('Cleo')
  }

  // What is said in the original afterwards is news to the copy; somebody who never was there sees who said it.
  await openInitiative(ada, 'Repair café')
  await say(ada, 'The hall is booked')
  await openGroup(ben, 'Oak Street Garden')
  await ben.getByRole('link', { name: /The original has/ }).click()
  await expect(ben.getByRole('heading', { level: 1 })).toHaveText('New in Elm Street Garden')
  await expect(ben.getByRole('checkbox', { name: /Repair café/ })).toBeChecked()
  await look(ben, 'news')
  await ben.getByRole('button', { name: /^Bring in/ }).click()
  await expect(ben.getByText('There is nothing new.')).toBeVisible()
  await expect(cleo.getByRole('article').filter({ hasText: 'The hall is booked' })).toContainText('Ada')

  // What the copy has is offered, and taken there by who wants it.
  await place(ben, 'Today')
  await ben.getByRole('link', { name: /Copy of Elm Street Garden/ }).click()
  await expect(ben.getByText('1 person of 2 took part at the beginning.')).toBeVisible()
  await look(ben, 'family')
  await ben.getByRole('link', { name: 'What is different' }).click()
  await expect(ben.getByRole('main')).toContainText('A bridge')
  await expect(ben.getByRole('row', { name: /^Initiatives that go on/ })).toBeVisible()
  await look(ben, 'difference')
  await ben.getByRole('main').getByRole('link', { name: 'Back' }).click()
  await ben.getByRole('link', { name: 'What changed since a day' }).click()
  await expect(ben.getByRole('columnheader', { name: 'Now' })).toBeVisible()
  await expect(ben.getByRole('main')).toContainText('A bridge')
  await look(ben, 'past')
  await ben.getByRole('main').getByRole('link', { name: 'Back' }).click()
  await ben.getByRole('link', { name: /^Offer them/ }).click()
  await ben.getByRole('checkbox', { name: /A bridge/ }).check()
  await ben.getByRole('textbox', { name: 'Why? One sentence' }).fill('Both banks need it.')
  await ben.getByRole('button', { name: 'Offer 1' }).click()
  await place(ada, 'Today')
  await ada.getByRole('link', { name: /Oak Street Garden offers/ }).click()
  await expect(ada.getByText('“Both banks need it.”')).toBeVisible()
  await look(ada, 'offered')
  await ada.getByRole('button', { name: 'Take all of it' }).click()
  await expect(ada.getByText(/took all of it/)).toBeVisible()
  await place(ada, 'Today')
  await expect(ada.getByRole('link', { name: 'A bridge', exact: true })).toBeVisible()
})
