import { readFile } from 'node:fs/promises'
import { cutIntoCodes } from '@auzolan/core'
import encodeQR from 'qr'
import { giveCamera, holdUp, holdUpScreen } from '../support/camera.ts'
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

test('a copy that is shown as codes is read by the camera of another device', async ({ stage }) => {
  const ada = await stage.person()
  await foundGroup(ada, 'Elm Street Garden', 'Ada')
  const link = await invite(ada)
  const ben = await stage.person()
  await giveCamera(ben)
  await ben.goto(link)
  await join(ben, 'Elm Street Garden', 'Ben')
  await place(ada, 'People')
  await expect(ada.getByRole('main').getByText('Ben', { exact: true })).toBeVisible()
  await stage.cut()
  for (const page of [ada, ben]) await page.reload()
  await place(ada, 'Talk')
  await say(ada, 'The hall is free on Saturday')
  await place(ben, 'Talk')

  await status(ada).click()
  await ada.getByRole('button', { name: 'Show it as codes' }).click()
  const codes = ada.getByRole('group', { name: 'A copy of the group, as codes' })
  const picture = codes.getByRole('img')
  await expect(picture).toBeVisible()
  // It moves by itself, until it is told to stop.
  await expect(picture).not.toHaveAccessibleName(/^Code 1 of/)
  await codes.getByRole('button', { name: 'Stop' }).click()
  await expect(codes.getByRole('button', { name: 'Let it run' })).toBeVisible()
  await look(ada, 'codes that are shown')
  const count = Number(/of (\d+)$/.exec((await picture.getAttribute('aria-label')) ?? '')?.[1])
  expect(count).toBeGreaterThan(2)

  await status(ben).click()
  const sheet = ben.getByRole('dialog')
  await sheet.getByRole('button', { name: 'Scan codes' }).click()
  await expect(sheet.getByText('Point at the code')).toBeVisible()
  await look(ben, 'codes that are scanned')
  const draw = (text: string) => encodeQR(text, 'gif', { ecc: 'medium', border: 4, scale: 5 })
  const foreign = (kind: 'copy' | 'decision') => {
    const cut = cutIntoCodes(kind, new Uint8Array(700).fill(7))
    return (cut.ok && cut.value[1]) || ''
  }
  await holdUp(ben, draw('https://example.org'))
  await expect(sheet.getByRole('alert')).toHaveText('This code holds something else. Point at the moving one.')
  await holdUp(ben, draw(foreign('decision')))
  await expect(sheet.getByRole('alert')).toHaveText('These codes hold something else than what is read here.')

  for (let read = 1; read < count; read++) {
    await holdUpScreen(ben, picture)
    await expect(sheet.getByText(`${read} of ${count} codes read`)).toBeVisible()
    await codes.getByRole('button', { name: 'The next code' }).click()
  }
  await holdUp(ben, draw(foreign('copy')))
  await expect(sheet.getByRole('alert')).toContainText('another sequence than the one you began with')
  await expect(sheet.getByText(/^Code \d+ is missing/)).toBeVisible()
  await look(ben, 'codes of which one is missing')
  await holdUpScreen(ben, picture)
  await expect(sheet.getByRole('status')).toContainText('Brought in:')
  await ben.keyboard.press('Escape')
  await expect(ben.getByRole('article').filter({ hasText: 'The hall is free on Saturday' })).toBeVisible()
})
