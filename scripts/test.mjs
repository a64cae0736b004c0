import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBrowser, ensureDependencies, root, run, runTool, say } from './setup.mjs'

const results = join(root, '.cache/results')
const unitResults = join(results, 'unit.json')
const browserResults = join(results, 'browser.json')

/** @param {string} script */
const runScript = (script) => run(process.execPath, [join(root, 'scripts', script)])

/** @type {Record<string, () => number>} */
const sections = {
  check: () => {
    say('Checks: format, lint, types, components')
    return runScript('check.mjs')
  },
  unit: () => {
    say('Tests of units, simulation, compatibility (vitest)')
    return runTool('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${unitResults}`])
  },
  build: () => {
    say('Build')
    return runScript('build.mjs')
  },
  browser: () => {
    say('Tests in the browser (Playwright)')
    return runTool('@playwright/test#playwright', ['test'])
  },
}

/** What each word after `npm test --` runs, in this order. */
const plans = {
  all: ['check', 'unit', 'build', 'browser'],
  check: ['check'],
  unit: ['unit'],
  browser: ['build', 'browser'],
}

/** @param {string} file */
const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined)

const count = () => {
  const unit = read(unitResults)
  const browser = read(browserResults)?.stats
  return {
    passed: (unit?.numPassedTests ?? 0) + (browser?.expected ?? 0),
    failed: (unit?.numFailedTests ?? 0) + (browser?.unexpected ?? 0) + (browser?.flaky ?? 0),
  }
}

const wanted = process.argv[2] ?? 'all'
if (!Object.hasOwn(plans, wanted)) {
  console.error(`No such part: ${wanted}. There are: ${Object.keys(plans).join(', ')}.`)
  process.exit(2)
}
const plan = plans[/** @type {keyof typeof plans} */ (wanted)]

ensureDependencies()
if (plan.includes('browser')) ensureBrowser()
rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })

const faulty = plan.find((name) => sections[name]?.() !== 0)
const { passed, failed } = count()
// A section can fail outside any test (a type error, a build, a file that does not load): the total must not read as a success.
const shown = faulty !== undefined && failed === 0 ? 1 : failed
say(faulty === undefined ? 'Everything passed' : `Stopped at: ${faulty}`)
console.log(`${passed} passed, ${shown} failed`)
process.exit(faulty === undefined ? 0 : 1)
