import { expect, test } from '../support/stage.ts'
import {
  actionOf,
  foundGroup,
  invite,
  join,
  openInitiative,
  plan,
  planAction,
  say,
  startInitiative,
  status,
} from '../support/steps.ts'

test('the founder is gone for good, and the second person goes on and invites a third', async ({ stage }) => {
  const ada = await stage.person()
  await foundGroup(ada, 'Elm Street Garden', 'Ada')
  await startInitiative(ada, 'Repair café')
  await plan(ada).fill('We meet at ten.')
  await planAction(ada, 'Fixers', 2)
  await say(ada, 'Hello all')
  const ben = await stage.person({ path: await invite(ada) })
  await join(ben, 'Elm Street Garden', 'Ben')
  await expect(status(ben)).toHaveText('Here + 1')

  await ada.context().close()
  await stage.cut()
  await ben.reload()
  await stage.heal()
  await openInitiative(ben, 'Repair café')
  await expect(plan(ben)).toHaveValue('We meet at ten.')
  await say(ben, 'Ada moved away')

  const cleo = await stage.person({ path: await invite(ben) })
  await expect(cleo.getByRole('heading', { level: 1 })).toHaveText('Ben invites you to Elm Street Garden')
  await join(cleo, 'Elm Street Garden', 'Cleo')
  await openInitiative(cleo, 'Repair café')
  await expect(plan(cleo)).toHaveValue('We meet at ten.')
  await expect(actionOf(cleo, 'Fixers')).toContainText('0 of 2')
  await expect(cleo.getByRole('article').filter({ hasText: 'Hello all' })).toContainText('Ada')
  await expect(cleo.getByRole('article').filter({ hasText: 'Ada moved away' })).toContainText('Ben')
  await actionOf(cleo, 'Fixers').getByRole('button', { name: "I'll do it" }).click()
  await openInitiative(ben, 'Repair café')
  await expect(actionOf(ben, 'Fixers')).toContainText('Cleo')
})
