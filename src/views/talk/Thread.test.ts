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
beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false }))
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      readonly #tell: (entries: unknown[]) => void
      constructor(tell: (entries: unknown[]) => void) {
        this.#tell = tell
      }
      observe = () => this.#tell([{ isIntersecting: true }])
      disconnect = () => undefined
    },
  )
})

const thread = 'aa' as DocumentId
const aino = { id: 'aino' as MemberId, name: 'Aino', me: false }
const me = { id: 'me' as MemberId, name: 'Me', me: true }
const people = [aino, { id: 'ane' as MemberId, name: 'Ane Soto', me: false }, me].map((each) => ({
  ...each,
  left: false,
}))
const view: ThreadView = {
  thread,
  messages: ['Who brings soup?', 'And bread?'].map((text, at) => ({
    id: `message ${at}` as StatementId,
    by: at === 1 ? me : aino,
    at: 0 as never,
    text,
    replyTo: null,
    cameLater: false,
    unread: at === 1,
    mentions: [],
    earlier: at === 1 ? [{ text: 'And bred?', at: 0 as never }] : [],
    reactions: at === 1 ? [{ reaction: 'yes' as const, by: [me] }] : [],
    became: [],
  })),
}

const settled = () => new Promise(setImmediate)

/** `save`: how the peer answers to each message, in turn. Default: saved at once. */
const setup = async (save: () => Promise<Result<string, Refusal>> = () => Promise.resolve(ok('new'))) => {
  const sent: unknown[][] = []
  const acts: unknown[][] = []
  const peer = {
    watch: <Q extends Query>(query: Q, tell: (answer: Answer<Q>) => void) => {
      if (query.view === 'thread') tell(view as Answer<Q>)
      if (query.view === 'people') tell({ people, invitations: [] } as never)
      return () => undefined
    },
    sendMessage: (...said: unknown[]) => {
      sent.push(said.slice(2))
      return save()
    },
    ...Object.fromEntries(
      ['reviseMessage', 'react', 'markRead'].map((name) => [
        name,
        (...given: unknown[]) => {
          acts.push([name, ...given.slice(2)])
          return Promise.resolve(ok('new'))
        },
      ]),
    ),
  } as unknown as Peer
  const session = new Session(new Words(), new Notices())
  await session.start(() => Promise.resolve(peer))
  const { unmount } = render(InGroup, { session, part: Thread, initiative: thread })
  await screen.findByText('And bread?')
  return { sent, acts, unmount, user: userEvent.setup() }
}

test('a reply is begun and sent by keyboard alone, and says what it replies to', async () => {
  const { sent, user } = await setup()
  screen.getAllByRole('button', { name: 'Reply to Aino' })[0]?.focus()
  await user.keyboard('{Enter}')
  expect(screen.getByText('Replying to Aino')).toBeVisible()
  expect(screen.getByRole('textbox')).toHaveFocus()
  await user.keyboard('I do{Enter}')
  expect(sent).toEqual([['I do', { mentions: [], replyTo: 'message 0' }]])
  expect(screen.queryByText('Replying to Aino')).toBeNull()
})

test('Esc keeps what is typed and no longer replies', async () => {
  const { sent, user } = await setup()
  await user.click(screen.getAllByRole('button', { name: 'Reply to Aino' })[0] as HTMLElement)
  await user.keyboard('All of it{Escape}')
  expect(screen.queryByText('Replying to Aino')).toBeNull()
  await user.keyboard('{Enter}')
  expect(sent).toEqual([['All of it', { mentions: [] }]])
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
  expect(sent.at(-1)).toEqual(['I do\nAnd bread', { mentions: [], replyTo: 'message 0' }])
})

test('whoever sends with the button goes on typing', async () => {
  const { user } = await setup()
  await user.type(screen.getByRole('textbox'), 'I do')
  await user.tab()
  expect(screen.getByRole('button', { name: 'Send' })).toHaveFocus()
  await user.keyboard('{Enter}')
  expect(screen.getByRole('textbox')).toHaveFocus()
})

test('an @ and a few letters find somebody by keyboard, and the message calls them by who they are', async () => {
  const { sent, user } = await setup()
  await user.type(screen.getByRole('textbox'), 'Hello @s')
  expect(screen.getByRole('option', { name: 'Ane Soto' })).toHaveAttribute('aria-selected', 'true')
  await user.keyboard('{Enter}')
  expect(screen.getByRole('textbox')).toHaveValue('Hello @Ane Soto ')
  await user.keyboard('come{Enter}')
  expect(sent).toEqual([['Hello @Ane Soto come', { mentions: ['ane'] }]])
})

test('the arrows choose among names, and Esc leaves the text as it is typed', async () => {
  const { sent, user } = await setup()
  await user.type(screen.getByRole('textbox'), '@{ArrowDown}')
  expect(screen.getAllByRole('option')[1]).toHaveAttribute('aria-selected', 'true')
  await user.keyboard('{Escape}{Enter}')
  expect(screen.queryByRole('listbox')).toBeNull()
  expect(sent).toEqual([['@', { mentions: [] }]])
})

test('one’s own message is changed where new ones are written, and what it said before can be seen', async () => {
  const { acts, user } = await setup()
  expect(screen.getByText('And bred?')).toBeInTheDocument()
  await user.click(screen.getByRole('button', { name: 'Change' }))
  expect(screen.getByRole('textbox')).toHaveValue('And bread?')
  await user.keyboard('{Backspace}, anyone?{Enter}')
  expect(acts).toEqual([['reviseMessage', 'message 1', { text: 'And bread, anyone?', mentions: [] }]])
  expect(screen.queryByText('Changing what you wrote')).toBeNull()
})

test('a quick answer is given by keyboard, and one’s own is taken back by a tap', async () => {
  const { acts, user } = await setup()
  screen.getAllByRole('button', { name: 'Answer Aino with one tap' })[0]?.focus()
  await user.keyboard('{Enter}{Tab}')
  await user.click(screen.getByRole('button', { name: 'Love it' }))
  await user.click(screen.getByRole('button', { name: /^Agreed/ }))
  expect(acts).toEqual([
    ['react', 'message 0', { reaction: 'heart', on: true }],
    ['react', 'message 1', { reaction: 'yes', on: false }],
  ])
})

test('what is new stays new while it is looked at, and is read once its reader leaves', async () => {
  const { acts, unmount } = await setup()
  expect(screen.getByText('New')).toBeVisible()
  expect(acts).toEqual([])
  unmount()
  await settled()
  expect(acts).toEqual([['markRead']])
})
