import { type DocumentId, type GroupId, type HomeView, type Instant, type MemberId } from '@auzolan/core'
import { describe, expect, test } from 'vitest'
import { decodeKeptHome, encodeKeptHome } from './kept-home.ts'

const group = 'aa'.repeat(32) as GroupId
const person = { id: 'bb'.repeat(32) as MemberId, name: 'Ane', me: true }
const home: HomeView = {
  id: group,
  name: { value: 'Repair café', versions: [] },
  purpose: { text: '', heads: [] },
  document: 'cc'.repeat(16) as DocumentId,
  me: person,
  members: 1,
  initiatives: [
    {
      id: 'dd'.repeat(16) as DocumentId,
      title: 'A tool library',
      life: { progress: 'idea', heardAt: 1_800_000_000_000 as Instant, checkOn: null, results: [] },
      startedBy: person,
      startedAt: 1_800_000_000_000 as Instant,
      when: '',
      where: '',
      actions: 0,
      places: 0,
      taken: 0,
      tooMany: 0,
      messages: 3,
      unsettled: 0,
    },
  ],
  messages: 3,
  continues: null,
  unknown: 0,
  example: false,
}

describe('a kept home screen', () => {
  test('is shown as it was', () => {
    expect(decodeKeptHome(group, encodeKeptHome(home))).toEqual(home)
  })

  test('is none when a bit of it has turned', () => {
    const record = encodeKeptHome(home)
    for (let at = 0; at < record.length; at++) {
      const turned = record.slice()
      turned[at] = (turned[at] ?? 0) ^ 4
      expect(decodeKeptHome(group, turned)).toBeUndefined()
    }
  })

  test('is none when it is of another group, or no home screen at all', () => {
    expect(decodeKeptHome('ee'.repeat(32) as GroupId, encodeKeptHome(home))).toBeUndefined()
    const rowless = { ...home, initiatives: [{ title: 'no id', startedBy: person }] } as unknown as HomeView
    expect(decodeKeptHome(group, encodeKeptHome(rowless))).toBeUndefined()
    expect(decodeKeptHome(group, new Uint8Array(3))).toBeUndefined()
  })
})
