import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { root } from './setup.mjs'

/** Dependencies that npm keeps inside a package: a bundle elsewhere would find another version of them, or none. */
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
 * Makes programs for Node of our own TypeScript. Packages from npm stay where they are: native ones (classic-level) and those that
 * read a wasm file beside themselves (Automerge) break when moved.
 * @param {Record<string, string>} entries source file by the name of the program, which becomes `<name>.mjs`
 * @param {string} folder
 */
export const bundleForNode = async (entries, folder) => {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: [/^@auzolan\//, ...nested()] },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      sourcemap: true,
      ssr: true,
      rolldownOptions: {
        input: entries,
        output: { entryFileNames: '[name].mjs', chunkFileNames: `${Object.keys(entries)[0]}/[name]-[hash].mjs` },
      },
    },
  })
}
