import type { Answer, JoinStep, Peer, Query } from '@auzolan/peer'
import type { DocumentId } from '@auzolan/core'
import { act, render, screen } from '@testing-library/svelte'
import { expect, test } from 'vitest'
import { Notices } from '../../state/Notices.svelte.ts'
import { Session } from '../../state/Session.svelte.ts'
import { Words } from '../../words/Words.svelte.ts'
import InGroup from '../InGroup.test.svelte'
import Joining from './Joining.svelte'

const setup = async (first: JoinStep) => {
  const told: ((answer: Answer<{ view: 'join'; group: never }>) => void)[] = []
  const peer = {
    watch: <Q extends Query>(query: Q, tell: (answer: Answer<Q>) => void) => {
      if (query.view === 'join') {
        told.push(tell as never)
        tell(first as Answer<Q>)
      }
      return () => undefined
    },
  } as unknown as Peer
  const session = new Session(new Words(), new Notices())
  await session.start(() => Promise.resolve(peer))
  render(InGroup, { session, part: Joining as never, initiative: 'aa' as DocumentId })
  return (step: JoinStep) => act(() => told.forEach((tell) => tell(step)))
}

test('whoever is let in sees how much of the group has come, and that it can be read already', async () => {
  const tell = await setup({ step: 'looking' })
  expect(await screen.findByRole('status')).toHaveTextContent('Someone in the group needs to open the app')
  expect(screen.queryByRole('progressbar')).toBeNull()
  await tell({ step: 'getting', have: 1_200, of: 46_000 })
  expect(screen.getByRole('status')).toHaveTextContent('You can look around')
  const bar = screen.getByRole('progressbar', { name: 'Getting the group · 1,200 of 46,000' })
  expect(bar).toHaveValue(1_200)
  expect(bar).toHaveAttribute('max', '46000')
})

test('numbers that move are not read out one after the other', async () => {
  const tell = await setup({ step: 'getting', have: 1, of: 9 })
  const said = (await screen.findByRole('status')).textContent
  await tell({ step: 'getting', have: 5, of: 9 })
  expect(screen.getByRole('progressbar')).toHaveValue(5)
  expect(screen.getByRole('status')).toHaveTextContent(said.trim())
})
