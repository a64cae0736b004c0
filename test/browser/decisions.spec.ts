import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Locator, Page } from '@playwright/test'
import { look } from '../support/look.ts'
import { expect, test } from '../support/stage.ts'
import { foundGroup, invite, join, MEETING, openInvitation, place, readCode, say } from '../support/steps.ts'

const cli = new URL('../../dist/cli.mjs', import.meta.url).pathname

const decision = (page: Page, sentence: string): Locator => page.getByRole('article', { name: sentence })

/** Opens what the group can decide about somebody, with the keyboard alone. */
const about = async (page: Page, name: string): Promise<Locator> => {
  await page.getByRole('button', { name: `What the group can decide about ${name}` }).focus()
  await page.keyboard.press('Enter')
  const sheet = page.getByRole('dialog', { name })
  await expect(sheet).toBeVisible()
  return sheet
}

test('a founder shares the say, the two decide together, and one of them is removed by both', async ({ stage }) => {
  const ada = await stage.person()
  await foundGroup(ada, 'Elm Street Garden', 'Ada')
  const link = await invite(ada)
  const ben = await stage.person({ path: new URL(link).pathname + new URL(link).hash })
  await join(ben, 'Elm Street Garden', 'Ben')
  for (const page of [ada, ben]) {
    await place(page, 'People')
    await expect(page.getByText('Nothing was asked yet.')).toBeVisible()
    await expect(page.getByText(page === ada ? 'With a vote: you.' : 'With a vote: Ada.')).toBeVisible()
  }

  // Whoever has no vote may ask, and is not offered an answer that would not count.
  await ben.getByRole('button', { name: 'Ask for another name' }).click()
  await ben.getByRole('textbox', { name: 'What should the group be called?' }).fill('Elm Street')
  await ben.keyboard.press('Enter')
  const renamed = 'Call the group “Elm Street”'
  await expect(decision(ben, renamed)).toContainText('0 of 1 yes votes needed')
  await expect(decision(ben, renamed)).toContainText('Waiting for Ada')
  await expect(decision(ben, renamed).getByRole('button')).toHaveCount(0)
  await ada.getByRole('button', { name: '1 decision waits for you' }).click()
  await expect(decision(ada, renamed).getByRole('button', { name: 'Yes' })).toBeFocused()
  await ada.keyboard.press('Enter')
  await expect(ada.getByRole('button', { name: '1 decision waits for you' })).toBeHidden()
  for (const page of [ada, ben]) await expect(decision(page, renamed)).toContainText('Confirmed by the group')

  const given = await about(ada, 'Ben')
  await given.getByRole('button', { name: 'Give a vote' }).click()
  await expect(given.getByRole('checkbox', { name: 'Ben' })).toBeChecked()
  await expect(given).toContainText('Only you have a vote so far')
  await given.getByRole('button', { name: 'Ask the group' }).click()
  await decision(ada, 'Give Ben a vote').getByRole('button', { name: 'Yes' }).click()
  for (const page of [ada, ben]) {
    await expect(decision(page, page === ada ? 'Give Ben a vote' : 'Give you a vote')).toContainText(
      'Confirmed by the group',
    )
    await expect(page.getByText('Has a vote', { exact: true })).toHaveCount(2)
  }

  const removed = await about(ada, 'Ben')
  await removed.getByRole('button', { name: 'Ask the group to remove Ben' }).click()
  await expect(removed.getByRole('listitem')).toContainText([
    'Ben gets nothing new',
    "Ben can't write",
    'Ben keeps',
    'What Ben wrote',
    'The group can take Ben back.',
    "Ben's vote ends with it: 1 person with a vote is left.",
    'It holds on each device from when that hears of it.',
  ])
  await removed.getByRole('textbox', { name: 'Why?' }).fill('Ben moved away.')
  await look(ada, 'asking to remove somebody')
  await removed.getByRole('button', { name: 'Ask the group' }).click()
  const [asAda, asBen] = [decision(ada, 'Remove Ben from the group'), decision(ben, 'Remove you from the group')]
  await expect(asBen).toContainText('Ben moved away.')
  await asAda.getByRole('button', { name: 'Yes' }).click()
  await expect(asAda).toContainText('1 of 2 yes votes needed')
  await expect(asAda).toContainText('Waiting for Ben')
  await ada.evaluate(() => scrollTo(0, 0))
  await look(ada, 'a decision about somebody')
  await asBen.getByRole('button', { name: 'No' }).click()
  await expect(asAda).toContainText('Did not pass')
  await asBen.getByRole('button', { name: 'Yes' }).click()
  await expect(asAda).toContainText('Decided')
  await expect(asAda).toContainText(
    'It is final once most people with a vote have had it on their devices for two days.',
  )
  await expect(asAda).toContainText('Every device of the group knows.')
  await expect(ada.getByText('Removed by the group')).toBeVisible()
  await place(ben, 'Today')
  await expect(ben.getByText('The group decided to remove you.')).toBeVisible()
  await expect(ben.getByText('The reason given: Ben moved away.')).toBeVisible()
  await expect(ben.getByRole('button', { name: 'Save the proof' })).toBeVisible()
  await look(ben, 'being removed')

  const saving = ada.waitForEvent('download')
  await asAda.getByRole('button', { name: 'Save the proof' }).click()
  const file = await (await saving).path()
  const { stdout } = await promisify(execFile)(process.execPath, [cli, 'verify', file])
  expect(stdout).toContain('2 yes, 0 no, of 2 who had a vote')
  expect(stdout).toContain('- that the group has confirmed it')
})

