/** How the log is written: sentences for people, or one JSON object a line for machines. */
export type LogFormat = 'text' | 'json'

/** What the program ends with. `init` and the service file name them too. */
export const exitCodes = { done: 0, failed: 1, wrongUse: 2, inUse: 3 } as const

/** What a person can do something about: said without a trace, and with its own exit code. */
export class CliFault extends Error {
  readonly code: number
  constructor(message: string, code: number = exitCodes.failed) {
    super(message)
    this.code = code
  }
}

let format: LogFormat = 'text'

export const logAs = (chosen: LogFormat): void => {
  format = chosen
}

/**
 * The log, on standard error; standard output carries data (addresses, links). Never what anybody wrote, and of peers and groups no
 * more than their first letters.
 */
export const say = (
  line: string,
  fields: Readonly<Record<string, string | number>> = {},
  level: 'info' | 'error' = 'info',
): void => {
  const entry = { ts: new Date().toISOString(), level, msg: line, ...fields }
  process.stderr.write(`${format === 'json' ? JSON.stringify(entry) : line}\n`)
}

export const answer = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

/** Ends the program with what happened and what to do. */
export const fail = (error: unknown): never => {
  say(`auzolan: ${error instanceof Error ? error.message : String(error)}`, {}, 'error')
  process.exit(error instanceof CliFault ? error.code : exitCodes.failed)
}

/** The last net: what goes wrong in one connection or one answer must not end the program for everyone else. */
export const outliveFaults = (): void => {
  // Whoever read the output may be gone: a closed terminal, the end of a pipe. Saying so would fail again, without end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  process.on('uncaughtException', (error) =>
    say(`Something went wrong, and the peer goes on: ${error.stack ?? error.message}`, {}, 'error'),
  )
}

/** Runs `stop` once at Ctrl-C or SIGTERM and ends cleanly; a second signal ends at once. */
export const stopOnSignal = (stop: () => Promise<void>): void => {
  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stopping) process.exit(exitCodes.failed)
      stopping = true
      say('Stopping.')
      stop().then(() => process.exit(exitCodes.done), fail)
    })
}
