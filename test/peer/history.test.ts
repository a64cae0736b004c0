import type { HistoryView } from '@auzolan/core'
import { afterEach, expect, test, vi } from 'vitest'
import { inTime } from '../support/noise.ts'
import { type Participant, until, value } from '../support/participant.ts'
import { connect, cut, stop, street } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

test('who changed what is told the same to everyone, newest first, and what stood there is put back as a new change', async () => {
  const { hub, all, group, ids } = await street()
  const [ada, ben, cleo] = all
  const initiative = value(await ada.peer.startInitiative(group, { title: 'Bench' }))
  const sees = ({ peer }: Participant, enough: (view: HistoryView) => boolean) =>
    inTime(until(peer, { view: 'history', group, initiative }, enough))
  const set = ({ peer }: Participant, field: string, to: string) =>
    peer.edit(group, initiative, [{ do: 'set', field: [field], value: to }])
  const textsOf = ({ rows }: HistoryView) =>
    rows.map(({ by, fields }) => [
      by.name,
      ...fields.map(({ field, before, after }) => `${field}: ${before} > ${after}`),
    ])

  value(await set(ada, 'title', 'Bench for all'))
  value(await set(ada, 'where', 'Cellar'))
  for (const person of all) await sees(person, ({ rows }) => rows[0]?.fields.length === 2)
  cut(hub)
  value(await set(ben, 'where', 'Hall'))
  const { plan } = await inTime(until(cleo.peer, { view: 'initiative', group, initiative }))
  const first = value(
    await cleo.peer.edit(group, initiative, [{ do: 'write', field: ['plan'], from: plan.heads, text: 'Sand it.' }]),
  )
  value(
    await cleo.peer.edit(group, initiative, [
      { do: 'write', field: ['plan'], from: first.heads, text: 'Sand it, then oil it.' },
    ]),
  )
  connect(hub)
  const told = await sees(ada, ({ rows }) => rows.length === 3)
  expect(new Set(textsOf(told).map((row) => row.join(' | ')))).toEqual(
    new Set([
      'Ben | where: Cellar > Hall',
      // Typed in one go: one step.
      'Cleo | plan:  > Sand it, then oil it.',
      'Ada | title: Bench > Bench for all | where:  > Cellar',
    ]),
  )
  for (const person of all)
    expect((await sees(person, ({ rows }) => rows.length === 3)).rows.map(({ id }) => id)).toEqual(
      told.rows.map(({ id }) => id),
    )
  expect(told.rows.find(({ by }) => by.id === ids.Ben)?.fields[0]?.path).toEqual(['where'])

  value(await set(ada, 'where', 'Cellar'))
  const after = await sees(cleo, ({ rows }) => rows.length === 4)
  expect(textsOf(after)[0]).toEqual(['Ada', 'where: Hall > Cellar'])
  expect((await inTime(until(cleo.peer, { view: 'initiative', group, initiative }))).where.value).toBe('Cellar')
  await stop(all)
})
