import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'

const root = new URL('../..', import.meta.url).pathname
const tests = ['packages', 'test'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(test|spec)\.ts$|contract\.ts$/.test(path) && !path.includes('node_modules'))
    .map((path) => join(root, folder, path)),
)

/** Rows of the table: what is tried, and the tests that show what comes of it, as `file` and the beginning of the test's name. */
const rows = readFileSync(join(root, 'docs/security.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| .*`[\w-]+`/.test(line))
  .map((line) => line.split('|').slice(-3, -1))

test('what is said to be shown is shown by a test of that name', () => {
  expect(rows.length).toBeGreaterThan(50)
  const missing = rows.flatMap(([what = '', shown = '']) =>
    shown.split(';').flatMap((one) => {
      const [, file, name = ''] = /^ *`([\w-]+)` (.+?) *$/.exec(one) ?? []
      const sources = tests
        .filter((path) => basename(path).split('.')[0] === file)
        .map((path) => readFileSync(path, 'utf8'))
      return sources.some((source) => [`'${name}`, `"${name}`].some((begun) => source.includes(begun))) && name !== ''
        ? []
        : [`${what.trim()}:${one}`]
    }),
  )
  expect(missing).toEqual([])
})
