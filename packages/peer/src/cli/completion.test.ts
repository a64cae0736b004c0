import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { type Completed, scriptFor } from './completion.ts'

const program: Completed = {
  name: 'auzolan',
  commands: [
    { name: 'run', about: "This machine's app", options: [{ flag: '--port', about: 'number', takes: true }] },
    {
      name: 'restore',
      about: 'Take it in',
      options: [
        { flag: '--check', about: 'only look', takes: false },
        { flag: '--words', about: 'six [words]', takes: true },
      ],
    },
  ],
}

const completed = (...words: readonly string[]): readonly string[] => {
  const list = words.map((word) => `'${word}'`).join(' ')
  const script = `${scriptFor('bash', program)}\nCOMP_WORDS=(auzolan ${list})\nCOMP_CWORD=${words.length}\n_auzolan\nprintf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split('\n')
}

test('bash completes commands, and the options of the one that was typed', () => {
  expect(completed('')).toEqual(['run', 'restore'])
  expect(completed('re')).toEqual(['restore'])
  expect(completed('restore', '--')).toEqual(['--check', '--words'])
  expect(completed('run', '--p')).toEqual(['--port'])
  expect(completed('run', '--words')).toEqual([''])
})

test('no text breaks out of its quotes, in any shell', () => {
  for (const shell of ['zsh', 'fish']) {
    const script = scriptFor(shell, program)
    expect(script).toContain('This machine’s app')
    expect([...script].filter((character) => character === "'").length % 2).toBe(0)
  }
  expect(scriptFor('zsh', program)).toContain("'--words[six  words ]:value:_files'")
  expect(scriptFor('fish', program)).toContain(
    "complete -c auzolan -n '__fish_seen_subcommand_from restore' -l check -d 'only look'",
  )
})
