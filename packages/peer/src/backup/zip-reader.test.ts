import type { Instant } from '@auzolan/core'
import fc from 'fast-check'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { ZipReader, zipLimits } from './zip-reader.ts'
import { ZipWriter } from './zip-writer.ts'

const blobOf = (bytes: Uint8Array): Blob => new Blob([new Uint8Array(bytes)])
const zipOf = async (parts: Readonly<Record<string, Uint8Array>>, how: 'packed' | 'plain'): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  const zip = new ZipWriter((bytes) => void chunks.push(bytes), 0 as Instant)
  for (const [name, bytes] of Object.entries(parts)) await zip.add(name, bytes, how)
  await zip.end()
  return new Uint8Array(Buffer.concat(chunks))
}
const readAll = async (file: Uint8Array): Promise<unknown> => {
  const zip = await ZipReader.open(blobOf(file))
  if (!zip.ok) return zip.error.type
  const read: Record<string, unknown> = {}
  for (const part of zip.value.parts.values()) {
    const bytes = await zip.value.read(part)
    read[part.name] = bytes.ok ? bytes.value : bytes.error.type
  }
  return read
}
/** Where in the directory at the end the first part is described. */
const directoryOf = (file: Uint8Array): number => new DataView(file.buffer).getUint32(file.length - 6, true)
const changed = (file: Uint8Array, change: (view: DataView, directory: number) => void): Uint8Array => {
  const copy = file.slice()
  change(new DataView(copy.buffer), directoryOf(copy))
  return copy
}

describe('a ZIP file', () => {
  test('is read as it was written, and as another program writes it', async () => {
    const names = fc.stringMatching(/^[a-z]{1,8}(\/[a-zé]{1,8})?$/)
    const parts = fc.dictionary(names, fc.uint8Array({ maxLength: 400 }), { maxKeys: 5, noNullPrototype: true })
    await fc.assert(
      fc.asyncProperty(parts, fc.constantFrom('packed', 'plain'), async (given, how) => {
        expect(await readAll(await zipOf(given, how))).toEqual(given)
        expect(await readAll(zipSync(given, { level: how === 'packed' ? 0 : 9 }))).toEqual(given)
      }),
      { numRuns: 30 },
    )
  })

  test('whose part leads elsewhere is refused whole', async () => {
    for (const name of ['../up', 'a/../../up', '/root', 'a//b', 'c:\\x', 'a\\b', './a', 'a\u0000b', 'a/.', '..'])
      expect(await readAll(zipSync({ good: strToU8('x'), [name]: strToU8('x') })), name).toBe('damaged')
  })

  test('that declares more than a part may hold is refused before anything is read', async () => {
    const file = await zipOf({ bomb: new Uint8Array(1000) }, 'plain')
    for (const size of [zipLimits.part + 1, 1024 * 1024 * 1024, 0xffffffff])
      expect(await readAll(changed(file, (view, at) => view.setUint32(at + 24, size, true)))).toBe('too large')
  })

  test('a part that inflates to another size than it declares is refused', async () => {
    const file = await zipOf({ bomb: new Uint8Array(zipLimits.part) }, 'plain')
    expect(file.length).toBeLessThan(20_000)
    for (const size of [10, zipLimits.part - 1])
      expect(await readAll(changed(file, (view, at) => view.setUint32(at + 24, size, true)))).toEqual({
        bomb: 'damaged',
      })
  })

  test('parts that share bytes are refused: each could stand for the whole file', async () => {
    const file = await zipOf({ one: new Uint8Array(50), two: new Uint8Array(50) }, 'plain')
    const second = directoryOf(file) + 46 + 'one'.length
    expect(await readAll(changed(file, (view) => view.setUint32(second + 42, 0, true)))).toBe('damaged')
  })

  test('two parts of one name, a locked part and a directory with something behind it are refused', async () => {
    const file = await zipOf({ one: strToU8('x'), two: strToU8('y') }, 'plain')
    const second = directoryOf(file) + 46 + 'one'.length
    const twice = changed(file, (view) =>
      'one'.split('').forEach((letter, at) => view.setUint8(second + 46 + at, letter.charCodeAt(0))),
    )
    expect(await readAll(twice)).toBe('damaged')
    expect(await readAll(changed(file, (view, at) => view.setUint16(at + 8, 1, true)))).toBe('damaged')
    expect(await readAll(changed(file, (view, at) => view.setUint32(file.length - 6, at - 1, true)))).toBe('damaged')
    expect(await readAll(new Uint8Array([...file, 0]))).toBe('not a zip')
  })

  test('a part of another name or content than the directory says is refused', async () => {
    const file = await zipOf({ one: strToU8('content'), two: strToU8('y') }, 'packed')
    expect(await readAll(changed(file, (view) => view.setUint8(30, 'x'.charCodeAt(0))))).toMatchObject({
      one: 'damaged',
    })
    expect(await readAll(changed(file, (view) => view.setUint8(34, 0)))).toMatchObject({ one: 'damaged' })
  })

  test('any bytes at all are refused or read, and nothing is thrown', async () => {
    const file = await zipOf({ one: strToU8('content'), 'two/x': new Uint8Array(200) }, 'plain')
    const edits = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(edits, fc.nat(file.length), async (given, cut) => {
        const copy = file.slice()
        for (const [at, byte] of given) copy[at] = byte
        await readAll(copy)
        await readAll(copy.slice(cut))
        await readAll(copy.slice(0, cut))
      }),
      { numRuns: 100 },
    )
  })
})
