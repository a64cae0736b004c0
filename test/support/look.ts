import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from './stage.ts'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Widths in px, narrowest first: a small phone, a phone. Dark differs from light in its colours alone. */
const phones = [
  { width: 320, light: ['target-size'], dark: [] },
  { width: 390, light: tags, dark: ['color-contrast'] },
] as const
const computer = { width: 1280, light: tags, dark: ['color-contrast'] } as const

/** Looks at what is on screen on phones, in light and in dark. A look takes seconds: every place is seen on a computer once, by `lookEverywhere`. */
export const look = (page: Page, name: string): Promise<void> => lookAt(page, name, phones)

/** Looks at what is on screen at every width, in light and in dark. */
export const lookEverywhere = (page: Page, name: string): Promise<void> => lookAt(page, name, [...phones, computer])

const lookAt = async (
  page: Page,
  name: string,
  looks: readonly ((typeof phones)[number] | typeof computer)[],
): Promise<void> => {
  for (const { width, ...wanted } of looks) {
    await page.setViewportSize({ width, height: 844 })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    expect.soft(wide, `${name} scrolls sideways at ${width}`).toBeLessThanOrEqual(width)
    for (const colorScheme of ['light', 'dark'] as const) {
      const rules = wanted[colorScheme]
      if (rules.length === 0) continue
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      // The page hears of the theme some time after it was told.
      const isDark = () => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
      await expect.poll(isDark).toBe(colorScheme === 'dark')
      await unpin(page, true)
      const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] })
      const { violations } = await (rules === tags ? axe.withTags([...rules]) : axe.withRules([...rules])).analyze()
      await unpin(page, false)
      const told = violations.map(({ id, nodes }) => [
        id,
        ...nodes.map(({ html, failureSummary }) => [html, failureSummary]),
      ])
      expect.soft(told, `${name}, ${width} px, ${colorScheme}`).toEqual([])
    }
  }
  await page.setViewportSize({ width: 390, height: 844 })
}

/** Bars that stay in place cover what scrolls behind them, which makes no target smaller: while axe looks they scroll, too. */
const unpin = (page: Page, loose: boolean): Promise<void> =>
  page.evaluate((loose) => {
    for (const bar of document.querySelectorAll<HTMLElement>('header, nav'))
      if (!loose) bar.style.removeProperty('position')
      else if (/fixed|sticky/.test(getComputedStyle(bar).position)) bar.style.position = 'static'
  }, loose)
