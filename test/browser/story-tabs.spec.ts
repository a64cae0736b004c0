import { expect, test } from '../support/stage.ts'
import {
  actionOf,
  foundGroup,
  invite,
  join,
  MEETING,
  openInitiative,
  place,
  plan,
  planAction,
  say,
  startInitiative,
  status,
} from '../support/steps.ts'

test('two tabs of one person stay in step and never fork, and the second takes the network over', async ({ stage }) => {
  const ben = await stage.person()
  await foundGroup(ben, 'Oak Street Garden', 'Ben')
  const link = await invite(ben)

  const browser = await stage.lasting()
  const first = await browser.open(link)
  await join(first, 'Oak Street Garden', 'Ada')
  await startInitiative(first, 'Repair café')
  const second = await first.context().newPage()
  await second.goto('/')
  await openInitiative(second, 'Repair café')
  const tabs = [first, second]

  await plan(first).pressSequentially('We meet at ten.')
  await expect(plan(second)).toHaveValue('We meet at ten.')
  await plan(second).press('ControlOrMeta+End')
  await plan(second).pressSequentially(' Bring tools.')
  await expect(plan(first)).toHaveValue('We meet at ten. Bring tools.')
  await planAction(second, 'Fixers', 2)
  await actionOf(first, 'Fixers').getByRole('button', { name: "I'll do it" }).click()
  await expect(actionOf(second, 'Fixers')).toContainText('1 of 2')

  // Both at once, again and again: each act is the next of one and the same feed.
  const rounds = [1, 2, 3, 4, 5]
  await Promise.all(
    tabs.map(async (tab, at) => {
      for (const round of rounds) await say(tab, `Message ${round} of tab ${at + 1}`)
    }),
  )
  const said = rounds.flatMap((round) => [`Message ${round} of tab 1`, `Message ${round} of tab 2`])
  for (const tab of tabs)
    for (const text of said) await expect(tab.getByRole('article').filter({ hasText: text })).toHaveCount(1)
  await openInitiative(ben, 'Repair café')
  for (const text of said) await expect(ben.getByRole('article').filter({ hasText: text })).toContainText('Ada')
  await place(ben, 'People')
  await expect(ben.getByText('set aside')).toHaveCount(0)

  await first.close()
  await openInitiative(ben, 'Repair café')
  await say(ben, 'Is anyone still there?')
  await expect(second.getByRole('article').filter({ hasText: 'Is anyone still there?' })).toContainText('Ben', MEETING)
  await say(second, 'The second tab is')
  await expect(ben.getByRole('article').filter({ hasText: 'The second tab is' })).toContainText('Ada')
  await expect(status(second)).toHaveText('Here + 1')

  await browser.close()
  const again = await browser.open()
  await openInitiative(again, 'Repair café')
  await expect(plan(again)).toHaveValue('We meet at ten. Bring tools.')
  for (const text of [...said, 'The second tab is'])
    await expect(again.getByRole('article').filter({ hasText: text })).toHaveCount(1)
  await say(again, 'And after a restart')
  await place(again, 'People')
  await expect(again.getByText('set aside')).toHaveCount(0)
  await browser.close()
})
