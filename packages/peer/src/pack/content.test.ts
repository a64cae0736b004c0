import type { ControlId, DeviceId, GroupId } from '@auzolan/core'
import type { Run } from '@auzolan/trust'
import { expect, test } from 'vitest'
import { encodeSegment } from '../log/segment.ts'
import { decodeContent, encodeContent, MAX_EXPANDED_BYTES } from './content.ts'

const group = 'ab'.repeat(32) as GroupId
const heads = ['cd'.repeat(32) as ControlId]
const runOf = (bytes: number): Run => ({
  device: 'ef'.repeat(32) as DeviceId,
  from: 1,
  count: 1,
  packed: new Uint8Array(bytes),
  signatures: new Uint8Array(64),
  bodies: [],
})
const content = (bytes: number, times: number): Uint8Array => {
  const run = runOf(bytes)
  const parcel = { run, segment: encodeSegment(run) }
  return encodeContent({ group, heads, parcels: Array.from({ length: times }, () => parcel), proofs: [], alone: [] })
}

test('what a pack holds is read as it was written', () => {
  const bytes = content(1000, 3)
  const read = decodeContent(bytes)
  expect(read).toMatchObject({ group, heads, parcels: [{ run: runOf(1000) }, {}, {}] })
  expect(read && encodeContent(read)).toEqual(bytes)
})

test('a small pack that stands for more than one may hold is refused', () => {
  const megabyte = 1024 * 1024
  const most = MAX_EXPANDED_BYTES / megabyte
  expect(content(megabyte, most + 1).length).toBeLessThan(megabyte / 10)
  expect(decodeContent(content(megabyte, most))?.parcels).toHaveLength(most)
  expect(decodeContent(content(megabyte, most + 1))).toBeUndefined()
})
