import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Largest input that is tried, in bytes. What is longer is refused by its length before it is read, or is more of the same. */
export const MAX_INPUT = 16 * 1024

/** Inputs of one target: base64, one a line, the shortest first. */
export const readCorpus = (folder: string, target: string): readonly Uint8Array[] => {
  const file = join(folder, `${target}.txt`)
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Uint8Array.from(Buffer.from(line, 'base64')))
}

export const writeCorpus = (folder: string, target: string, inputs: readonly Uint8Array[]): void => {
  const lines = inputs.map((input) => Buffer.from(input).toString('base64'))
  const sorted = [...new Set(lines)].sort((one, other) => one.length - other.length || (one < other ? -1 : 1))
  writeFileSync(join(folder, `${target}.txt`), sorted.map((line) => `${line}\n`).join(''))
}
