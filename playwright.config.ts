import { defineConfig } from '@playwright/test'
import { findBrowser, pagesPort } from './scripts/setup.mjs'

const executablePath = findBrowser()

/** Runs on a Chromium of this machine; nothing is downloaded. */
export default defineConfig({
  testDir: 'test/browser',
  testMatch: '**/*.spec.ts',
  outputDir: '.cache/playwright',
  fullyParallel: false,
  // Two of a story's browsers wait most of the time: two stories beside each other take little more than half as long on two cores.
  workers: 2,
  retries: 0,
  // A story takes half a minute alone on two cores, and five times that beside other work. Whatever hangs ends sooner: each wait has a limit.
  timeout: 300_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: '.cache/results/browser.json' }]],
  use: {
    baseURL: `http://localhost:${pagesPort}`,
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        '--no-sandbox',
        '--disable-dev-shm-usage',
        '--disable-background-networking',
        '--disable-component-update',
        // Two browsers on one machine without a network must reach each other by address, not by an mDNS name nobody answers.
        '--disable-features=WebRtcHideLocalIpsWithMdns,OptimizationHints,MediaRouter',
      ],
    },
    serviceWorkers: 'allow',
    trace: 'off',
  },
  webServer: {
    command: 'node scripts/pages.mjs',
    url: `http://localhost:${pagesPort}/`,
    reuseExistingServer: false,
    timeout: 60_000,
  },
})