test('a moderator pauses somebody at once, who is told why and what is left, until the group ends it', async ({
  stage,
}) => {
  const ada = await stage.person()
  await foundGroup(ada, 'Elm Street Garden', 'Ada')
  const link = await invite(ada)
  const ben = await stage.person({ path: new URL(link).pathname + new URL(link).hash })
  await join(ben, 'Elm Street Garden', 'Ben')
  await place(ada, 'People')
  await expect((await about(ada, 'Ben')).getByRole('button', { name: 'Pause Ben now' })).toHaveCount(0)
  await ada.keyboard.press('Escape')

  const own = await about(ada, 'Ada')
  await own.getByRole('button', { name: 'Ask the group to make Ada a moderator' }).click()
  await expect(own.getByRole('listitem').first()).toContainText('can pause somebody at once')
  await own.getByRole('button', { name: 'Ask the group' }).click()
  await decision(ada, 'Make you a moderator').getByRole('button', { name: 'Yes' }).click()
  await expect(ada.getByText('Moderator', { exact: true })).toBeVisible()

  const sheet = await about(ada, 'Ben')
  await expect(sheet).toContainText('Invited by you')
  await expect(sheet).toContainText('Has no vote')
  await look(ada, 'what is known of somebody')
  await sheet.getByRole('button', { name: 'Pause Ben now' }).click()
  await expect(sheet.getByRole('listitem')).toContainText([
    'From now on',
    'a vote still counts',
    'until',
    'Everyone sees',
  ])
  await sheet.getByRole('textbox', { name: 'Why?' }).fill('Shouts at people.')
  await look(ada, 'before somebody is paused')
  await sheet.getByRole('button', { name: 'Pause now' }).click()
  await expect(sheet).toContainText('The reason given: Shouts at people.')
  await look(ada, 'somebody who is paused')
  await sheet.getByRole('button', { name: 'Ask the group to let Ben write again' }).click()
  await sheet.getByRole('button', { name: 'Ask the group' }).click()

  const told = ben.getByRole('region', { name: 'You are paused' })
  await place(ben, 'Today')
  await expect(told).toContainText('Ada paused you')
  await expect(told).toContainText('Shouts at people.')
  await expect(told).toContainText('your answers count')
  await look(ben, 'being paused')
  const saving = ben.waitForEvent('download')
  await told.getByRole('button', { name: 'Save a copy to a file' }).click()
  await saving
  await place(ben, 'Talk')
  await ben.getByRole('textbox', { name: 'Write to everyone' }).fill('But listen')
  await ben.getByRole('button', { name: 'Send' }).click()
  await expect(ben.getByText('Not done: you are paused until the group decides.')).toBeVisible()
  await expect(ben.getByRole('textbox', { name: 'Write to everyone' })).toHaveValue('But listen')
  await place(ben, 'Today')
  await told.getByRole('link', { name: 'See decisions' }).click()
  await expect(decision(ben, 'Let you write again')).toContainText('Waiting for Ada')

  await decision(ada, 'Let Ben write again').getByRole('button', { name: 'Yes' }).click()
  await expect(decision(ben, 'Let you write again')).toContainText('Confirmed by the group')
  await place(ben, 'Today')
  await expect(told).toBeHidden()
  await place(ben, 'Talk')
  await say(ben, 'I am sorry')
})

