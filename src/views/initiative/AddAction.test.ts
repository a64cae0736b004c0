import { type ActionId, type DocumentId, err, ok, type Result } from '@auzolan/core'
import type { Peer, Refusal } from '@auzolan/peer'
import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { Notices } from '../../state/Notices.svelte.ts'
import { Session } from '../../state/Session.svelte.ts'
import { Words } from '../../words/Words.svelte.ts'
import InGroup from '../InGroup.test.svelte'
import AddAction from './AddAction.svelte'

type Answer = Result<ActionId, Refusal>

/** A peer that answers when told to. */
const setup = async () => {
  const planned: unknown[] = []
  const answers: ((answer: Answer) => void)[] = []
  const peer = {
    planAction: (...said: unknown[]) => {
      planned.push(said.at(-1))
      return new Promise<Answer>((resolve) => answers.push(resolve))
    },
  } as unknown as Peer
  const session = new Session(new Words(), new Notices())
  await session.start(() => Promise.resolve(peer))
  render(InGroup, { session, part: AddAction, initiative: 'aa' as DocumentId })
  const answer = async (given: Answer) => {
    for (const resolve of answers.splice(0)) resolve(given)
    await new Promise(setImmediate)
  }
  return { planned, answer, user: userEvent.setup() }
}

test('the next action can be typed while one is being saved', async () => {
  const { planned, answer, user } = await setup()
  await user.type(screen.getByRole('textbox'), 'Fixers')
  await user.click(screen.getByRole('button', { name: 'One more' }))
  await user.click(screen.getByRole('button', { name: 'Add' }))
  expect(screen.getByRole('textbox')).toHaveFocus()
  await user.keyboard('Coffee')
  await answer(ok('aa' as ActionId))
  expect(screen.getByRole('textbox')).toHaveValue('Coffee')
  await user.keyboard('{Enter}')
  expect(planned).toEqual([
    { title: 'Fixers', places: 2 },
    { title: 'Coffee', places: 1 },
  ])
})

test('an action that is refused comes back in front of what was typed since', async () => {
  const { answer, user } = await setup()
  await user.type(screen.getByRole('textbox'), 'Fixers{Enter}and more')
  await answer(err({ type: 'not saved', why: 'quota' }))
  expect(screen.getByRole('textbox')).toHaveValue('Fixers and more')
})
