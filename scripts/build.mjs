import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
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

/** Dependencies that npm keeps inside a package: `dist/cli.mjs` would find another version of them, or none. */
const nested = () =>
  readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name, 'node_modules'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder).flatMap((name) =>
        name.startsWith('@') ? readdirSync(join(folder, name)).map((inner) => `${name}/${inner}`) : [name],
      ),
    )
    .filter((name) => !name.startsWith('.'))

/**
 * Our own sources become one file. Packages from npm stay where they are: native ones (classic-level) and those that read a wasm file
 * beside themselves (Automerge) break when moved.
 */
const buildCli = async () => {
  const { build } = await import('vite')
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: [/^@auzolan\//, ...nested()] },
    build: {
      ssr: 'packages/peer/src/cli.ts',
      outDir: 'dist',
      emptyOutDir: false,
      target: 'node20',
      sourcemap: true,
      rolldownOptions: { output: { entryFileNames: 'cli.mjs', chunkFileNames: 'cli/[name]-[hash].mjs' } },
    },
  })
}

ensureDependencies()
process.chdir(root)
mkdirSync(join(root, 'dist'), { recursive: true })
say(`Building the app into ${relative(root, appFolder)}`)
await buildApp()
await compressApp()
say('Building the local peer into dist/cli.mjs')
await buildCli()
say('Sizes, gzip (size-limit)')
process.exit(runTool('size-limit', []))
