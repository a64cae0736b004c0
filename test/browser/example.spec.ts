import { expect, test } from '../support/stage.ts'
import { openExample, place } from '../support/steps.ts'

test('the example is a living group with something to settle, and stays on this device', async ({ stage }) => {
  const page = await stage.person()
  await openExample(page)
  const unsettled = page.getByRole('heading', { name: /^Two different edits \(\d+\)$/ })
  await expect(unsettled).toBeVisible()
  await expect(page.getByRole('article')).not.toHaveCount(0)
  await expect(page.getByText(/^\d+ too many$/).first()).toBeVisible()

  // That one was closed in two ways; the others have a text in two versions.
  const links = page.locator('section').filter({ has: unsettled }).getByRole('link')
  const first = links.filter({ hasNotText: 'Swap and mend in the street' }).first()
  const address = (await first.getAttribute('href')) ?? ''
  await first.click()
  const chip = page.getByRole('button', { name: /^\d versions$/ }).first()
  await expect(chip).toBeVisible()
  const chips = await page.getByRole('button', { name: /^\d versions$/ }).count()
  await chip.click()
  await page.getByRole('dialog').getByRole('button', { name: 'Use this' }).first().click()
  await expect(page.getByRole('button', { name: /^\d versions$/ })).toHaveCount(chips - 1)

  await place(page, 'Talk')
  await expect(page.getByRole('article').first()).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Write to everyone' })).toBeInViewport()
  await place(page, 'People')
  await expect(page.getByRole('main').getByText('Visitor (you)')).toBeVisible()
  await expect.poll(() => page.getByRole('listitem').count()).toBeGreaterThan(10)

  // The list on Today may at first be the one kept before the last change; it ends with what was settled.
  await page.reload()
  await place(page, 'Today')
  await expect(page.getByRole('article')).not.toHaveCount(0)
  await expect(page.locator('section').filter({ has: unsettled }).locator(`a[href="${address}"]`)).toHaveCount(
    chips > 1 ? 1 : 0,
  )
})
