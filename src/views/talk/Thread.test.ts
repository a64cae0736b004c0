import type { DocumentId, MemberId, StatementId, ThreadView } from '@auzolan/core'
import { ok } from '@auzolan/core'
import type { Answer, Peer, Query } from '@auzolan/peer'
import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test, vi } from 'vitest'
import { Notices } from '../../state/Notices.svelte.ts'
import { Session } from '../../state/Session.svelte.ts'
import { Words } from '../../words/Words.svelte.ts'
import ThreadInGroup from './ThreadInGroup.test.svelte'

// A device with a keyboard; jsdom has no such question.
beforeEach(() => vi.stubGlobal('matchMedia', () => ({ matches: false })))

const thread = 'aa' as DocumentId
const view: ThreadView = {
  thread,
  messages: ['Who brings soup?', 'And bread?'].map((text, at) => ({
    id: `message ${at}` as StatementId,
    by: { id: 'aino' as MemberId, name: 'Aino', me: false } as never,
    at: 0 as never,
    text,
    replyTo: null,
    cameLater: false,
  })),
}

const setup = async () => {
  const sent: unknown[] = []
  const peer = {
    watch: <Q extends Query>(query: Q, tell: (answer: Answer<Q>) => void) => {
      if (query.view === 'thread') tell(view as Answer<Q>)
      return () => undefined
    },
    sendMessage: (...said: unknown[]) => {
      sent.push(said.slice(2))
      return Promise.resolve(ok('new'))
    },
  } as unknown as Peer
  const session = new Session(new Words(), new Notices())
  await session.start(() => Promise.resolve(peer))
  render(ThreadInGroup, { session, thread })
  await screen.findByText('And bread?')
  return { sent, user: userEvent.setup() }
}

test('a reply is begun and sent by keyboard alone, and says what it replies to', async () => {
  const { sent, user } = await setup()
  screen.getAllByRole('button', { name: 'Reply to Aino' })[0]?.focus()
  await user.keyboard('{Enter}')
  expect(screen.getByText('Replying to Aino')).toBeVisible()
  expect(screen.getByRole('textbox')).toHaveFocus()
  await user.keyboard('I do{Enter}')
  expect(sent).toEqual([['I do', 'message 0']])
  expect(screen.queryByText('Replying to Aino')).toBeNull()
})

test('Esc keeps what is typed and no longer replies', async () => {
  const { sent, user } = await setup()
  await user.click(screen.getAllByRole('button', { name: 'Reply to Aino' })[1] as HTMLElement)
  await user.keyboard('All of it{Escape}')
  expect(screen.queryByText('Replying to Aino')).toBeNull()
  await user.keyboard('{Enter}')
  expect(sent).toEqual([['All of it', undefined]])
})
