import { look } from '../support/look.ts'
import { expect, test } from '../support/stage.ts'
import {
  foundGroup,
  invite,
  join,
  MEETING,
  openInitiative,
  openInvitation,
  place,
  plan,
  startInitiative,
  status,
} from '../support/steps.ts'

test('what somebody wrote on top of something that no longer counts is shown to them, and put in again', async ({
  stage,
}) => {
  const ada = await stage.person()
  await foundGroup(ada, 'Elm Street Garden', 'Ada')
  await startInitiative(ada, 'Repair café')
  await plan(ada).fill('We meet at ten.')
  const ben = await stage.person({ path: await invite(ada) })
  await join(ben, 'Elm Street Garden', 'Ben')
  const link = await openInvitation(ben, 'Anyone with the link')
  await ben.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  await place(ada, 'People')
  const invitation = ada.getByRole('article').filter({ hasText: 'For anyone with the link' })
  await expect(invitation).toBeVisible(MEETING)
  await openInitiative(ben, 'Repair café')
  await expect(plan(ben)).toHaveValue('We meet at ten.')

  // Ada takes the invitation back where nobody hears it, and somebody comes in by it meanwhile.
  await stage.offline(ada, true)
  await ada.reload()
  await expect(status(ada)).toHaveText('Offline · saving here')
  await invitation.getByRole('button', { name: 'Cancel the invite' }).click()
  await expect(ada.getByText('The invite is cancelled.')).toBeVisible()
  const cleo = await stage.person({ path: link })
  await join(cleo, 'Elm Street Garden', 'Cleo')
  await openInitiative(cleo, 'Repair café')
  await expect(plan(cleo)).toHaveValue('We meet at ten.')
  await plan(cleo).fill('We meet at ten. With cake.')
  await expect(plan(ben)).toHaveValue('We meet at ten. With cake.', MEETING)
  await plan(ben).fill('We meet at ten. With cake. I bring the saw.')
  await expect(plan(cleo)).toHaveValue('We meet at ten. With cake. I bring the saw.', MEETING)

  await stage.offline(ada, false)
  await ada.reload()
  const card = ben.getByRole('region', { name: 'You wrote this on top of something that no longer counts' })
  await expect(card).toContainText('I bring the saw.', MEETING)
  await expect(plan(ben)).toHaveValue('We meet at ten.')
  await look(ben, 'unmerged')
  await card.getByRole('button', { name: 'Copy it' }).click()
  expect(await ben.evaluate(() => navigator.clipboard.readText())).toBe('I bring the saw.')
  await card.getByRole('button', { name: 'Put it in again' }).click()
  await expect(plan(ben)).toHaveValue('We meet at ten.\n\nI bring the saw.')
  await expect(card).toHaveCount(0)
  await openInitiative(ada, 'Repair café')
  await expect(plan(ada)).toHaveValue('We meet at ten.\n\nI bring the saw.', MEETING)
  await expect(ada.getByRole('region', { name: 'You wrote this' })).toHaveCount(0)
})
