import { expect, test } from 'vitest'
import { MAX_INPUT, readCorpus } from './corpus.ts'
import { mutate, randomOf } from './mutate.ts'
import { targets } from './targets.ts'

const folder = new URL('corpus', import.meta.url).pathname
/** Changed inputs besides the kept ones, the same ones every time. A script is a whole log, played twice. */
const changedOf = (name: string): number => (name === 'log' ? 20 : 400)

test.each(targets)('whatever is read, nothing is thrown and nothing has two forms: $name', async (target) => {
  const kept = [...(await target.seeds()), ...readCorpus(folder, target.name)]
  expect(kept.length).toBeGreaterThan(4)
  const random = randomOf(20261122)
  const pick = (): Uint8Array => kept[random(kept.length)] as Uint8Array
  const changed = Array.from({ length: changedOf(target.name) }, () => mutate(pick(), pick(), random, MAX_INPUT))
  for (const input of [...kept, ...changed]) await target.run(input)
})

test('the same seed changes an input in the same way, and no further than the limit', () => {
  const [input, other] = [new Uint8Array(100).fill(1), new Uint8Array(100).fill(2)]
  const many = (seed: number) => {
    const random = randomOf(seed)
    return Array.from({ length: 500 }, () => mutate(input, other, random, 120).join())
  }
  expect(many(7)).toEqual(many(7))
  expect(many(7)).not.toEqual(many(8))
  expect(Math.max(...many(7).map((bytes) => bytes.split(',').length))).toBe(120)
})

test('every kind of control entry but the reveal of a sealed share is among what is played', async () => {
  const { scripts } = await import('./samples.ts')
  const { playScript } = await import('./script.ts')
  const said = new Set<string>()
  for (const script of scripts()) for (const kind of await playScript(script)) said.add(kind)
  expect([...said].sort()).toEqual(
    [
      ...['ack', 'addDevice', 'admit', 'ballot', 'close', 'confirm', 'enact', 'epoch', 'found', 'invite', 'leave'],
      ...[
        'commit',
        'propose',
        'seal',
        'sponsor',
        'suspend',
        'uninvite',
        'unsuspend',
        'revokeDevice',
        'recover',
        'rewrap',
        'sheet',
        'unread',
      ],
    ].sort(),
  )
})
