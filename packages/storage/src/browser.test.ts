import { afterEach, expect, test, vi } from 'vitest'
import { askToPersist } from './browser.ts'

afterEach(() => vi.unstubAllGlobals())

const withStorage = (storage: Partial<StorageManager> | undefined) => {
  vi.stubGlobal('navigator', { storage })
}

test('storage that is kept already is not asked for again', async () => {
  const persist = vi.fn(async () => false)
  withStorage({ persisted: async () => true, persist })
  expect(await askToPersist()).toBe('yes')
  expect(persist).not.toHaveBeenCalled()
})

test.each([
  [true, 'yes'],
  [false, 'no'],
] as const)('what the browser answers (%s) is told as it is', async (answer, told) => {
  withStorage({ persisted: async () => false, persist: async () => answer })
  expect(await askToPersist()).toBe(told)
})

test('where nobody can be asked the answer is unknown', async () => {
  withStorage(undefined)
  expect(await askToPersist()).toBe('unknown')
  withStorage({ persisted: async () => false })
  expect(await askToPersist()).toBe('unknown')
  withStorage({ persisted: () => Promise.reject(new TypeError('opaque origin')) })
  expect(await askToPersist()).toBe('unknown')
})