test('the group changes how newcomers come in, and the next one waits until somebody speaks for them', async ({
  stage,
}) => {
  const ada = await stage.person()
  await foundGroup(ada, 'Elm Street Garden', 'Ada')
  const first = new URL(await invite(ada))
  const ben = await stage.person({ path: first.pathname + first.hash })
  await join(ben, 'Elm Street Garden', 'Ben')
  await place(ada, 'People')
  await ada.getByRole('button', { name: 'How we decide' }).click()
  const rules = ada.getByRole('dialog', { name: 'How we decide' })
  await expect(rules.getByRole('button', { name: 'Removing somebody' })).toContainText(
    'More than half say yes · 1 of 1',
  )
  await look(ada, 'how we decide')
  await rules.getByRole('button', { name: 'Removing somebody' }).click()
  await expect(rules.getByRole('radio', { name: 'More than half' })).toBeChecked()
  await expect(rules.getByRole('radio', { name: 'One yes' })).toHaveCount(0)
  await expect(rules).toContainText('Less than half, or a way that ends after a time, is not possible here')
  await expect(rules.getByRole('button', { name: 'Ask the group' })).toBeDisabled()
  await look(ada, 'changing a rule')
  await rules.getByRole('button', { name: 'Cancel' }).click()
  await rules.getByRole('button', { name: 'How newcomers come in An invite' }).click()
  const wanted = 'An invite, and 1 more person speaks for them'
  await rules.getByRole('radio', { name: wanted }).check()
  await rules.getByRole('button', { name: 'Ask the group' }).click()
  const asked = decision(ada, `Change how newcomers come in: ${wanted}`)
  await asked.getByRole('button', { name: 'Yes' }).click()
  await expect(asked).toContainText('Confirmed by the group')

  const second = new URL(await openInvitation(ada))
  const sheet = ada.getByRole('dialog', { name: 'Invite someone' })
  await sheet.getByRole('button', { name: 'Print a poster' }).click()
  const poster = sheet.getByRole('region', { name: 'Join Elm Street Garden' })
  await expect(poster).toContainText('People in the group say yes first.')
  await expect(poster).toContainText('for up to 1 person')
  expect(await readCode(poster.getByRole('img', { name: 'Code that invites to Elm Street Garden' }))).toBe(second.href)
  await look(ada, 'a poster')
  await ada.emulateMedia({ media: 'print' })
  await expect(poster).toBeVisible()
  await expect(sheet.getByRole('button', { name: 'Print it' })).toBeHidden()
  await ada.emulateMedia({ media: 'screen' })
  await ada.keyboard.press('Escape')
  const cleo = await stage.person({ path: second.pathname + second.hash })
  await cleo.getByRole('textbox', { name: 'Your name here' }).fill('Cleo')
  await cleo.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(cleo.getByText('Somebody has to say yes.')).toBeVisible(MEETING)
  await cleo.getByRole('textbox', { name: 'Write to the group already' }).fill('I bring soup.')
  await cleo.getByRole('button', { name: 'Keep it' }).click()
  await expect(cleo.getByRole('region', { name: 'Kept here.' })).toContainText('I bring soup.')
  await look(cleo, 'waiting for a yes')
  await expect(decision(ada, 'Let “Cleo” in').getByRole('button')).toHaveCount(0)
  await place(ben, 'People')
  const newcomer = decision(ben, 'Let “Cleo” in')
  await expect(newcomer).toContainText('0 of 1 needed have spoken for them')
  await look(ben, 'somebody asks to come in')
  await newcomer.getByRole('button', { name: 'I speak for them' }).click()
  await expect(cleo.getByRole('heading', { name: 'Elm Street Garden', level: 1 })).toBeVisible(MEETING)
  await expect(newcomer).toBeHidden()
  await expect(ben.getByRole('main').getByText('Cleo', { exact: true })).toBeVisible()
  await place(ben, 'Talk')
  await expect(ben.getByRole('article').filter({ hasText: 'I bring soup.' })).toContainText('Cleo')
})

