import { access, constants, mkdir, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { openLevelStore } from '@auzolan/storage/node'
import { countGroups, openHome } from './home.ts'
import { answer, exitCodes } from './say.ts'
import { appServer } from './serve.ts'

interface Finding {
  readonly what: string
  readonly ok: boolean
  readonly detail: string
}

/** As in package.json: what the network needs. */
const LEAST_NODE = [20, 19] as const
/** Less free room than this is soon full, in bytes. */
const LEAST_ROOM = 256 * 1024 * 1024
/** A clock before this was never set, in milliseconds: no release is older. */
const LEAST_CLOCK = Date.UTC(2026, 0, 1)

/** Looks whether this machine can do what is asked of it, and says what to do where not. Changes nothing but makes the folder. */
export const doctor = async ({
  dataDir,
  host,
  port,
  json = false,
}: {
  readonly dataDir: string
  readonly host: string
  readonly port: number
  readonly json?: boolean
}): Promise<void> => {
  const findings = [
    nodeVersion(),
    clock(),
    await tried('folder', () => folder(dataDir)),
    await tried('data', () => data(dataDir)),
    await tried('app', () => Promise.resolve(appBuilt())),
    await tried('port', () => portFree(host, port)),
    addresses(),
  ]
  if (json) answer(JSON.stringify(findings))
  else for (const { what, ok, detail } of findings) answer(`${ok ? 'ok  ' : 'BAD '} ${what}: ${detail}`)
  process.exitCode = findings.every(({ ok }) => ok) ? exitCodes.done : exitCodes.failed
}

const tried = async (what: string, look: () => Promise<string>): Promise<Finding> => {
  try {
    return { what, ok: true, detail: await look() }
  } catch (error) {
    return { what, ok: false, detail: error instanceof Error ? error.message : String(error) }
  }
}

const nodeVersion = (): Finding => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [leastMajor, leastMinor] = LEAST_NODE
  const ok = major > leastMajor || (major === leastMajor && minor >= leastMinor)
  return {
    what: 'node',
    ok,
    detail: ok ? process.versions.node : `${process.versions.node}; ${LEAST_NODE.join('.')} or newer is needed`,
  }
}

const clock = (): Finding => {
  const now = new Date()
  const ok = now.getTime() >= LEAST_CLOCK
  return {
    what: 'clock',
    ok,
    detail: ok ? now.toISOString() : `${now.toISOString()}; set it, or what is kept goes too late or too early`,
  }
}

const folder = async (dataDir: string): Promise<string> => {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await access(dataDir, constants.W_OK)
  const { bavail, bsize } = await statfs(dataDir)
  const free = bavail * bsize
  if (free < LEAST_ROOM) throw new Error(`${dataDir} has only ${Math.round(free / 1e6)} MB left`)
  return `${dataDir}, ${Math.round(free / 1e9)} GB free`
}

const data = async (dataDir: string): Promise<string> => {
  const home = await openHome(dataDir)
  try {
    const groups = await countGroups(home)
    const keeper = await openLevelStore(join(dataDir, 'keeper'))
    const shelves = await keeper.range({ prefix: ['shelf'] })
    await keeper.close()
    return `readable; ${groups} groups, keeps for ${shelves.length}`
  } finally {
    await home.secrets.close()
  }
}

const appBuilt = (): string => {
  appServer()
  return 'built'
}

const portFree = (host: string, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(error.code === 'EADDRINUSE' ? `${port} is taken; choose another with --port` : error.message)),
    )
    server.listen(port, host, () => server.close(() => resolve(`${host}:${port} is free`)))
  })

const addresses = (): Finding => {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  const outside = all.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address)
  return {
    what: 'network',
    ok: true,
    detail: outside.length > 0 ? outside.join(', ') : 'no other device can reach this machine now',
  }
}
