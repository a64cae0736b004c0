import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Answer, Command } from './replica.ts'

/** A command that takes longer is given up: the subject gets no figure instead of holding everyone up. In milliseconds. */
const patience = 120_000
/** For what is not measured: some subjects sign and store tens of thousands of entries. In milliseconds. */
const preparing = 600_000

/** One replica in a process of its own. */
export class ReplicaProcess {
  readonly #child: ChildProcess
  #seen: ((at: number) => void) | undefined

  constructor(subject: string) {
    const file = fileURLToPath(new URL('replica.mjs', import.meta.url))
    this.#child = fork(file, [subject], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] })
    this.#child.on('message', (message: { seen?: number }) => {
      if (message.seen !== undefined) this.#seen?.(message.seen)
    })
  }

  ask(command: Command): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const child = this.#child
      const said: string[] = []
      const hear = (message: { answer?: Answer; fault?: string }) => {
        if (message.answer) settle(() => resolve(message.answer as Answer))
        else if (message.fault) settle(() => reject(new Error(message.fault)))
      }
      const complain = (chunk: Buffer) => void said.push(chunk.toString())
      const leave = () => settle(() => reject(new Error(`ended during ${command.do}: ${said.join('').slice(-2000)}`)))
      const limit = ['seed', 'edit', 'say', 'fork', 'family', 'trust'].includes(command.do) ? preparing : patience
      const timer = setTimeout(() => settle(() => reject(new Error(`${command.do} took over ${limit} ms`))), limit)
      const settle = (act: () => void) => {
        clearTimeout(timer)
        child.off('message', hear)
        child.off('exit', leave)
        child.stderr?.off('data', complain)
        act()
      }
      child.on('message', hear)
      child.on('exit', leave)
      child.stderr?.on('data', complain)
      child.send(command)
    })
  }

  /** Resolves with the time at which the title of `ping` was seen. Begins looking at once; ask for `watch` next. */
  seen(): Promise<number> {
    return new Promise((resolve) => (this.#seen = resolve))
  }

  end(): void {
    this.#child.kill('SIGKILL')
  }
}

/** Runs `work` with a new process per name and ends them all. */
export const withReplicas = async <T>(
  subject: string,
  work: (start: () => ReplicaProcess) => Promise<T>,
): Promise<T> => {
  const started: ReplicaProcess[] = []
  try {
    return await work(() => {
      const replica = new ReplicaProcess(subject)
      started.push(replica)
      return replica
    })
  } finally {
    for (const replica of started) replica.end()
  }
}
