export { openIndexedDbSecrets, openIndexedDbStore } from './indexeddb.ts'

/**
 * Asks the browser not to clear this origin's storage when the device runs low. Ask at the first own write: some browsers
 * then ask the person. `unknown`: this browser cannot say, or there is no storage manager here.
 */
export const askToPersist = async (): Promise<'yes' | 'no' | 'unknown'> => {
  const manager: Partial<StorageManager> | undefined = globalThis.navigator?.storage
  try {
    if ((await manager?.persisted?.()) === true) return 'yes'
    const answer = await manager?.persist?.()
    return answer === undefined ? 'unknown' : answer ? 'yes' : 'no'
  } catch {
    return 'unknown'
  }
}
