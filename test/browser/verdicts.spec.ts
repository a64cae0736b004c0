import { expect, test } from '@playwright/test'
import { binding, verdictsHere } from '../compatibility/verdicts.ts'
import type {} from './verdicts-page.ts'

test('Node, the page and its worker judge and write the same', async ({ page }) => {
  await page.goto('/test/browser/verdicts-page.html')
  await page.waitForFunction(() => 'verdicts' in window)
  const onNode = await verdictsHere()
  const inPage = await page.evaluate(() => window.verdicts.here())
  const inWorker = await page.evaluate(() => window.verdicts.inWorker())
  expect(binding(inPage)).toEqual(binding(onNode))
  expect(inWorker).toEqual(inPage)
  // The platform is asked first only where it takes nothing for good that the law refuses.
  for (const { native, platform, law } of [onNode, inPage])
    expect(native).toBe(platform.every(({ valid }, at) => !valid || law[at]?.valid === true) && platform[0]?.valid)
  expect(await page.evaluate(() => window.verdicts.asksWhoSaysYes())).toBe(false)
})
