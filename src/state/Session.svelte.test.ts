import type { GroupRow } from '@auzolan/core'
import { err, ok } from '@auzolan/core'
import type { Answer, Peer, Query } from '@auzolan/peer'
import { flushSync } from 'svelte'
import { expect, test } from 'vitest'
import { Words } from '../words/Words.svelte.ts'
import { Notices } from './Notices.svelte.ts'
import { Session } from './Session.svelte.ts'

/** A peer that only lists groups, and counts who watches. */
const setupPeer = () => {
  const tells = new Set<(answer: readonly GroupRow[]) => void>()
  const peer = {
    watch: <Q extends Query>(_: Q, tell: (answer: Answer<Q>) => void) => {
      const told = tell as (answer: readonly GroupRow[]) => void
      tells.add(told)
      return () => tells.delete(told)
    },
  } as unknown as Peer
  return { peer, tells, tell: (rows: readonly GroupRow[]) => tells.forEach((told) => told(rows)) }
}
const setupSession = () => new Session(new Words(), new Notices())
const settled = () => new Promise(setImmediate)

test('a view is watched only while something on screen reads it', async () => {
  const { peer, tells, tell } = setupPeer()
  const session = setupSession()
  const seen: unknown[] = []
  const leave = $effect.root(() => {
    $effect(() => {
      seen.push(session.live({ view: 'groups' }).current)
    })
  })
  flushSync()
  expect(tells.size).toBe(0)
  await session.start(() => Promise.resolve(peer))
  await settled()
  expect(tells.size).toBe(1)
  tell([])
  flushSync()
  expect(seen).toEqual([undefined, []])
  leave()
  await settled()
  expect(tells.size).toBe(0)
})

test('one question has one view, whoever asks', () => {
  const session = setupSession()
  expect(session.live({ view: 'groups' })).toBe(session.live({ view: 'groups' }))
})

test('a view made anew knows nothing of what was answered before', async () => {
  const { peer, tell } = setupPeer()
  const session = setupSession()
  await session.start(() => Promise.resolve(peer))
  const leave = $effect.root(() => {
    $effect(() => void session.live({ view: 'groups' }).current)
  })
  flushSync()
  await settled()
  tell([])
  expect(session.live({ view: 'groups' }).current).toEqual([])
  expect(session.anew({ view: 'groups' }).current).toBeUndefined()
  leave()
})

test('a refusal is said in words and gives nothing', async () => {
  const { peer } = setupPeer()
  const session = setupSession()
  await session.start(() => Promise.resolve(peer))
  expect(
    await session.act(() => Promise.resolve(err({ type: 'too long', field: 'title', limit: 200 }))),
  ).toBeUndefined()
  expect(session.notices.latest?.text).toBe('That is too long. At most 200 letters fit here.')
  expect(await session.act(() => Promise.resolve(ok(7)))).toBe(7)
})

test('a window that keeps nothing is told apart from other failures, and can be tried again', async () => {
  const { peer } = setupPeer()
  const session = setupSession()
  const blocked = Object.assign(new Error('no'), { name: 'StorageBlocked' })
  await session.start(() => Promise.reject(blocked))
  expect(session.phase).toEqual({ is: 'blocked' })
  await session.start(() => Promise.reject(new Error('broken')))
  expect(session.phase).toEqual({ is: 'failed', why: 'Error: broken' })
  await session.start(() => Promise.resolve(peer))
  expect(session.phase).toEqual({ is: 'open' })
})
