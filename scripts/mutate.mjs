import { ensureDependencies, runTool, say } from './setup.mjs'

/** What decides who may do what: the reducer, the rules, and the gate in front of documents. */
const usual = [
  ...['control-rules', 'control-facts', 'standing', 'view', 'group-state', 'rules', 'decision-rules', 'tally'].map(
    (name) => `packages/trust/src/${name}.ts`,
  ),
  ...['gate', 'preparse'].map((name) => `packages/peer/src/documents/${name}.ts`),
]

const files = process.argv.slice(2)

ensureDependencies()
say(`Mutating ${files.length > 0 ? files.join(', ') : 'the rules and the gate; this takes hours'}`)
process.exit(
  runTool('@stryker-mutator/core#stryker', [
    'run',
    'test/mutation/stryker.config.mjs',
    '--mutate',
    (files.length > 0 ? files : usual).join(','),
  ]),
)
