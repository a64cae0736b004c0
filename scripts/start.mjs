import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ensureDependencies, root, run, say } from './setup.mjs'

const args = process.argv.slice(2)

if (args.includes('--help') || args.includes('-h')) {
  console.log(`Starts Auzolan on this computer and prints the address to open.

  npm start                      on the usual port
  npm start -- --port 8080       on a port of your choice

Installs dependencies and builds first where that is needed. Every option is handed to the local peer;
once built, \`node dist/cli.mjs run --help\` lists them all. Ctrl-C stops it.`)
  process.exit(0)
}

const cli = join(root, 'dist/cli.mjs')
const outputs = [cli, join(root, 'dist/app/index.html')]
const sources = ['src', 'public', 'index.html', 'vite.config.ts', 'package-lock.json'].concat(
  readdirSync(join(root, 'packages')).map((name) => `packages/${name}/src`),
)

/** @param {string} path */
const newestIn = (path) =>
  statSync(path).isFile()
    ? statSync(path).mtimeMs
    : readdirSync(path, { recursive: true, encoding: 'utf8' }).reduce(
        (newest, name) => Math.max(newest, statSync(join(path, name)).mtimeMs),
        0,
      )

const isBuilt = () => {
  if (!outputs.every((file) => existsSync(file))) return false
  const oldestOutput = Math.min(...outputs.map((file) => statSync(file).mtimeMs))
  return sources
    .map((path) => join(root, path))
    .filter((path) => existsSync(path))
    .every((path) => newestIn(path) <= oldestOutput)
}

ensureDependencies()
if (!isBuilt()) {
  say('Building (once, and again after a change)')
  const code = run(process.execPath, [join(root, 'scripts/build.mjs')])
  if (code !== 0) process.exit(code)
}

// npm runs this through a shell, which ends at SIGTERM without handing it on: whoever stops npm stops this.
if (process.env['npm_lifecycle_event'] === 'start') {
  const shell = process.ppid
  const look = setInterval(() => {
    if (process.ppid === shell) return
    clearInterval(look)
    process.kill(process.pid, 'SIGTERM')
  }, 500)
  look.unref()
}

// In this very process, so that Ctrl-C, SIGTERM and the exit code need no go-between.
process.argv = [process.execPath, cli, 'run', ...args]
await import(new URL('../dist/cli.mjs', import.meta.url).href)
