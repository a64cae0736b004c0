/** What a person running the program reads, on standard error; standard output carries data (addresses, links). */
export const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

export const answer = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

/** Ends the program with what happened and what to do. */
export const fail = (error: unknown): never => {
  say(`auzolan: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}

/** The last net: what goes wrong in one connection or one answer must not end the program for everyone else. */
export const outliveFaults = (): void => {
  // Whoever read the output may be gone: a closed terminal, the end of a pipe. Saying so would fail again, without end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  process.on('uncaughtException', (error) =>
    say(`Something went wrong, and the peer goes on: ${error.stack ?? error.message}`),
  )
}

/** Runs `stop` once at Ctrl-C or SIGTERM and ends cleanly; a second signal ends at once. */
export const stopOnSignal = (stop: () => Promise<void>): void => {
  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stopping) process.exit(1)
      stopping = true
      say('Stopping.')
      stop().then(() => process.exit(0), fail)
    })
}
