import { expect, test } from '../support/stage.ts'
import {
  atEnd,
  foundGroup,
  join,
  openInvitation,
  openInitiative,
  place,
  plan,
  readCode,
  say,
  startInitiative,
  status,
} from '../support/steps.ts'

test('an invitation is read without a network, and two people then type in one plan at once', async ({ stage }) => {
  const ada = await stage.person()
  await foundGroup(ada, 'Elm Street Garden', 'Ada')
  await expect(status(ada)).toHaveText('On this device only')
  await startInitiative(ada, 'Repair café on Saturday')
  await plan(ada).fill('We meet at ten.')
  await say(ada, 'Who has a soldering iron?')
  const link = await openInvitation(ada)
  expect(await readCode(ada.getByRole('img', { name: 'Code that invites to Elm Street Garden' }))).toBe(link)
  await ada.keyboard.press('Escape')

  const ben = await stage.person()
  await expect(ben.getByRole('heading', { name: 'Get things done with your neighbours' })).toBeVisible()
  await stage.offline(ben, true)
  await ben.goto('about:blank')
  await ben.goto(link)
  await expect(ben.getByRole('heading', { level: 1 })).toHaveText('Ada invites you to Elm Street Garden')
  await stage.offline(ben, false)

  await ben.getByRole('textbox', { name: 'Your name here' }).fill('Ben')
  const asked = Date.now()
  await join(ben, 'Elm Street Garden', 'Ben')
  await expect(ben.getByRole('link', { name: 'Repair café on Saturday', exact: true })).toBeVisible()
  test.info().annotations.push({ type: 'from "Join" to the workspace, in ms', description: String(Date.now() - asked) })

  await openInitiative(ben, 'Repair café on Saturday')
  await expect(plan(ben)).toHaveValue('We meet at ten.')
  await expect(ben.getByRole('article').filter({ hasText: 'Who has a soldering iron?' })).toContainText('Ada')
  await place(ada, 'People')
  await expect(ada.getByRole('main').getByText('Ben', { exact: true })).toBeVisible()
  await openInitiative(ada, 'Repair café on Saturday')

  await plan(ada).focus()
  await plan(ada).press('ControlOrMeta+Home')
  await atEnd(plan(ben))
  const words = [
    ['Welcome ', ' Bring '],
    ['to the ', 'what is '],
    ['hall. ', 'broken.'],
  ] as const
  let before = ''
  let after = ''
  for (const [first, last] of words) {
    await Promise.all([
      plan(ada).pressSequentially(first, { delay: 25 }),
      plan(ben).pressSequentially(last, { delay: 25 }),
    ])
    before += first
    after += last
    // Neither field is left in between: the letters are there while both type.
    for (const page of [ada, ben]) await expect(plan(page)).toHaveValue(`${before}We meet at ten.${after}`)
  }
  for (const page of [ada, ben]) {
    await expect(plan(page)).toBeFocused()
    await expect(status(page)).toHaveText('Here + 1')
  }
})
