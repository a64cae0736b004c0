import { defineConfig } from 'vitest/config'

/** Beside the rules, and beside the gate. */
const tests = [
  'packages/trust/src/{tally,rules,control-rules,group-state,decision-rules,standing,recovery,decisions,view,membership,seals,sortition,epoch,vouching,control-log,control-worlds}.test.ts',
  'packages/peer/src/documents/{preparse,members}.test.ts',
  'test/simulation/sentences.test.ts',
]

/** The tests that may kill a mutant. Fewer worlds than usual: each mutant that survives runs them. */
export default defineConfig({
  test: {
    watch: false,
    environment: 'node',
    include: tests,
    env: { TRUST_WORLDS: process.env['TRUST_WORLDS'] ?? '8' },
    setupFiles: ['test/support/laws.ts'],
    testTimeout: 60_000,
  },
})
