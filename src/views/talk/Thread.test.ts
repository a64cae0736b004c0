import type { DocumentId, MemberId, Result, StatementId, ThreadView } from '@auzolan/core'
import { err, ok } from '@auzolan/core'
import type { Answer, Peer, Query, Refusal } from '@auzolan/peer'
import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test, vi } from 'vitest'
import { Notices } from '../../state/Notices.svelte.ts'
import { Session } from '../../state/Session.svelte.ts'
import { Words } from '../../words/Words.svelte.ts'
import InGroup from '../InGroup.test.svelte'
import Thread from './Thread.svelte'

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

const settled = () => new Promise(setImmediate)

/** `save`: how the peer answers to each message, in turn. Default: saved at once. */
const setup = async (save: () => Promise<Result<string, Refusal>> = () => Promise.resolve(ok('new'))) => {
  const sent: unknown[][] = []
  const peer = {
    watch: <Q extends Query>(query: Q, tell: (answer: Answer<Q>) => void) => {
      if (query.view === 'thread') tell(view as Answer<Q>)
      return () => undefined
    },
    sendMessage: (...said: unknown[]) => {
      sent.push(said.slice(2))
      return save()
    },
  } as unknown as Peer
  const session = new Session(new Words(), new Notices())
  await session.start(() => Promise.resolve(peer))
  render(InGroup, { session, part: Thread, initiative: thread })
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

test('what is typed while a message is being saved stays, and can be sent before that one is saved', async () => {
  const saved: (() => void)[] = []
  const { sent, user } = await setup(() => new Promise((resolve) => saved.push(() => resolve(ok('new')))))
  await user.type(screen.getByRole('textbox'), 'I do{Enter}And bread')
  for (const resolve of saved.splice(0)) resolve()
  await settled()
  expect(screen.getByRole('textbox')).toHaveValue('And bread')
  await user.keyboard('{Enter}And cake{Enter}')
  expect(sent.map(([text]) => text)).toEqual(['I do', 'And bread', 'And cake'])
  for (const resolve of saved) resolve()
})

test('a message that is refused comes back in front of what was typed since, as the reply it was', async () => {
  const refused: (() => void)[] = []
  const refusal = err({ type: 'not saved', why: 'quota' } as const)
  const { sent, user } = await setup(() => new Promise((resolve) => refused.push(() => resolve(refusal))))
  await user.click(screen.getAllByRole('button', { name: 'Reply to Aino' })[0] as HTMLElement)
  await user.keyboard('I do{Enter}And bread')
  for (const resolve of refused) resolve()
  await settled()
  expect(screen.getByRole('textbox')).toHaveValue('I do\nAnd bread')
  await user.keyboard('{Enter}')
  expect(sent.at(-1)).toEqual(['I do\nAnd bread', 'message 0'])
})

test('whoever sends with the button goes on typing', async () => {
  const { user } = await setup()
  await user.type(screen.getByRole('textbox'), 'I do')
  await user.tab()
  expect(screen.getByRole('button', { name: 'Send' })).toHaveFocus()
  await user.keyboard('{Enter}')
  expect(screen.getByRole('textbox')).toHaveFocus()
})
