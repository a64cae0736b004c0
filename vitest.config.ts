import { svelte } from '@sveltejs/vite-plugin-svelte'
import { svelteTesting } from '@testing-library/svelte/vite'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    watch: false,
    // A property over many cases on a slow, shared machine; a test that hangs still ends.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['packages/**/*.test.ts', 'test/{simulation,compatibility,peer,support}/**/*.test.ts'],
        },
      },
      {
        extends: true,
        plugins: [svelte(), svelteTesting()],
        test: {
          name: 'app',
          environment: 'jsdom',
          include: ['src/**/*.test.ts'],
          setupFiles: ['test/support/dom.ts'],
        },
      },
    ],
  },
})
