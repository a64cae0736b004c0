import { look } from '../support/look.ts'
import { expect, test } from '../support/stage.ts'
import {
  foundGroup,
  invite,
  join,
  MEETING,
  openInitiative,
  place,
  readCode,
  startInitiative,
} from '../support/steps.ts'

/** Three words that two screens show alike. */
const WORDS = /[a-z]+ · [a-z]+ · [a-z]+/

test('a sheet made early brings its person back after every device is lost, and the group is told', async ({
  stage,
}) => {
  const phone = await stage.person()
  await expect(phone.getByRole('link', { name: 'I lost my devices' })).toBeVisible()
  await foundGroup(phone, 'Elm Street Garden', 'Ada')
  const link = await invite(phone)
  const ben = await stage.person({ path: new URL(link).pathname + new URL(link).hash })
  await join(ben, 'Elm Street Garden', 'Ben')
  await startInitiative(phone, 'Repair café on Saturday')

  // Said where it is seen, and out of the way when it is not wanted.
  const asked = ben.getByRole('region', { name: 'What if you lose this device?' })
  await expect(asked).toContainText('A page on paper brings you back.')
  await asked.getByRole('button', { name: 'Not now' }).click()
  await expect(asked).toBeHidden()
  await place(phone, 'Today')
  await look(phone, 'asking whether to make a sheet')
  await phone.getByRole('button', { name: 'Make a recovery sheet' }).click()
  const sheet = phone.getByRole('dialog', { name: 'Recovery sheet' })
  await expect(sheet).toContainText('It works once.')
  await look(phone, 'before the sheet is made')
  await sheet.getByRole('button', { name: 'Make the sheet' }).click()
  const paper = sheet.getByRole('region', { name: 'Way back into Elm Street Garden' })
  await expect(paper.getByRole('listitem')).toHaveCount(6)
  await expect(paper).toContainText('For Ada')
  const code = await readCode(paper.getByRole('img', { name: 'Code on the recovery sheet' }))
  const lines = await paper.getByRole('listitem').allTextContents()
  await look(phone, 'the sheet')
  await sheet.getByRole('button', { name: 'Copy it as a link' }).click()
  expect(await phone.evaluate(() => navigator.clipboard.readText())).toBe(code)
  await sheet.getByRole('button', { name: 'I have it' }).click()
  await expect(phone.getByRole('dialog', { name: 'Your devices' })).toContainText('You made one on')
  await phone.keyboard.press('Escape')
  await expect(phone.getByRole('region', { name: 'What if you lose this device?' })).toBeHidden()
  await place(ben, 'Today')
  await expect(ben.getByRole('main').getByRole('link', { name: 'Repair café on Saturday', exact: true })).toBeVisible()
  await phone.context().close()

  const fresh = await stage.person({ viewport: { width: 1280, height: 844 } })
  await fresh.getByRole('link', { name: 'I lost my devices' }).click()
  await look(fresh, 'the ways back')
  // A slip of the pen is found in its line.
  const typed = fresh.getByRole('textbox', { name: 'What is on the sheet, or the link' })
  const numbers = /^\d\s+/
  const written = lines.map((line) => line.trim().replace(numbers, ''))
  await typed.fill(
    written.map((line, at) => (at === 1 ? line.replace(/.$/, (last) => (last === '0' ? '1' : '0')) : line)).join('\n'),
  )
  await fresh.getByRole('button', { name: 'Go on' }).click()
  await expect(fresh.getByRole('alert')).toContainText('Line 2 is not quite right.')
  await typed.fill(written.join('\n').toLowerCase())
  await fresh.getByRole('button', { name: 'Go on' }).click()
  await expect(fresh.getByRole('heading', { level: 1 })).toHaveText('Get back into your group')
  await expect(fresh.getByRole('textbox', { name: 'A link to your group' })).toHaveAttribute('required')
  await look(fresh, 'typed lines')

  await fresh.goto('about:blank')
  await fresh.goto(code)
  await expect(fresh.getByRole('heading', { level: 1 })).toHaveText('Get back into Elm Street Garden')
  await expect(fresh.getByText('You’ll be Ada again')).toBeVisible()
  await fresh.getByRole('textbox', { name: 'What do you call this device?' }).fill('New phone')
  await look(fresh, 'using the sheet')
  await fresh.getByRole('button', { name: 'Get back in' }).click()
  await expect(fresh.getByRole('heading', { name: 'Elm Street Garden', level: 1 })).toBeVisible()
  await expect(fresh.getByRole('status').filter({ hasText: 'You came back with your recovery sheet' })).toBeVisible()
  await look(fresh, 'back in')
  await openInitiative(fresh, 'Repair café on Saturday')
  await place(fresh, 'Today')

  // Everyone is told, and the lost phone is locked out.
  const told = ben.getByRole('status').filter({ hasText: 'Ada came back with a recovery sheet' })
  await expect(told).toBeVisible()
  await told.getByRole('button', { name: 'All right' }).click()
  await expect(told).toBeHidden()
  await place(ben, 'People')
  await expect(ben.getByText('Came back with a recovery sheet')).toBeVisible()
  await fresh.getByRole('button', { name: 'Your devices' }).first().click()
  const own = fresh.getByRole('dialog', { name: 'Your devices' })
  await expect(own).toContainText('came in by your recovery sheet')
  await look(fresh, 'one’s devices afterwards')
  await own.getByRole('button', { name: 'I lost The device you began with' }).click()
  await own.getByRole('button', { name: 'Lock it out' }).click()
  await expect(own.getByText('locked out')).toBeVisible()
  await own.getByRole('button', { name: 'Make a recovery sheet' }).click()
  await expect(fresh.getByRole('dialog', { name: 'Recovery sheet' })).toContainText('One page to print')
})

