import { openVerifier } from '@auzolan/trust'
import { verdictsHere, type Verdicts } from '../compatibility/verdicts.ts'

const verdictsInWorker = (): Promise<Verdicts> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./verdicts-worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<Verdicts>) => {
      resolve(data)
      worker.terminate()
    }
    worker.onerror = ({ message }) => {
      reject(new Error(message))
    }
  })

/** Whether the platform is asked first, where it takes every signature for good. */
const asksWhoSaysYes = async (): Promise<boolean> => {
  const own = Object.getOwnPropertyDescriptor(SubtleCrypto.prototype, 'verify') as PropertyDescriptor
  Object.defineProperty(SubtleCrypto.prototype, 'verify', { ...own, value: async () => true })
  const { native } = await openVerifier()
  Object.defineProperty(SubtleCrypto.prototype, 'verify', own)
  return native
}

const verdicts = { here: verdictsHere, inWorker: verdictsInWorker, asksWhoSaysYes }

declare global {
  interface Window {
    verdicts: typeof verdicts
  }
}

window.verdicts = verdicts
