import type { SetAsideView } from '@auzolan/core'
import { afterEach, expect, test, vi } from 'vitest'
import { inTime } from '../support/noise.ts'
import { until, value } from '../support/participant.ts'
import { cut, reaches, seen, stop, street } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const told = (rows: readonly SetAsideView[]) =>
  rows.map(({ what, by, state, why }) => [what.is, by?.name, state, why.because, why.person?.name])

test('what somebody did apart from their removal is named with its reason, on every device the same', async () => {
  const { all, group, hub, ids } = await street()
  const [ada, ben, cleo] = all
  cut(hub)
  hub.connect('ben', 'cleo')
  value(await ben.peer.invite(group, { uses: 1 }))
  await inTime(until(cleo.peer, { view: 'people', group }, ({ invitations }) => invitations.length === 2))
  const removal = value(await ada.peer.propose(group, { is: 'remove', person: ids.Ben }))
  value(await ada.peer.vote(group, removal, 'yes'))
  await reaches([ada], group, 'confirmed')
  expect((await seen(ada, group, () => true)).aside).toEqual([])
  hub.cut('ben', 'cleo')
  hub.connect('ada', 'cleo')
  await reaches([ada, cleo], group, 'confirmed')
  for (const person of [ada, cleo]) {
    const { aside } = await seen(person, group, (view) => view.aside.some(({ what }) => what.is === 'invite'))
    const rows = aside.filter(({ what }) => what.is === 'invite')
    expect(told(rows)).toEqual([['invite', 'Ben', 'void', 'author removed', 'Ben']])
    expect(rows[0]?.why.at).not.toBeNull()
  }
  await stop(all)
})
