import { execFile, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Runs before anything is installed, so it stands on Node's own modules alone. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** Oldest Node that Vite 8 runs on, as [major, minor]. */
const oldestNode = /** @type {const} */ ([20, 19])

/**
 * Port of the server of `/test/browser/*.html`: pages for tests of single modules that need a real browser.
 * `PAGES_PORT` names another, so that two checkouts can be tested side by side.
 */
export const pagesPort = Number(process.env.PAGES_PORT ?? 4179)

/** @param {string} text */
export const say = (text) => console.log(`\n▸ ${text}`)

/**
 * Runs a program in the repository with its output on this terminal.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env] added to this process's own
 * @returns {number} its exit code; 1 when it could not start or a signal ended it
 */
export const run = (program, args, env = {}) => {
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    // npm is a .cmd file on Windows, which only a shell starts.
    shell: process.platform === 'win32' && program === 'npm',
  })
  if (error) console.error(`${program}: ${error.message}`)
  return status ?? 1
}

/**
 * Path of the script of a tool installed by npm.
 * @param {string} name as in `node_modules/<name>`, or `<name>#<bin>` when the program is called otherwise
 */
const toolScript = (name) => {
  const [folder = name, bin = name] = name.split('#')
  const from = join(root, 'node_modules', folder)
  const declared = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')).bin
  return join(from, typeof declared === 'string' ? declared : declared[bin])
}

/**
 * Runs a tool installed by npm, with the Node that runs this.
 * @param {string} name see {@link toolScript}
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
export const runTool = (name, args, env) => run(process.execPath, [toolScript(name), ...args], env)

/**
 * Runs a tool beside others and shows what it said in one piece when it has ended.
 * @param {string} title
 * @param {string} name see {@link toolScript}
 * @param {readonly string[]} args
 * @returns {Promise<number>} its exit code; 1 when it could not start or a signal ended it
 */
export const runBeside = (title, name, args) =>
  new Promise((resolve) => {
    execFile(process.execPath, [toolScript(name), ...args], { cwd: root, maxBuffer: 1 << 28 }, (error, out, err) => {
      say(title)
      process.stdout.write(out + err)
      resolve(error === null ? 0 : typeof error.code === 'number' ? error.code : 1)
    })
  })

/** Stops with a plain sentence on a Node too old for the tools. */
export const checkNode = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return
  console.error(`This needs Node ${oldestNode.join('.')} or newer, and this is Node ${process.versions.node}.`)
  console.error('Get a newer one from https://nodejs.org or your package manager, then run the same command again.')
  process.exit(2)
}

/**
 * Whether everything in the lock file is in `node_modules` in that very version. What is optional may be missing: it is for other platforms.
 * Versions are compared, not file times: a checkout or a copy changes times without changing anything.
 */
const isInstalled = () => {
  const installedFile = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(installedFile)) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || entry.devOptional || installed[path]?.version === entry.version,
  )
}

/** Installs exactly what the lock file names, unless it is there already. */
export const ensureDependencies = () => {
  checkNode()
  if (isInstalled()) return
  say('Installing dependencies (npm ci)')
  const code = run('npm', ['ci', '--no-audit', '--no-fund'])
  if (code === 0) return
  console.error('\nnpm could not install the dependencies; its own words are above. Nothing else was changed.')
  process.exit(code)
}

const browserNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

const usualPlaces = () => {
  const { PROGRAMFILES, LOCALAPPDATA } = process.env
  const windows = [PROGRAMFILES, process.env['PROGRAMFILES(X86)'], LOCALAPPDATA].flatMap((base) =>
    base ? [join(base, 'Google/Chrome/Application/chrome.exe'), join(base, 'Chromium/Application/chrome.exe')] : [],
  )
  const mac = ['', homedir()].flatMap((base) => [
    join(base, '/Applications/Chromium.app/Contents/MacOS/Chromium'),
    join(base, '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'),
  ])
  const linux = ['/usr/bin', '/usr/local/bin', '/snap/bin'].flatMap((folder) =>
    browserNames.map((name) => join(folder, name)),
  )
  return { win32: windows, darwin: mac }[/** @type {string} */ (process.platform)] ?? linux
}

/**
 * Ubuntu ships a `chromium-browser` that only says where to get one, so a found file has to say its version.
 * @param {string} file
 */
const isBrowser = (file) => {
  if (!existsSync(file)) return false
  if (process.platform === 'win32') return true
  const { status, stdout } = spawnSync(file, ['--version'], { encoding: 'utf8', timeout: 20_000 })
  return status === 0 && /chrom/i.test(stdout)
}

/** Path of a Chromium or Chrome: the one `CHROMIUM` names, else on PATH, else in the usual places. */
export const findBrowser = () => {
  if (process.env.CHROMIUM) return existsSync(process.env.CHROMIUM) ? process.env.CHROMIUM : undefined
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => (folder ? browserNames.map((name) => join(folder, name)) : []))
  return [...onPath, ...usualPlaces()].find(isBrowser)
}

const mayInstallBrowser = () =>
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  existsSync('/etc/os-release') &&
  /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'))

/**
 * Path of a browser for the tests, also put into `CHROMIUM` for the programs started from here. Installs Debian's when allowed to,
 * otherwise says what to do and exits with 2.
 */
export const ensureBrowser = () => {
  const found = findBrowser() ?? installBrowser()
  if (found) {
    process.env.CHROMIUM = found
    return found
  }
  console.error(
    process.env.CHROMIUM
      ? `CHROMIUM names ${process.env.CHROMIUM}, and there is no such file.`
      : [
          'The tests need Chromium or Google Chrome, and none was found.',
          '  Debian, Ubuntu:  sudo apt-get install chromium',
          '  Fedora:          sudo dnf install chromium',
          '  macOS:           brew install --cask chromium',
          '  Windows:         winget install Google.Chrome',
          'If you have one elsewhere, name it: CHROMIUM=/path/to/chrome npm test',
        ].join('\n'),
  )
  process.exit(2)
}

const installBrowser = () => {
  if (process.env.CHROMIUM || !mayInstallBrowser()) return undefined
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  say('No Chromium found: installing it (apt-get update; apt-get install chromium)')
  run('apt-get', ['update'], env)
  run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], env)
  return findBrowser()
}
