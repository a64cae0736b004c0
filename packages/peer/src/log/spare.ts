import { type Op, type Store, StoreError, type WriteOptions } from '@auzolan/storage'

/** Writes what could be found again. False where the device has no room or is going away: nothing is lost by that, so nothing fails. */
export const writeSpare = async (
  store: Store,
  ops: readonly Op[],
  expect: WriteOptions['expect'] = [],
): Promise<boolean> => {
  try {
    return await store.write(ops, { expect, durability: 'relaxed' })
  } catch (error) {
    if (error instanceof StoreError) return false
    throw error
  }
}
