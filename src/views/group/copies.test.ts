import type { CopyView, DeviceId, Instant } from '@auzolan/core'
import { expect, test } from 'vitest'
import { partCopies } from './copies.ts'

const copy = (device: string, rest: Partial<CopyView> = {}): CopyView => ({
  device: device as DeviceId,
  by: { id: device, name: device, me: false } as never,
  behind: 0,
  connected: false,
  asOf: 1 as Instant,
  ...rest,
})
const silent = (count: number) =>
  Array.from({ length: count }, (_, at) => copy(`silent ${at}`, { asOf: null, behind: 4 }))
const devices = (copies: readonly CopyView[]) => copies.map(({ device }) => device)

test('those in reach come first, then those with everything, then those behind', () => {
  const parts = partCopies([
    copy('far behind', { behind: 9 }),
    copy('behind', { behind: 2 }),
    copy('whole'),
    copy('in reach', { connected: true, behind: 3 }),
  ])
  expect(devices(parts.named)).toEqual(['in reach', 'whole', 'behind', 'far behind'])
})

test('many that were never heard from are counted, not listed', () => {
  const parts = partCopies([...silent(34), copy('whole')])
  expect(devices(parts.named)).toEqual(['whole'])
  expect(parts.silent).toHaveLength(34)
})

test('a few that were never heard from are named after the others', () => {
  expect(devices(partCopies([...silent(2), copy('whole')]).named)).toEqual(['whole', 'silent 0', 'silent 1'])
})
