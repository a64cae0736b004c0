import { DeviceId, GroupId, type Instant, toHex } from '@auzolan/core'
import type { Sign } from '@auzolan/network'
import { describe, expect, test } from 'vitest'
import { Gathering } from './gathering.ts'

const DAY = 24 * 60 * 60 * 1000
const key = (fill: number) => new Uint8Array(32).fill(fill)

const groupOf = (id: number, keys: readonly number[], invitations: readonly number[] = []) => ({
  id: GroupId.fromBytes(key(id)),
  record: {
    group: GroupId.fromBytes(key(id)),
    standing: 'member' as const,
    device: DeviceId.fromBytes(key(9)),
    name: '',
    since: 0 as Instant,
    example: false,
    joining: null,
  },
  presence: { known: [], shown: () => keys.map(key) },
  joining: undefined,
  openInvitations: () => invitations.map((each) => ({ id: 'sheet' as const, key: key(each) })),
})

const found = (sign: Sign, peer: string) => ({ ...sign, peer })

describe('signs at a relay', () => {
  test('two of one group find each other, also where their clocks are a day apart', () => {
    const [ada, ben] = [new Gathering(), new Gathering()]
    const byAda = ada.signs([groupOf(1, [5])], 'ada', 100 * DAY) ?? []
    const byBen = ben.signs([groupOf(2, [7]), groupOf(1, [6, 5])], 'ben', 101 * DAY + 7) ?? []
    const shared = byBen.filter(({ tag }) => byAda.some((other) => other.tag.join() === tag.join()))
    expect(shared).toHaveLength(1)
    expect(ada.take(found(shared[0] as Sign, 'ben'))).toBe(true)
    expect([...ada.found]).toEqual(['ben'])
    expect(ada.take(found(shared[0] as Sign, 'ben'))).toBe(false)
  })

  test('have the bytes that are written down', () => {
    const [first] = new Gathering().signs([groupOf(1, [5])], 'ada', 20_000 * DAY) ?? []
    expect(toHex(first?.tag ?? key(0))).toBe('f68df8aecab2482603ae294d3bad4684857a8fbeea394ac898e681b0382038ce')
    expect(toHex(first?.note ?? key(0))).toBe('129e9c2d757e409182dcf855d450e393')
  })

  test('nobody is believed who was not named by one of the group', () => {
    const ada = new Gathering()
    const [sign] = ada.signs([groupOf(1, [5])], 'ada', 0) ?? []
    if (!sign) throw new Error('no sign')
    expect(ada.take(found(sign, 'mallory'))).toBe(false)
    expect(ada.take(found({ ...sign, note: new Uint8Array(16) }, 'ada'))).toBe(false)
    expect(ada.take(found({ ...sign, tag: key(3) }, 'ada'))).toBe(false)
    expect(ada.found.size).toBe(0)
  })

  test('say nothing of the group, and are others the next day and under another key', () => {
    const tags = [0, 2 * DAY].flatMap((now) =>
      [5, 6].flatMap((each) =>
        (new Gathering().signs([groupOf(1, [each])], 'ada', now) ?? []).map(({ tag }) => tag.join()),
      ),
    )
    expect(new Set(tags).size).toBe(8)
    const fresh = new Gathering()
    expect(fresh.signs([groupOf(1, [5])], 'ada', 0)).toHaveLength(2)
    expect(fresh.signs([groupOf(1, [5])], 'ada', DAY - 1)).toBeUndefined()
    expect(fresh.signs([groupOf(1, [5])], 'ada', DAY)).toHaveLength(2)
  })

  test('are as many as a relay takes, of every group some', () => {
    const groups = Array.from({ length: 40 }, (_, id) => groupOf(id, [id, id + 50, id + 100], [id, id + 1]))
    expect(new Gathering().signs(groups, 'ada', 0)).toHaveLength(64)
  })
})
