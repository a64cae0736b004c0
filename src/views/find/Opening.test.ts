import type { Peer } from '@auzolan/peer'
import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { Notices } from '../../state/Notices.svelte.ts'
import { Session } from '../../state/Session.svelte.ts'
import find from '../../words/places/find.ts'
import { Words } from '../../words/Words.svelte.ts'
import Group from './Opening.test.svelte'

test('what is typed while the search opens is what it looks for', async () => {
  const peer = {
    watch: () => () => undefined,
    search: () => Promise.resolve({ found: [], reading: false, newest: null }),
  } as unknown as Peer
  const words = new Words()
  words.learn(find)
  const session = new Session(words, new Notices())
  await session.start(() => Promise.resolve(peer))
  render(Group, { session })
  await userEvent.setup().keyboard('/sup{Backspace}n day')
  const field = await screen.findByRole('combobox', {}, { timeout: 10_000 })
  expect(field).toHaveValue('sun day')
  expect(field).toHaveFocus()
})
