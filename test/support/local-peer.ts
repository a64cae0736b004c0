import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const cli = new URL('../../dist/cli.mjs', import.meta.url).pathname

/** A local peer as a person runs it: the built program in a process of its own. */
export interface LocalPeer {
  /** `http://localhost:<port>`, as it printed it. */
  readonly address: string
  /** Everything it printed so far, for a failing test to show. */
  readonly output: () => string
  /** Ctrl-C, as a service manager sends it. Answers the exit code; its data stays for `startLocalPeer({ folder })`. */
  stop(): Promise<number | null>
  /** Cuts it off without a word, as a power cut does. */
  kill(): Promise<void>
  /** Where it keeps its data. */
  readonly folder: string
  /** Stops it and removes its data. */
  remove(): Promise<void>
}

export interface LocalPeerOptions {
  /** Data of an earlier run. Default: a new empty folder. */
  readonly folder?: string
  /** 0, the default: any free one. */
  readonly port?: number
  readonly args?: readonly string[]
}

/** Resolves once the address is printed; rejects with everything printed when the program ends before. */
export const startLocalPeer = async (options: LocalPeerOptions = {}): Promise<LocalPeer> => {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'auzolan-test-')))
  const args = [cli, 'run', '--port', String(options.port ?? 0), '--data-dir', folder, ...(options.args ?? [])]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit') as Promise<[number | null]>
  const lines: string[] = []
  const address = await new Promise<string>((resolve, reject) => {
    const take = (line: string) => {
      lines.push(line)
      const found = /http:\/\/localhost:\d+/.exec(line)?.[0]
      if (found) resolve(found)
    }
    createInterface(child.stdout).on('line', take)
    createInterface(child.stderr).on('line', take)
    child.once('error', reject)
    child.once('exit', (code) =>
      reject(new Error(`The local peer ended with ${code} and no address.\n${lines.join('\n')}`)),
    )
  })

  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    const [code] = await exited
    return code
  }
  return {
    address,
    folder,
    output: () => lines.join('\n'),
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
    remove: async () => {
      await end('SIGTERM')
      await rm(folder, { recursive: true, force: true })
    },
  }
}
