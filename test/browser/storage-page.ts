import { askToPersist, openIndexedDbSecrets, openIndexedDbStore } from '@auzolan/storage/browser'
import { checkAgainstModel } from '@auzolan/storage/model'

/** Writes from a worker and answers what the worker then read. */
const writeInWorker = (name: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./storage-worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }) => {
      resolve(data)
      worker.terminate()
    }
    worker.onerror = ({ message }) => {
      reject(new Error(message))
    }
    worker.postMessage(name)
  })

const storage = { askToPersist, checkAgainstModel, openIndexedDbSecrets, openIndexedDbStore, writeInWorker }

declare global {
  interface Window {
    /** What the specification calls inside the page. */
    storage: typeof storage
    /** Told of every acknowledged write, where a specification listens. */
    acknowledge(count: number): Promise<void>
  }
}

window.storage = storage
