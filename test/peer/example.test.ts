import { MemoryHub } from '@auzolan/network'
import { openMemoryStore } from '@auzolan/storage'
import type { WorkStep, Peer } from '@auzolan/peer'
import { expect, test } from 'vitest'
import { Participant, steppedClock } from '../support/participant.ts'

const setup = async () => {
  const ada = new Participant('ada', new MemoryHub(), 1, steppedClock())
  return { ada, peer: await ada.start() }
}

/** Resolves with the first answer that `is` holds for. */
const stepWhen = (peer: Peer, is: (step: WorkStep) => boolean): Promise<WorkStep> =>
  new Promise((resolve) => {
    const undo = peer.watch({ view: 'example' }, (step) => {
      if (!is(step)) return
      queueMicrotask(() => undo())
      resolve(step)
    })
  })
const groupsOf = (peer: Peer): Promise<readonly unknown[]> =>
  new Promise((resolve) => {
    const undo = peer.watch({ view: 'groups' }, (rows) => {
      queueMicrotask(() => undo())
      resolve(rows)
    })
  })

test('an example stopped half-way is not listed and leaves nothing, and can be opened afterwards', async () => {
  const { ada, peer } = await setup()
  const opening = peer.openExample('Ada')
  const { have, of } = await stepWhen(peer, (step) => step.have > 0)
  expect(have).toBeLessThan(of)
  await peer.stopExample()
  expect(await opening).toEqual({ ok: false, error: { type: 'stopped' } })
  expect(await groupsOf(peer)).toEqual([])
  await ada.stop()
  expect(await openMemoryStore(ada.disk).range({ prefix: ['g'] })).toEqual([])

  const again = await ada.start()
  expect(await groupsOf(again)).toEqual([])
  expect(await again.openExample('Ada')).toMatchObject({ ok: true })
  const done = await stepWhen(again, ({ step }) => step === 'done')
  expect(done.have).toBe(done.of)
  expect(await groupsOf(again)).toHaveLength(1)
  await ada.stop()
})

test('an example cut off by a crash is begun anew', async () => {
  const { ada, peer } = await setup()
  void peer.openExample('Ada')
  await stepWhen(peer, (step) => step.have > 0)
  await ada.crash()

  const again = await ada.start()
  expect(await groupsOf(again)).toEqual([])
  expect(await again.openExample('Ada')).toMatchObject({ ok: true })
  await ada.stop()
})

test('asking twice opens one example', async () => {
  const { ada, peer } = await setup()
  const [first, second] = await Promise.all([peer.openExample('Ada'), peer.openExample('Ada')])
  expect(second).toEqual(first)
  expect(await groupsOf(peer)).toHaveLength(1)
  await ada.stop()
})
