import type { DocumentId, GroupId } from '@auzolan/core'
import { MemoryHub } from '@auzolan/network'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inTime } from '../support/noise.ts'
import { Participant, until, value } from '../support/participant.ts'
import { Calendar } from '../support/street.ts'

type Step =
  | { readonly do: 'write' | 'say' | 'take' | 'begin'; readonly in: number }
  | { readonly do: 'bring'; readonly in: number; readonly from: number; readonly some: number }
  | { readonly do: 'offer'; readonly in: number; readonly to: number; readonly some: number }
  | { readonly do: 'restart' }

const place = fc.nat(3)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('write', 'say', 'take', 'begin'), in: place }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('bring' as const), in: place, from: place, some: fc.nat(7) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('offer' as const), in: place, to: place, some: fc.nat(7) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
)

const news = (ada: Participant, group: GroupId, from: GroupId) => inTime(until(ada.peer, { view: 'news', group, from }))

/** An original, a copy of it, a copy of the copy, and a second copy of the original: one person's, so that each can be brought into each. */
const family = async (ada: Participant): Promise<{ groups: readonly GroupId[]; initiative: DocumentId }> => {
  const original = value(await ada.peer.createGroup({ name: 'Elm', myName: 'Ada' }))
  const initiative = value(await ada.peer.startInitiative(original, { title: 'Benches' }))
  value(await ada.peer.edit(original, initiative, [{ do: 'write', field: ['plan'], from: [], text: 'Plan:' }]))
  value(await ada.peer.planAction(original, initiative, { title: 'Oil', places: 9 }))
  const copy = value(await ada.peer.fork(original, { name: 'Oak', myName: 'Ada' }))
  const second = value(await ada.peer.fork(copy, { name: 'Ash', myName: 'Ada' }))
  const sibling = value(await ada.peer.fork(original, { name: 'Fir', myName: 'Ada' }))
  return { groups: [original, copy, second, sibling], initiative }
}

const taken = async (
  ada: Participant,
  { groups, initiative }: { groups: readonly GroupId[]; initiative: DocumentId },
  step: Step,
  number: number,
): Promise<void> => {
  if (step.do === 'restart') {
    await ada.stop()
    await ada.start()
    return
  }
  const group = groups[step.in] as GroupId
  const { plan, actions } = await inTime(until(ada.peer, { view: 'initiative', group, initiative }))
  switch (step.do) {
    case 'write':
      value(
        await ada.peer.edit(group, initiative, [
          { do: 'write', field: ['plan'], from: plan.heads, text: `${plan.text} w${number}` },
        ]),
      )
      return
    case 'say':
      value(await ada.peer.sendMessage(group, initiative, `said ${number}`))
      return
    case 'take':
      for (const { id } of actions) value(await ada.peer.takeAction(group, initiative, id))
      return
    case 'begin':
      value(await ada.peer.startInitiative(group, { title: `Begun ${number}` }))
      return
    case 'bring': {
      const from = groups[step.from] as GroupId
      if (from === group) return
      const { units, skipped } = await news(ada, group, from)
      const keys = [...units, ...skipped].map(({ key }) => key).filter((_, at) => (step.some >> (at % 3)) & 1)
      value(await ada.peer.bringIn(group, from, keys))
      return
    }
    case 'offer': {
      const to = groups[step.to] as GroupId
      if (to === group) return
      const { units, skipped } = await news(ada, to, group)
      const keys = [...units, ...skipped].map(({ key }) => key)
      if (keys.length === 0) return
      const offer = value(await ada.peer.offer(group, to, { units: keys }))
      const { units: offered } = await inTime(until(ada.peer, { view: 'offer', group: to, offer }))
      const picked = offered.map(({ key }) => key).filter((_, at) => (step.some >> (at % 3)) & 1)
      value(await ada.peer.answerOffer(to, offer, { units: picked }))
    }
  }
}

/** What a group reads like: texts, who has which place, what was said, in a form that does not depend on the group. */
const readings = async (ada: Participant, group: GroupId): Promise<unknown> => {
  const { initiatives } = await inTime(until(ada.peer, { view: 'home', group }))
  const read = initiatives.map(async ({ id, title }) => {
    const view = await inTime(until(ada.peer, { view: 'initiative', group, initiative: id }))
    const { messages } = await inTime(until(ada.peer, { view: 'thread', group, thread: id }))
    const takes = view.actions.map(({ title, takes }) => [title.value, takes.map((take) => take.id).sort()])
    return [id, title, view.plan.text, takes, messages.map(({ id, text }) => [id, text])]
  })
  return (await Promise.all(read)).sort()
}

test('whatever was brought in and offered where, all of a family end with the same once each has taken everything from each', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 24 }), async (steps) => {
      const ada = new Participant('ada', new MemoryHub({ auto: true }), 1, new Calendar())
      await ada.start()
      const world = await family(ada)
      for (const [number, each] of steps.entries()) await taken(ada, world, each, number)
      const { groups } = world
      for (let round = 0; round < 2; round++)
        for (const group of groups)
          for (const from of groups) {
            if (from === group) continue
            const { units, skipped } = await news(ada, group, from)
            value(
              await ada.peer.bringIn(
                group,
                from,
                [...units, ...skipped].map(({ key }) => key),
              ),
            )
          }
      const [expected, ...others] = await Promise.all(groups.map((group) => readings(ada, group)))
      for (const other of others) expect(other).toEqual(expected)
      for (const group of groups)
        for (const from of groups)
          if (from !== group) expect(await news(ada, group, from)).toMatchObject({ units: [], skipped: [] })
      // Nothing of it was only in memory.
      await ada.stop()
      await ada.start()
      expect(await readings(ada, groups[2] as GroupId)).toEqual(expected)
      await ada.stop()
    }),
    { numRuns: 12 },
  )
})
