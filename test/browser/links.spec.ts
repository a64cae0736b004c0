import { type Page } from '@playwright/test'
import { GroupId, type Instant } from '@auzolan/core'
import { encodeInvitation } from '@auzolan/trust'
import { expect, test } from '../support/stage.ts'
import { foundGroup, invite, join, MEETING, openInvitation, place } from '../support/steps.ts'

const linkWith = (expires: number | null) =>
  encodeInvitation({
    group: GroupId.fromBytes(new Uint8Array(32).fill(1)),
    secret: new Uint8Array(16).fill(2),
    groupName: 'Elm Street Garden',
    inviterName: 'Ada',
    expires: expires as Instant | null,
    peers: [],
    hints: [],
  })

test('a link that cannot work says what is wrong with it and what to do', async ({ stage }) => {
  const page = await stage.person()
  const whole = linkWith(null)
  const [ended] = [Date.UTC(2026, 4, 6, 12)]
  for (const [link, words] of [
    [whole.slice(0, -20), 'The link is cut off. Ask for it again, or scan the code.'],
    ['hello', 'This is not an invite. Copy the whole link from the message and paste it here.'],
    [linkWith(ended), 'This invite ended on May 6. Ask for a new one.'],
    [
      `v2.${whole.slice(3)}`,
      'This invite was made by a newer version of the app. Reload this page to update, then open it again.',
    ],
  ] as const) {
    await page.goto(`/#/join/${link}`)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText("This invite can't be opened")
    await expect(page.getByRole('alert')).toHaveText(words)
    await expect(page.getByText('Nothing on this device was changed.')).toBeVisible()

    await page.getByRole('link', { name: 'Use another invite' }).click()
    await page.getByRole('textbox', { name: 'Paste the link' }).fill(`${stage.address}/#/join/${link}`)
    await page.getByRole('button', { name: 'Open the invite' }).click()
    await expect(page.getByRole('alert')).toHaveText(words)
  }

  await page.goto('/#/')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Get things done with your neighbours')
  await page.goto(`/#/g/${'0'.repeat(64)}/people`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This group is not on this device')
  await page.goto('/#/nowhere')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is nothing at this address')
})

test('an invitation that the group does not accept any more says why, and another one still works', async ({
  stage,
}) => {
  const ada = await stage.person()
  await foundGroup(ada, 'Elm Street Garden', 'Ada')
  const link = await invite(ada)
  const ben = await stage.person({ path: link })
  await join(ben, 'Elm Street Garden', 'Ben')

  const ask = async (page: Page, to: string) => {
    await page.goto(to)
    await page.getByRole('textbox', { name: 'Your name here' }).fill('Cleo')
    await page.getByRole('button', { name: 'Join', exact: true }).click()
  }
  const cleo = await stage.person()
  await ask(cleo, link)
  await expect(cleo.getByRole('alert')).toHaveText('This invite was already used. Ask for a new one.', MEETING)

  const cancelled = await invite(ada)
  const row = ada.getByRole('article').filter({ hasText: 'not used yet' })
  await row.getByRole('button', { name: 'Cancel the invite' }).click()
  await expect(row).toHaveCount(0)
  await ask(cleo, cancelled)
  await expect(cleo.getByRole('alert')).toHaveText('This invite was cancelled. Ask for a new one.', MEETING)

  const open = await openInvitation(ada, 'Anyone with the link')
  await cleo.getByRole('link', { name: 'Use another invite' }).click()
  await cleo.getByRole('textbox', { name: 'Paste the link' }).fill(open)
  await cleo.getByRole('button', { name: 'Open the invite' }).click()
  await join(cleo, 'Elm Street Garden', 'Cleo')
  await place(cleo, 'People')
  for (const name of ['Ada', 'Ben', 'Cleo (you)'])
    await expect(cleo.getByRole('main').getByText(name, { exact: true })).toBeVisible()

  await ben.goto(open)
  await expect(ben.getByRole('heading', { level: 1 })).toHaveText("You're in this group already")
  await expect(ben.getByText('Everything is as you left it.')).toBeVisible()
  await ben.getByRole('link', { name: 'Open the group' }).click()
  await expect(ben.getByRole('heading', { level: 1 })).toHaveText('Elm Street Garden')
})
