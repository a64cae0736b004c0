import { svelte } from '@sveltejs/vite-plugin-svelte'
import { svelteTesting } from '@testing-library/svelte/vite'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    watch: false,
    // Vitest itself leaves one core to itself, which is half of a small machine and does little.
    maxWorkers: '100%',
    // Half a minute is what a property over many cases takes on two cores beside other work; a slower machine has time, and what hangs ends.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          setupFiles: ['test/support/laws.ts'],
          include: ['packages/**/*.test.ts', 'test/{simulation,compatibility,peer,support,fuzz}/**/*.test.ts'],
        },
      },
      {
        extends: true,
        plugins: [svelte(), svelteTesting()],
        test: {
          name: 'app',
          environment: 'jsdom',
          include: ['src/**/*.test.ts'],
          setupFiles: ['test/support/laws.ts', 'test/support/dom.ts'],
        },
      },
    ],
  },
})