test('one objection with its reason is enough where a group consents, and an invite can ask its maker first', async ({
  stage,
}) => {
  const ada = await stage.person()
  await foundGroup(ada, 'Elm Street Garden', 'Ada')
  const first = new URL(await invite(ada))
  const ben = await stage.person({ path: first.pathname + first.hash })
  await join(ben, 'Elm Street Garden', 'Ben')
  for (const page of [ada, ben]) await place(page, 'People')
  const given = await about(ada, 'Ben')
  await given.getByRole('button', { name: 'Give a vote' }).click()
  await given.getByRole('button', { name: 'Ask the group' }).click()
  await decision(ada, 'Give Ben a vote').getByRole('button', { name: 'Yes' }).click()
  await expect(ben.getByText('Has a vote', { exact: true })).toHaveCount(2)

  await ada.getByRole('button', { name: 'How we decide' }).click()
  const rules = ada.getByRole('dialog', { name: 'How we decide' })
  await rules.getByRole('button', { name: 'What the group is called' }).click()
  await rules.getByRole('radio', { name: 'Nobody objects' }).check()
  await look(ada, 'ways to decide')
  await rules.getByRole('button', { name: 'Ask the group' }).click()
  const changed = /Change the rule for “What the group is called”/
  for (const page of [ada, ben])
    await page.getByRole('article', { name: changed }).getByRole('button', { name: 'Yes' }).click()
  await expect(ben.getByRole('article', { name: changed })).toContainText('Decided')

  await ben.getByRole('button', { name: 'Ask for another name' }).click()
  await ben.getByRole('textbox', { name: 'What should the group be called?' }).fill('The Weeds')
  await ben.keyboard.press('Enter')
  const [asAda, asBen] = [ada, ben].map((page) => decision(page, 'Call the group “The Weeds”')) as [Locator, Locator]
  await expect(asAda).toContainText('Answers count until about')
  await asBen.getByRole('button', { name: 'Yes' }).click()
  await asAda.getByRole('button', { name: 'I object' }).click()
  await look(ada, 'objecting')
  await asAda.getByRole('textbox', { name: 'It would harm us' }).fill('Nobody would come.')
  await asAda.getByRole('button', { name: 'Object', exact: true }).click()
  for (const card of [asAda, asBen]) await expect(card).toContainText('Did not pass')
  await expect(asBen).toContainText('1 objection')
  await asBen.getByText('Who answered what').click()
  await expect(asBen).toContainText('Nobody would come.')
  await look(ben, 'who answered what')

  await openInvitation(ada)
  const sheet = ada.getByRole('dialog', { name: 'Invite someone' })
  await sheet.getByRole('checkbox', { name: 'Ask me first' }).check()
  await sheet.getByRole('button', { name: 'Copy link' }).click()
  await expect(sheet.getByRole('button', { name: 'Copied' })).toBeVisible()
  await look(ada, 'an invite that asks first')
  const second = new URL(await ada.evaluate(() => navigator.clipboard.readText()))
  await ada.keyboard.press('Escape')
  const cleo = await stage.person({ path: second.pathname + second.hash })
  await cleo.getByRole('textbox', { name: 'Your name here' }).fill('Cleo')
  await cleo.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(cleo.getByText('Somebody has to say yes.')).toBeVisible(MEETING)
  const shown = (await cleo.locator('[lang=en]').last().textContent())?.trim() ?? ''
  const asking = decision(ada, 'Let “Cleo” in')
  await expect(asking).toContainText(`Their screen shows: ${shown}`)
  await look(ada, 'somebody who asks first')
  await asking.getByRole('button', { name: 'Let them in' }).click()
  await expect(cleo.getByRole('heading', { name: 'Elm Street Garden', level: 1 })).toBeVisible(MEETING)
})
