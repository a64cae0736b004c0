import { Command, InvalidArgumentError } from 'commander'
import { run } from './cli/run.ts'
import { sample } from './cli/sample.ts'
import { fail } from './cli/say.ts'
import { verify } from './cli/verify.ts'

/** The headless peer. Exit codes: 0 done, 1 failed, 2 wrong use. */
const program = new Command('auzolan')
  .description('Groups start and run initiatives together, without asking a platform for permission.')
  .version('0.1.0')
  .configureOutput({ outputError: (text, write) => write(text) })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))

const port = (text: string): number => {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0 || number > 65_535)
    throw new InvalidArgumentError('a port is a number from 0 (any free one) to 65535')
  return number
}

const listening = (command: Command): Command =>
  command
    .option('--port <number>', 'port of the app and of WebSocket connections; 0: any free one', port, envPort(4400))
    .option(
      '--host <address>',
      'IP address to listen on; 0.0.0.0 lets other devices on your network in',
      process.env['AUZOLAN_HOST'] ?? '127.0.0.1',
    )
    .option('--tcp-port <number>', 'port for other local peers; 0: any free one', port, 0)
    .option('--data-dir <folder>', "where to keep this machine's key and data", defaultFolder())

const envPort = (standard: number): number =>
  process.env['AUZOLAN_PORT'] ? port(process.env['AUZOLAN_PORT']) : standard

const defaultFolder = (): string => {
  const base =
    process.env['XDG_DATA_HOME'] ?? `${process.env['HOME'] ?? process.env['USERPROFILE'] ?? '.'}/.local/share`
  return process.env['AUZOLAN_DATA_DIR'] ?? `${base}/auzolan`
}

listening(
  program
    .command('run')
    .description('Serve the app on this machine and introduce browsers to each other. Keeps nothing of any group.'),
).action(run)

listening(
  program
    .command('sample')
    .description('Be a member of a made-up group with a year of its life, and print a link to join it.')
    .argument('<name>', 'repair-cafe'),
)
  .option('--size <size>', 'S: 38 people and 8,000 entries; M: 45,000; L: 190,000', 'S')
  .action(sample)

program
  .command('verify')
  .description(
    'Say what the file of a decision proves, and what it does not. Needs no group and no network. Exit code 1: not proven.',
  )
  .argument('<file>')
  .option('--json', 'the same as data')
  .action(verify)

program.parseAsync().catch(fail)
