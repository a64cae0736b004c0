import { defineConfig } from 'vitest/config'

/** The tests that may kill a mutant: those beside the rules and beside the gate. Fewer worlds: each mutant runs them. */
export default defineConfig({
  test: {
    watch: false,
    environment: 'node',
    include: ['packages/trust/src/**/*.test.ts', 'packages/peer/src/documents/**/*.test.ts'],
    env: { TRUST_WORLDS: process.env['TRUST_WORLDS'] ?? '20', TRUST_SEED: '20261122' },
    testTimeout: 60_000,
  },
})
