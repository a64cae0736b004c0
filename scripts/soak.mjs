import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureDependencies, root, run, say } from './setup.mjs'

const folder = join(root, '.cache/soak')

ensureDependencies()
process.chdir(root)
say('Building the soak')
rmSync(folder, { recursive: true, force: true })
const { bundleForNode } = await import('./bundle.mjs')
await bundleForNode({ main: join(root, 'test/soak/main.ts') }, folder)
process.exit(run(process.execPath, ['--expose-gc', join(folder, 'main.mjs'), ...process.argv.slice(2)]))
