import { readFileSync } from 'node:fs'

/**
 * Budgets in gzip: the first paint on a phone over slow mobile data in about a second, a place opened in about another.
 * What the first paint needs is whatever the page's entry imports statically, as the build's own manifest says.
 */
const budgets = { firstPaintScript: '70 kB', firstPaintStyle: '14 kB', route: '90 kB', words: '20 kB' }

/** @typedef {{ file: string, src?: string, isEntry?: boolean, isDynamicEntry?: boolean, imports?: string[], css?: string[] }} Chunk */

/** @type {Record<string, Chunk>} */
const manifest = JSON.parse(readFileSync(new URL('dist/manifest.json', import.meta.url), 'utf8'))

/**
 * @param {string} key
 * @param {Set<string>} seen
 */
const withStaticImports = (key, seen = new Set()) => {
  if (seen.has(key)) return seen
  seen.add(key)
  for (const inner of manifest[key]?.imports ?? []) withStaticImports(inner, seen)
  return seen
}

/** @param {Iterable<string>} keys */
const scripts = (keys) => [...keys].flatMap((key) => manifest[key]?.file ?? []).filter((file) => file.endsWith('.js'))

/** @param {Iterable<string>} keys */
const styles = (keys) => [...keys].flatMap((key) => manifest[key]?.css ?? [])

/** @param {string[]} files */
const built = (files) => [...new Set(files)].map((file) => `dist/app/${file}`)

const first = withStaticImports('index.html')

const routes = Object.entries(manifest)
  .filter(([key, chunk]) => chunk.isDynamicEntry && key.startsWith('src/views/'))
  .map(([key]) => ({
    name: `place: ${key}`,
    path: built(scripts([...withStaticImports(key)].filter((inner) => !first.has(inner)))),
    limit: budgets.route,
    gzip: true,
  }))

/** What a language brings before the first paint, and what each place brings with it. */
const words = Object.entries(manifest)
  .filter(([key]) => key.startsWith('src/words/locales/'))
  .map(([key]) => ({
    name: `words: ${key}`,
    path: built(scripts([...withStaticImports(key)].filter((inner) => !first.has(inner)))),
    limit: budgets.words,
    gzip: true,
  }))

export default [
  { name: 'first paint: scripts', path: built(scripts(first)), limit: budgets.firstPaintScript, gzip: true },
  { name: 'first paint: styles', path: built(styles(first)), limit: budgets.firstPaintStyle, gzip: true },
  ...routes,
  ...words,
]
