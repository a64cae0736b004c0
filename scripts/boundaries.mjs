/**
 * Which folder may import what (docs: imports point one way, `src → peer → trust | storage | network → core`, and `src → core`).
 * Siblings never import each other: what one needs from another arrives as a function.
 * @type {Record<string, readonly string[]>}
 */
const mayImport = {
  core: [],
  trust: ['core'],
  storage: ['core'],
  network: ['core'],
  peer: ['core', 'trust', 'storage', 'network'],
  src: ['core', 'peer'],
}

const packages = Object.keys(mayImport).filter((name) => name !== 'src')

/** The one module that imports Automerge, and the one that names the address of its WebAssembly. */
const automergeHome = ['engine', 'memory', 'open-document', 'wasm'].map(
  (name) => `packages/peer/src/documents/${name}.ts`,
)

const automerge = {
  regex: '^@automerge/',
  message: 'Only the engine in packages/peer/src/documents imports Automerge.',
}
const libp2p = {
  regex: '^(libp2p$|@libp2p/|@chainsafe/libp2p-|@multiformats/)',
  message: 'Only packages/network imports libp2p.',
}
const byPath = {
  regex: '(^|/)(packages|src)/|/(core|trust|storage|network|peer)/src/',
  message: 'Import another package by its name.',
}
const anyPackage = { regex: '^[^.]', message: 'core depends on nothing.' }

/** @param {string} name */
const otherPackages = (name) => {
  const forbidden = packages.filter((other) => other !== name && !mayImport[name]?.includes(other))
  return forbidden.length === 0
    ? []
    : [
        {
          regex: `^@auzolan/(${forbidden.join('|')})($|/)`,
          message: `${name} may import ${mayImport[name]?.join(', ') || 'nothing'} only.`,
        },
      ]
}

/**
 * `no-restricted-imports` does not look at `import()`, so the same patterns are given as syntax as well.
 * @param {readonly { regex: string, message: string }[]} patterns
 * @returns {import('eslint').Linter.RulesRecord}
 */
const forbid = (patterns) => ({
  'no-restricted-imports': ['error', { patterns }],
  'no-restricted-syntax': [
    'error',
    ...patterns.map(({ regex, message }) => ({
      selector: `ImportExpression > Literal.source[value=/${regex.replaceAll('/', '\\/')}/]`,
      message,
    })),
  ],
})

/** @param {string} name */
const folder = (name) => (name === 'src' ? 'src' : `packages/${name}/src`)

const tests = ['**/*.test.ts', '**/*.test.svelte.ts']

/** Flat ESLint configurations, one for the sources and one for the tests of each folder. */
export const boundaries = Object.keys(mayImport).flatMap((name) => {
  const everywhere = [byPath, ...otherPackages(name), ...(name === 'network' ? [] : [libp2p])]
  return [
    {
      files: [`${folder(name)}/**`],
      ignores: tests,
      rules: forbid([...everywhere, automerge, ...(name === 'core' ? [anyPackage] : [])]),
    },
    { files: tests.map((pattern) => `${folder(name)}/${pattern}`), rules: forbid(everywhere) },
  ]
})

// The last one wins: the home of Automerge keeps every other rule of its package.
boundaries.push({
  files: automergeHome,
  ignores: [],
  rules: forbid([byPath, ...otherPackages('peer'), libp2p]),
})
