import { open } from 'node:fs/promises'
import { openVerifier } from '@auzolan/trust'
import { checkCertificate, READ_BYTES } from '../acts/verification.ts'
import { answer } from './say.ts'

/** Prints what a certificate proves. Exit codes: 0 proven, 1 not. */
export const verify = async (file: string, { json = false }: { readonly json?: boolean }): Promise<void> => {
  const { proven, lines, data } = await checkCertificate(await readUpTo(file, READ_BYTES), await openVerifier())
  answer(json ? JSON.stringify(data, undefined, 2) : lines.join('\n'))
  process.exitCode = proven ? 0 : 1
}

const readUpTo = async (file: string, length: number): Promise<Uint8Array> => {
  const handle = await open(file)
  try {
    const bytes = new Uint8Array(length)
    let read = 0
    for (;;) {
      const { bytesRead } = await handle.read(bytes, read, length - read, read)
      read += bytesRead
      if (bytesRead === 0 || read === length) return bytes.subarray(0, read)
    }
  } finally {
    await handle.close()
  }
}
