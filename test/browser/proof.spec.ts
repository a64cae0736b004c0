import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { giveCamera, holdUpScreen } from '../support/camera.ts'
import { look } from '../support/look.ts'
import { expect, test } from '../support/stage.ts'
import { foundGroup, place } from '../support/steps.ts'

const cli = new URL('../../dist/cli.mjs', import.meta.url).pathname

/** What the command line says of a file, as data. */
const verified = async (file: string): Promise<unknown> => {
  const asked = promisify(execFile)(process.execPath, [cli, 'verify', '--json', file])
  const { stdout } = await asked.catch((error: { readonly stdout: string }) => error)
  return JSON.parse(stdout)
}

test('a stranger who is cut off checks a decision from a file and from codes', async ({ stage }, testInfo) => {
  const ada = await stage.person()
  await foundGroup(ada, 'Elm Street Garden', 'Ada')
  await place(ada, 'People')
  await ada.getByRole('button', { name: 'Ask for another name' }).click()
  await ada.getByRole('textbox', { name: 'What should the group be called?' }).fill('Elm Street')
  await ada.keyboard.press('Enter')
  const renamed = ada.getByRole('article', { name: 'Call the group “Elm Street”' })
  await renamed.getByRole('button', { name: 'Yes' }).click()
  await expect(renamed).toContainText('Confirmed by the group')
  const saving = ada.waitForEvent('download')
  await renamed.getByRole('button', { name: 'Save the proof' }).click()
  const file = await (await saving).path()
  const bytes = await readFile(file)

  const stranger = await stage.person()
  await expect(stranger.getByRole('link', { name: 'Check a decision' })).toBeVisible()
  await giveCamera(stranger)
  await stage.cut()
  await stranger.reload()
  await stranger.getByRole('link', { name: 'Check a decision' }).click()
  await expect(stranger.getByRole('heading', { level: 1 })).toBeFocused()
  await look(stranger, 'checking a decision')

  const main = stranger.getByRole('main')
  const choose = async (buffer: Buffer) => {
    const choosing = stranger.waitForEvent('filechooser')
    await main.getByRole('button', { name: 'Choose the file' }).click()
    await (await choosing).setFiles({ name: 'decision.auzolan', mimeType: 'application/octet-stream', buffer })
  }
  const shownData = async (): Promise<unknown> => {
    await main.getByText('The same for programs').click()
    return JSON.parse(await main.locator('pre').innerText())
  }
  const isProven = async () => {
    const verdict = main.getByRole('status')
    await expect(verdict.getByRole('heading', { name: 'This was decided' })).toBeVisible()
    await expect(verdict).toContainText('In the group “Elm Street”:')
    await expect(verdict).toContainText('the group is called "Elm Street".')
    await expect(verdict).toContainText('1 yes, 0 no, of 1 person with a vote')
    await expect(verdict.getByRole('listitem')).toContainText([
      'Ada: yes',
      'every entry is signed by the device it names',
    ])
    await expect(verdict).toContainText('who these people are')
    expect(await shownData()).toEqual(await verified(file))
  }
  await choose(bytes)
  await isProven()
  await look(stranger, 'a decision that is proven')

  await main.getByRole('button', { name: 'Check another one' }).click()
  // In the middle: inside some entry, which both then name.
  const changed = Buffer.from(bytes)
  changed[Math.floor(changed.length / 2)]! ^= 1
  const changedFile = testInfo.outputPath('changed.auzolan')
  await writeFile(changedFile, changed)
  await choose(changed)
  await expect(main.getByRole('alert')).toContainText('Nothing is proven')
  await expect(main.getByRole('alert')).toContainText(/Entry \d+ of the file: /)
  const told = (await shownData()) as { readonly says: string }
  expect(told).toEqual(await verified(changedFile))
  await expect(main.getByRole('alert')).toContainText(told.says)
  await look(stranger, 'a decision of which nothing is proven')

  // Straight to it, as from a link that somebody sent.
  await stranger.goto('/#/proof')
  await stranger.reload()
  await main.getByRole('button', { name: 'Scan codes' }).click()
  await renamed.getByRole('button', { name: 'Show it as codes' }).click()
  const codes = ada.getByRole('dialog').getByRole('group', { name: 'The proof as codes' })
  await codes.getByRole('button', { name: 'Stop' }).click()
  const picture = codes.getByRole('img')
  await look(ada, 'a decision as codes')
  const count = Number(/of (\d+)$/.exec((await picture.getAttribute('aria-label')) ?? '')?.[1])
  for (let read = 1; read <= count; read++) {
    await holdUpScreen(stranger, picture)
    if (read < count) await expect(main.getByText(`${read} of ${count} codes read`)).toBeVisible()
    await codes.getByRole('button', { name: 'The next code' }).click()
  }
  await isProven()
})