test('who has lost every device and has no sheet is let go on by the group, and nobody else is', async ({ stage }) => {
  const ada = await stage.person()
  await foundGroup(ada, 'Elm Street Garden', 'Ada')
  const first = new URL(await invite(ada))
  const lost = await stage.person({ path: first.pathname + first.hash })
  await join(lost, 'Elm Street Garden', 'Ben')
  await startInitiative(lost, 'Repair café on Saturday')
  await place(ada, 'Today')
  await expect(ada.getByRole('main').getByRole('link', { name: 'Repair café on Saturday', exact: true })).toBeVisible()
  await lost.context().close()

  await place(ada, 'People')
  await ada.getByRole('button', { name: 'What the group can decide about Ben' }).click()
  const sheet = ada.getByRole('dialog', { name: 'Ben' })
  await sheet.getByRole('button', { name: 'Ben lost every device' }).click()
  await expect(sheet.getByRole('listitem')).toContainText([
    'Make sure that it is Ben',
    'keeps',
    'count no more',
    'First',
  ])
  await look(ada, 'before somebody who lost everything is shown a code')
  await sheet.getByRole('button', { name: 'Show a code' }).click()
  const link = await readCode(sheet.getByRole('img', { name: 'Code that lets Ben ask for a way back' }))
  await look(ada, 'the code for somebody else')

  const fresh = await stage.person()
  await fresh.getByRole('link', { name: 'I lost my devices' }).click()
  await expect(fresh.getByText('With the help of the group')).toBeVisible()
  await fresh.goto('about:blank')
  await fresh.goto(link)
  await expect(fresh.getByRole('heading', { level: 1 })).toHaveText('Get back into Elm Street Garden')
  await expect(fresh.getByText('You’ll be Ben again')).toBeVisible()
  await fresh.getByRole('textbox', { name: 'What do you call this device?' }).fill('New phone')
  await look(fresh, 'asking the group for a way back')
  await fresh.getByRole('button', { name: 'Ask the group' }).click()

  await expect(sheet).toContainText('“New phone” asks to go on as Ben.', MEETING)
  const shown = await sheet.getByText(WORDS).textContent()
  await expect(fresh.getByText(WORDS)).toHaveText(shown?.trim() ?? '')
  await look(ada, 'comparing three words')
  await look(fresh, 'three words to tell whoever helps')
  await sheet.getByRole('button', { name: 'They match' }).click()
  await expect(sheet).toContainText('The group is asked whether Ben goes on with “New phone”.')
  await sheet.getByRole('button', { name: 'Done' }).click()
  await ada.keyboard.press('Escape')

  const asked = ada.getByRole('article', { name: 'Let Ben go on with a new device.' })
  await expect(asked).toContainText('0 of 1 yes votes needed')
  await expect(fresh.getByText('If they see the same, they ask the group.')).toBeVisible()
  await asked.getByRole('button', { name: 'Yes' }).click()
  await expect(fresh.getByRole('heading', { name: 'Elm Street Garden', level: 1 })).toBeVisible(MEETING)
  await expect(fresh.getByText('The group gave you this device on')).toBeVisible()
  await look(fresh, 'back in by the group')
  await openInitiative(fresh, 'Repair café on Saturday')
  await expect(ada.getByText('Has a new device by decision of the group')).toBeVisible()
})
