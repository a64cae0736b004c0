import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { ensureDependencies, root, runTool, say } from './setup.mjs'

/** A file of fewer bytes fits one network packet either way. */
const SMALLEST_COMPRESSED = 1024
/** Above this Brotli's best level takes seconds a file and gains a few percent. In bytes. */
const LARGEST_AT_BEST_LEVEL = 512 * 1024

const compressible = /\.(html|js|mjs|css|svg|json|webmanifest|wasm|txt|map)$/
const appFolder = join(root, 'dist/app')
const manifestFile = join(root, 'dist/manifest.json')

const buildApp = async () => {
  const { build } = await import('vite')
  await build({ root, logLevel: 'warn', build: { outDir: appFolder, emptyOutDir: true, manifest: true } })
  renameSync(join(appFolder, '.vite/manifest.json'), manifestFile)
  rmSync(join(appFolder, '.vite'), { recursive: true })
}

/** The server sends these as they are and never compresses by itself. */
const compressApp = async () => {
  const files = readdirSync(appFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && compressible.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
  const sizes = await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(file)
      if (bytes.length < SMALLEST_COMPRESSED) return 0
      const quality = bytes.length > LARGEST_AT_BEST_LEVEL ? 9 : constants.BROTLI_MAX_QUALITY
      const [br, gz] = await Promise.all([
        promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }),
        promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }),
      ])
      await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)])
      return 1
    }),
  )
  console.log(`${sizes.filter(Boolean).length} of ${files.length} files compressed beside the original`)
}

ensureDependencies()
process.chdir(root)
const { bundleForNode } = await import('./bundle.mjs')
rmSync(join(root, 'dist/cli'), { recursive: true, force: true })
mkdirSync(join(root, 'dist'), { recursive: true })
say(`Building the app into ${relative(root, appFolder)}`)
await buildApp()
await compressApp()
say('Building the local peer into dist/cli.mjs')
await bundleForNode({ cli: 'packages/peer/src/cli.ts' }, join(root, 'dist'))
say('Sizes, gzip (size-limit)')
process.exit(runTool('size-limit', []))
