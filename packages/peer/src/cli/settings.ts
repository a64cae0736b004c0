import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { CliFault, exitCodes } from './say.ts'

type Environment = Readonly<Record<string, string | undefined>>

const home = (env: Environment): string => env['HOME'] ?? env['USERPROFILE'] ?? '.'

/** XDG Base Directory Specification 0.8. */
const dataFolder = (env: Environment): string =>
  join(env['XDG_DATA_HOME'] ?? join(home(env), '.local/share'), 'auzolan')
export const configFile = (env: Environment): string =>
  env['AUZOLAN_CONFIG'] ?? join(env['XDG_CONFIG_HOME'] ?? join(home(env), '.config'), 'auzolan/config.json')

const port = (text: string): number => {
  const number = Number(text)
  if (text.trim() === '' || !Number.isInteger(number) || number < 0 || number > 65_535)
    throw new InvalidArgumentError('a port is a number from 0 (any free one) to 65535')
  return number
}

const dataDir = (env: Environment): Option =>
  new Option('--data-dir <folder>', "where to keep this machine's key and data")
    .env('AUZOLAN_DATA_DIR')
    .default(dataFolder(env))
const json = (): Option => new Option('--json', 'answers as data, one JSON value').env('AUZOLAN_JSON')
const log = (): Option =>
  new Option('--log <format>', 'how to write what happens').choices(['text', 'json']).env('AUZOLAN_LOG').default('text')

/** Options of every command that touches this machine's data. */
export const withData = (command: Command, env: Environment = process.env): Command =>
  command.addOption(dataDir(env)).addOption(json()).addOption(log())

/** Options of what listens for others. */
export const listening = (command: Command, env: Environment = process.env): Command =>
  withData(command, env)
    .addOption(
      new Option('--port <number>', 'port of the app and of WebSocket connections; 0: any free one')
        .argParser(port)
        .env('AUZOLAN_PORT')
        .default(4400),
    )
    .addOption(
      new Option('--host <address>', 'IP address to listen on; 0.0.0.0 lets other devices on your network in')
        .env('AUZOLAN_HOST')
        .default('127.0.0.1'),
    )
    .addOption(
      new Option('--tcp-port <number>', 'port for other local peers; 0: any free one')
        .argParser(port)
        .env('AUZOLAN_TCP_PORT')
        .default(0),
    )

/**
 * Fills in from the file what neither a flag nor the environment said. The file is one JSON object; its keys are the long names of the
 * options. What it names and no command has is refused, so that a slip does not stay unseen.
 */
export const readConfig = (command: Command, env: Environment = process.env): void => {
  const file = configFile(env)
  if (!existsSync(file)) return
  const wrong = (what: string): never => {
    throw new CliFault(`${file}: ${what}`, exitCodes.wrongUse)
  }
  let read: unknown
  try {
    read = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return wrong('this is not JSON.')
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return wrong('this is not one JSON object.')
  for (const [name, value] of Object.entries(read)) {
    if (!configNames.has(name)) return wrong(`there is no setting called "${name}".`)
    if (typeof value !== 'string' && typeof value !== 'number') return wrong(`"${name}" is a text or a number.`)
    const option = command.options.find(({ long }) => long === `--${name}`)
    if (!option || !['default', undefined].includes(command.getOptionValueSource(option.attributeName()))) continue
    try {
      const parsed: unknown = option.parseArg ? option.parseArg(String(value), undefined) : String(value)
      command.setOptionValueWithSource(option.attributeName(), parsed, 'config')
    } catch (error) {
      return wrong(`"${name}": ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}
const configNames: ReadonlySet<string> = new Set(['data-dir', 'log', 'port', 'host', 'tcp-port', 'keep'])
