import { concatBytes, toHex } from '@auzolan/core'
import { sha256 as plain } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { createSHA256 } from 'hash-wasm'
import { afterEach, describe, expect, it } from 'vitest'
import { digestWith, labelled, runningDigest, sha256 } from './digest.ts'

afterEach(() => digestWith(undefined))

const part = fc.uint8Array({ maxLength: 200 })
const nothing: Uint8Array = new Uint8Array(0)

describe.each([
  ['in JavaScript', () => undefined],
  ['in WebAssembly', createSHA256],
])('SHA-256 %s', (_, engine) => {
  it('is the same however the bytes are cut', async () => {
    digestWith(await engine())
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        expect(toHex(sha256(...parts))).toBe(toHex(plain(concatBytes(...parts))))
      }),
    )
  })

  it('goes on from each of many states, whichever was worked on last', async () => {
    digestWith(await engine())
    const step = fc.record({ of: fc.nat(3), part, copy: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const running = [0, 1, 2, 3].map(() => ({ digest: runningDigest(), taken: nothing }))
        for (const { of, part, copy } of steps) {
          const one = running[of] as (typeof running)[number]
          one.digest.update(part)
          one.taken = concatBytes(one.taken, part)
          if (copy) running[(of + 1) % 4] = { digest: one.digest.clone(), taken: one.taken }
        }
        for (const { digest, taken } of running) expect(toHex(digest.digest())).toBe(toHex(plain(taken)))
      }),
    )
  })

  it('sets a label apart by a zero byte', async () => {
    digestWith(await engine())
    const bytes = Uint8Array.of(1, 2, 3)
    const before = concatBytes(new TextEncoder().encode('a label'), Uint8Array.of(0))
    expect(toHex(labelled('a label', bytes))).toBe(toHex(plain(concatBytes(before, bytes))))
  })
})

it('a digest that was begun before goes on when the engine changes', async () => {
  const before = runningDigest().update(Uint8Array.of(1))
  digestWith(await createSHA256())
  const between = runningDigest().update(Uint8Array.of(1))
  digestWith(await createSHA256())
  const after = runningDigest().update(Uint8Array.of(1))
  const expected = toHex(plain(Uint8Array.of(1, 2)))
  for (const digest of [before, between, after]) expect(toHex(digest.update(Uint8Array.of(2)).digest())).toBe(expected)
})
