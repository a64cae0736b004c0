/**
 * Mutation runs: each change of a rule has to make some test fail. `npm run mutate -- FILE …`; scores and what survived on purpose:
 * `docs/decisions/0017-proof-of-trust.md`.
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: true },
  coverageAnalysis: 'perTest',
  // What a person reads in a fault may be said otherwise; what is decided may not.
  mutator: { excludedMutations: ['StringLiteral'] },
  ignorePatterns: ['dist', '.cache', 'test-results', 'playwright-report', 'docs', 'public'],
  tempDirName: '.cache/stryker',
  reporters: ['clear-text', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: true },
  jsonReporter: { fileName: '.cache/mutation.json' },
  concurrency: 1,
  timeoutMS: 20_000,
  allowConsoleColors: false,
}
