import { digestWith } from '@auzolan/trust'
import { createSHA256 } from 'hash-wasm'

let begun: Promise<void> | undefined

/** Hashes in WebAssembly from when this resolves; where that may not be loaded, in JavaScript as before. */
export const quickenDigests = (): Promise<void> => (begun ??= createSHA256().then(digestWith, () => undefined))
