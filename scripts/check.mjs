import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureDependencies, root, runTool, say } from './setup.mjs'

const packages = readdirSync(join(root, 'packages')).sort()

/** @type {Record<string, readonly [title: string, step: () => number]>} */
const steps = {
  format: ['Format (prettier)', () => runTool('prettier', ['--check', '--log-level', 'warn', '.'])],
  lint: ['Lint and import boundaries (eslint)', () => runTool('eslint', ['--max-warnings', '0', '.'])],
  ...Object.fromEntries(
    packages.map((name) => {
      /** @type {readonly [string, () => number]} */
      const step = [`Types of packages/${name} (tsc)`, () => runTool('typescript#tsc', ['-p', `packages/${name}`])]
      return [name, step]
    }),
  ),
  types: ['Types of the app, tests and scripts (tsc)', () => runTool('typescript#tsc', ['-p', '.'])],
  svelte: [
    'Components (svelte-check)',
    () => runTool('svelte-check', ['--tsconfig', './tsconfig.json', '--fail-on-warnings', '--output', 'human']),
  ],
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(steps, name))
if (unknown.length > 0) {
  console.error(`No such check: ${unknown.join(', ')}. There are: ${Object.keys(steps).join(', ')}.`)
  process.exit(2)
}

ensureDependencies()
const failed = Object.entries(steps)
  .filter(([name]) => wanted.length === 0 || wanted.includes(name))
  .filter(([, [title, step]]) => {
    say(title)
    return step() !== 0
  })
  .map(([name]) => name)

console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}.`)
process.exit(failed.length === 0 ? 0 : 1)
