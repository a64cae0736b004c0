import type { Command } from 'commander'
import { answer } from './say.ts'

export const shells = ['bash', 'zsh', 'fish'] as const

/** A program's commands with their options, as a shell needs them. */
export interface Completed {
  readonly name: string
  readonly commands: readonly {
    readonly name: string
    readonly about: string
    readonly options: readonly { readonly flag: string; readonly about: string; readonly takes: boolean }[]
  }[]
}

/** Prints a script for one shell. Paths are completed wherever no option is. */
export const completion = (shell: string, program: Command): void => answer(scriptFor(shell, completed(program)))

const completed = (program: Command): Completed => ({
  name: program.name(),
  commands: program.commands.map((command) => ({
    name: command.name(),
    about: command.description(),
    options: command.options.map(({ long, description, required, optional }) => ({
      flag: long ?? '',
      about: description,
      takes: required || optional,
    })),
  })),
})

export const scriptFor = (shell: string, program: Completed): string => {
  if (shell === 'bash') return bash(program)
  return shell === 'zsh' ? zsh(program) : fish(program)
}

const bash = ({ name, commands }: Completed): string =>
  [
    `# eval "$(${name} completion bash)"`,
    `_${name}() {`,
    '  local word="${COMP_WORDS[COMP_CWORD]}" options=""',
    '  COMPREPLY=()',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W "${commands.map((each) => each.name).join(' ')}" -- "$word"))`,
    '    return',
    '  fi',
    '  case "${COMP_WORDS[1]}" in',
    ...commands.map((each) => `    ${each.name}) options="${each.options.map(({ flag }) => flag).join(' ')}" ;;`),
    '  esac',
    '  case "$word" in -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;; esac',
    '}',
    `complete -o default -F _${name} ${name}`,
  ].join('\n')

const zsh = ({ name, commands }: Completed): string =>
  [
    `#compdef ${name}`,
    `# eval "$(${name} completion zsh)"`,
    `_${name}() {`,
    '  local -a commands',
    `  commands=(${commands.map((each) => quoted(`${each.name}:${each.about}`)).join(' ')})`,
    '  if (( CURRENT == 2 )); then',
    "    _describe 'command' commands",
    '    return',
    '  fi',
    '  case "$words[2]" in',
    ...commands.map(
      (each) => `    ${each.name}) _arguments ${each.options.map(zshOption).join(' ')} '*:file:_files' ;;`,
    ),
    '  esac',
    '}',
    `compdef _${name} ${name}`,
  ].join('\n')

const zshOption = ({ flag, about, takes }: Completed['commands'][number]['options'][number]): string =>
  quoted(`${flag}[${about.replace(/[[\]:]/g, ' ')}]${takes ? ':value:_files' : ''}`)

const fish = ({ name, commands }: Completed): string =>
  [
    `# ${name} completion fish | source`,
    ...commands.map(
      (each) => `complete -c ${name} -n __fish_use_subcommand -f -a ${each.name} -d ${quoted(each.about)}`,
    ),
    ...commands.flatMap((each) =>
      each.options.map(
        ({ flag, about, takes }) =>
          `complete -c ${name} -n ${quoted(`__fish_seen_subcommand_from ${each.name}`)} -l ${flag.slice(2)}${takes ? ' -r' : ''} -d ${quoted(about)}`,
      ),
    ),
  ].join('\n')

/** One word for any of these shells: fish alone also reads `\\` inside such quotes, and no text here has one. */
const quoted = (text: string): string => `'${text.replaceAll("'", '’')}'`
