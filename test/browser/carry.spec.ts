import { readFile } from 'node:fs/promises'
import { look } from '../support/look.ts'
import { expect, test } from '../support/stage.ts'
import { foundGroup, invite, join, place, say, status } from '../support/steps.ts'

test('a copy that is carried by hand brings what was written without a network', async ({ stage }) => {
  const ada = await stage.person()
  await foundGroup(ada, 'Elm Street Garden', 'Ada')
  const link = await invite(ada)
  const ben = await stage.person()
  await ben.goto(link)
  await join(ben, 'Elm Street Garden', 'Ben')
  await place(ada, 'People')
  await expect(ada.getByRole('main').getByText('Ben', { exact: true })).toBeVisible()
  await stage.cut()
  for (const page of [ada, ben]) await page.reload()
  await place(ada, 'Talk')
  await say(ada, 'The hall is free on Saturday')

  await status(ada).click()
  const saved = ada.waitForEvent('download')
  await ada.getByRole('button', { name: 'Save a copy to a file' }).click()
  const file = await saved
  expect(file.suggestedFilename()).toBe('copy.auzolan')
  const bytes = await readFile(await file.path())
  await look(ada, 'where changes are')

  await place(ben, 'Talk')
  await status(ben).click()
  const sheet = ben.getByRole('dialog')
  const bring = async (buffer: Buffer) => {
    const choosing = ben.waitForEvent('filechooser')
    await sheet.getByRole('button', { name: 'Bring in a file' }).click()
    await (await choosing).setFiles({ name: 'copy.auzolan', mimeType: 'application/octet-stream', buffer })
  }
  const changed = Buffer.from(bytes)
  changed[changed.length - 40]! ^= 1
  await bring(changed)
  await expect(sheet.getByRole('status')).toHaveText(
    'This file was changed after it was saved. Nothing of it was taken in. Ask for it again.',
  )
  await bring(bytes)
  await expect(sheet.getByRole('status')).toContainText('Brought in:')
  await ben.keyboard.press('Escape')
  await expect(ben.getByRole('article').filter({ hasText: 'The hall is free on Saturday' })).toBeVisible()
})
