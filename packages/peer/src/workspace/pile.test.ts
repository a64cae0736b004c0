import { DeviceId, GroupId, type Instant } from '@auzolan/core'
import { itemTypes } from '@auzolan/trust'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Pile } from './pile.ts'

test('entries come back as they were put in, in their order', () => {
  const id = fc.uint8Array({ minLength: 32, maxLength: 32 })
  const item = fc.record({
    type: fc.constantFrom(...Object.values(itemTypes)),
    bytes: fc.option(fc.uint8Array({ maxLength: 700 })),
  })
  const entry = fc.record({
    group: id.map((bytes) => GroupId.fromBytes(bytes)),
    device: id.map((bytes) => DeviceId.fromBytes(bytes)),
    seq: fc.maxSafeNat(),
    at: fc.maxSafeNat().map((at) => at as Instant),
    items: fc.array(item, { maxLength: 3 }),
  })
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 6 }), fc.nat(5), (some, again) => {
      const all = [...some, ...some.slice(0, again)]
      const pile = new Pile()
      for (const each of all) pile.add(each)
      expect([...pile.entries()]).toEqual(all)
    }),
  )
})
