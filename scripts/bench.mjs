import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBrowser, ensureDependencies, root, run, say } from './setup.mjs'

const folder = join(root, '.cache/bench')
const source = join(root, 'test/bench')

ensureDependencies()
ensureBrowser()
process.chdir(root)
const fault = run(process.execPath, [join(root, 'scripts/build.mjs')])
if (fault) process.exit(fault)
say('Building the benchmarks')
rmSync(folder, { recursive: true, force: true })
const { build } = await import('vite')
const { bundleForNode } = await import('./bundle.mjs')
await bundleForNode({ main: join(source, 'main.ts'), replica: join(source, 'replica.ts') }, folder)
await build({
  root: join(source, 'pages'),
  configFile: join(source, 'pages/vite.config.ts'),
  logLevel: 'error',
  worker: { format: 'es' },
  build: {
    outDir: join(folder, 'pages'),
    emptyOutDir: true,
    target: 'esnext',
    chunkSizeWarningLimit: 100_000,
    rolldownOptions: { input: ['index', 'reaching'].map((name) => join(source, `pages/${name}.html`)) },
  },
})
say('Running')
process.exit(run(process.execPath, [join(folder, 'main.mjs'), ...process.argv.slice(2)]))
