import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import { backup, restore } from './cli/backup.ts'
import { completion, shells } from './cli/completion.ts'
import { doctor } from './cli/doctor.ts'
import { exportGroup } from './cli/export.ts'
import { adopt, bringFile, bringIn, diff, fork, offer } from './cli/family.ts'
import { keep } from './cli/keep.ts'
import { init, invite, join, status } from './cli/member.ts'
import { run } from './cli/run.ts'
import { sample } from './cli/sample.ts'
import { exitCodes, fail, logAs, type LogFormat } from './cli/say.ts'
import { listening, readConfig, withData } from './cli/settings.ts'
import { verify } from './cli/verify.ts'

/** The headless peer. Exit codes: 0 done, 1 failed, 2 wrong use, 3 the data is in use by another one. */
const program = new Command('auzolan')
  .description('Groups start and run initiatives together, without asking a platform for permission.')
  .version('0.1.0')
  .configureOutput({ outputError: (text, write) => write(text) })
  .addHelpText(
    'after',
    `
Flags go before the environment (AUZOLAN_PORT for --port), and that before the file
~/.config/auzolan/config.json. Answers go to standard output, everything else to standard error.
Exit codes: 0 done, 1 failed, 2 wrong use, 3 the data folder is in use by another one.`,
  )
  .hook('preAction', (_, command) => {
    readConfig(command)
    logAs(command.opts<{ log?: LogFormat }>().log ?? 'text')
  })

const count = (text: string): number => {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('this is a whole number from 1')
  return number
}

/** Wrong use has one exit code, in every command. */
const command = (name: string, description: string): Command =>
  program
    .command(name)
    .description(description)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUse))

listening(
  command(
    'run',
    'Serve the app on this machine and introduce browsers to each other; go on with what was joined or kept.',
  ),
)
  .addOption(new Option('--keep <invitation>', 'keep sealed packs for this group, unread').env('AUZOLAN_KEEP'))
  .option('--no-mdns', 'neither look for peers of your groups on this network nor be found there')
  .action(run)

withData(command('init', "Make this machine's key and folder, and print who it is to others.")).action(init)
withData(command('status', 'Say which groups this machine takes part in, and who has what.')).action(status)

withData(command('invite', 'Print a link by which others can ask to come in.'))
  .addArgument(new Argument('[group]', 'name or id; may be left out where there is one'))
  .option('--uses <number>', 'how many may come in by it', count, 1)
  .action(invite)

withData(command('join', 'Ask to come into a group, and wait to be let in.'))
  .argument('<link>')
  .requiredOption('--name <name>', 'what the group sees')
  .option('--wait <seconds>', 'how long to wait now', count, 60)
  .action(join)

withData(command('keep', 'List what this machine keeps for others; with an invitation, keep for one more group.'))
  .argument('[invitation]', 'as a member gets it in the app')
  .option('--forget <name>', 'keep for this one no more, and remove what is here')
  .action(keep)

withData(
  command('backup', 'Write everything this machine holds as one file in an open format (docs/formats/backup.md).'),
)
  .argument('<file>', 'a new .zip')
  .option('--way-back <name>', 'let one new device of this name in with six words that are said once')
  .action(backup)

withData(command('restore', 'Check a backup and take it in as a merge: what is here stays.'))
  .argument('<file>')
  .option('--check', 'only say whether it is whole, and what is in it')
  .option('--words <six words>', 'come in as the new device that the backup has a way back for')
  .action(restore)

withData(command('fork', 'Found a new group that continues one with its whole history.'))
  .argument('[group]', 'name or id; may be left out where there is one')
  .requiredOption('--name <name>', 'of the new group')
  .requiredOption('--as <name>', 'what the new group sees of you')
  .option('--why <sentence>', 'shown to whoever is invited')
  .action(fork)

withData(
  command(
    'diff',
    'Say how two groups differ, or a group from what it was: initiatives, texts, rules, people, numbers.',
  ),
)
  .argument('<group>')
  .argument('[other]', 'a group of the same family')
  .option('--since <day>', 'compare with what the group was before that day (YYYY-MM-DD), by the times authors claim')
  .action(diff)

const choosing = (chosen: Command): Command =>
  chosen
    .option('--all', 'everything that is not there yet')
    .option('--only <letters...>', 'only what begins with these, as listed without a choice')

choosing(
  withData(command('bring-in', 'Take in what another group of the family has; without a choice, list it.'))
    .argument('<group>')
    .requiredOption('--from <other>', 'the group to bring in from'),
).action(bringIn)

choosing(
  withData(command('offer', 'Put what a group has before another one of the family; without a choice, list it.'))
    .argument('<group>')
    .requiredOption('--to <other>', 'the group it is offered to')
    .option('--why <sentence>', 'what for')
    .option('--file <file>', 'write it to this new file, for somebody of that group to import'),
).action(offer)

choosing(
  withData(command('adopt', 'Answer what a group was offered: list the offers, then what is in one, then take it in.'))
    .argument('<group>')
    .argument('[offer]', 'first letters of its id')
    .option('--none', 'not now')
    .option('--thanks <sentence>', 'said with the answer'),
).action(adopt)

withData(
  command('import', 'Take in a file that was carried here: sealed packs of a group, or an offer. Twice is once.'),
)
  .argument('<file>')
  .action(bringFile)

withData(
  command(
    'export',
    'Write what one group shows on screen in forms any program opens (docs/formats/backup.md); not to be put back.',
  ),
)
  .addArgument(new Argument('[group]', 'name or id; may be left out where there is one'))
  .option('--to <file>', 'a new .zip with text, tables and data; with --json the data goes to standard output')
  .option('--sealed', 'instead everything in sealed packs, which only devices of the group can read and import')
  .action(exportGroup)

listening(command('doctor', 'Look whether this machine can do all this, and say what to do where not.')).action(doctor)

listening(
  command('sample', 'Be a member of a made-up group with a year of its life, and print a link to join it.').argument(
    '<name>',
    'repair-cafe',
  ),
)
  .option('--size <size>', 'S: 38 people and 8,000 entries; M: 45,000; L: 190,000', 'S')
  .action(sample)

command(
  'verify',
  'Say what the file of a decision, or of a call with its signatures, proves, and what it does not. Needs no group and no network. Exit code 1: not proven.',
)
  .argument('<file>')
  .option('--json', 'the same as data')
  .action(verify)

command('completion', 'Print what makes a shell complete the commands and options of this program.')
  .addArgument(new Argument('<shell>').choices(shells))
  .action((shell: string) => completion(shell, program))

program
  .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUse))
  .parseAsync()
  .catch(fail)
