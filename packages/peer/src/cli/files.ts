import { openAsBlob } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import type { ByteSink } from '../backup/zip-writer.ts'
import { CliFault, exitCodes } from './say.ts'

/** What lies in a file, read as it is asked for. */
export const openFile = (file: string): Promise<Blob> =>
  openAsBlob(file).catch((error: unknown) => {
    throw new CliFault(`${file} cannot be read: ${reasonOf(error)}.`, exitCodes.wrongUse)
  })

/** Writes a file that is there under its name only once it is whole, and never in place of another. */
export const writeNew = async <T>(file: string, write: (sink: ByteSink) => Promise<T>): Promise<T> => {
  const part = `${file}.part`
  const out = await open(part, 'wx').catch((error: unknown) => {
    throw new CliFault(`${part} cannot be written: ${reasonOf(error)}.`)
  })
  try {
    const written = await write(async (bytes) => void (await out.write(bytes)))
    await out.sync()
    // Fails where the name is taken, which a rename would not.
    const whole = await open(file, 'wx').catch((error: unknown) => {
      throw new CliFault(`${file} cannot be written: ${reasonOf(error)}. Nothing was changed.`)
    })
    await whole.close()
    await rename(part, file)
    return written
  } finally {
    await out.close()
    await rm(part, { force: true })
  }
}

const reasonOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EEXIST') return 'there is a file of this name already'
  if (code === 'ENOENT') return 'there is no such file or folder'
  return code === 'EACCES' ? 'this is not allowed' : String(code ?? error)
}
