import { expect, test } from 'vitest'
import { Settings } from './Settings.svelte.ts'

const memory = (): Storage => {
  const kept = new Map<string, string>()
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  } as unknown as Storage
}
const setup = (storage: Storage) => new Settings(document.createElement('div'), storage)

test('a choice for one group is found again, and holds for that group only', () => {
  const storage = memory()
  setup(storage).of('garden', 'order').value = 'name'
  expect(setup(storage).of('garden', 'order').value).toBe('name')
  expect(setup(storage).of('choir', 'order').value).toBeUndefined()
})

test('a return is told from a first visit before anything is read', () => {
  const storage = memory()
  expect(setup(storage).groupsBefore).toBe(0)
  setup(storage).lastGroup = 'garden'
  expect(setup(storage).groupsBefore).toBe(1)
  setup(storage).groupsBefore = 3
  expect(setup(storage).groupsBefore).toBe(3)
})

test('a language once chosen is found again', () => {
  const storage = memory()
  expect(setup(storage).language).toBeUndefined()
  setup(storage).language = 'eu'
  expect(setup(storage).language).toBe('eu')
})
