import { ensureDependencies, runBeside } from './setup.mjs'

/** @typedef {readonly [title: string, tool: string, args: readonly string[]]} Step */
/** @type {Record<string, Step>} */
const steps = {
  lint: ['Lint and import boundaries (eslint)', 'eslint', ['--max-warnings', '0', '.']],
  format: ['Format (prettier)', 'prettier', ['--check', '--log-level', 'warn', '.']],
  packages: ['Types of the packages, each with what it may use alone (tsc)', 'typescript#tsc', ['-b', 'packages/peer']],
  app: [
    'Types of everything, components included (svelte-check)',
    'svelte-check',
    ['--tsconfig', './tsconfig.json', '--fail-on-warnings', '--output', 'human'],
  ],
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !Object.hasOwn(steps, name))
if (unknown.length > 0) {
  console.error(`No such check: ${unknown.join(', ')}. There are: ${Object.keys(steps).join(', ')}.`)
  process.exit(2)
}

ensureDependencies()
const waiting = Object.entries(steps).filter(([name]) => asked.length === 0 || asked.includes(name))
/** @type {string[]} */
const failed = []

/** Takes one step after the other. Two at a time: the longest, lint, beside all others. */
const work = async () => {
  for (let step = waiting.shift(); step; step = waiting.shift()) {
    const [name, [title, tool, args]] = step
    if ((await runBeside(title, tool, args)) !== 0) failed.push(name)
  }
}
await Promise.all([work(), work()])

console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}.`)
process.exit(failed.length === 0 ? 0 : 1)
