import type { DeviceId, Instant } from '@auzolan/core'
import { type Frame, type FrameType, frameTypes, type Link, MemoryHub } from '@auzolan/network'
import { openMemoryStore } from '@auzolan/storage'
import {
  type DeviceKeys,
  encodeControl,
  handshakeTag,
  itemTypes,
  makeProof,
  openVerifier,
  runOf,
  seededKeys,
  signEntry,
  startFeed,
  type Verifier,
} from '@auzolan/trust'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { GroupLog } from '../log/group-log.ts'
import { decodeMessage, encodeMessage, type Message } from './messages.ts'
import { Replica } from './replica.ts'
import { Session } from './session.ts'
import type { SharedGroup } from './shared-group.ts'

let verifier: Verifier
let ada: DeviceKeys
let ben: DeviceKeys
// Without WebCrypto's threads all work is done after a few turns.
beforeAll(async () => {
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
  verifier = await openVerifier()
  ada = await seededKeys(new Uint8Array(32).fill(1))
  ben = await seededKeys(new Uint8Array(32).fill(2))
})
afterAll(() => {
  vi.unstubAllGlobals()
})

/** The key that all of the group share. */
const presence = new Uint8Array(32).fill(6)
const at = 1_800_000_000_000 as Instant
let seed = 0
const entropy = { bytes: (length: number) => new Uint8Array(length).fill((seed += 1)) }

/** A group of Ada's and Ben's devices, as one of them holds it. */
const shared = async (keys: DeviceKeys, extra: number): Promise<SharedGroup & { readonly log: GroupLog }> => {
  const founders = [ada, ben].map(({ device, box }) => ({ device, box, name: 'x', cosign: null }))
  const founding = {
    kind: 'found' as const,
    name: 'Elm',
    purpose: '',
    founders: [founders[0]!],
    continues: null,
    nonce: new Uint8Array(16),
  }
  const signed = await signEntry(startFeed(ada.device), 'founding', ada, {
    at,
    heads: [],
    items: [{ type: itemTypes.control, bytes: encodeControl(founding) }],
  })
  const log = await GroupLog.open(openMemoryStore(), signed.group, verifier)
  await log.receive([{ run: runOf([signed.entry]) }])
  for (let entry = 0; entry < extra; entry++)
    await log.append(ada, at, [{ type: itemTypes.statement, bytes: new Uint8Array(50).fill(entry) }])
  return {
    log,
    keys,
    replica: new Replica(signed.group, [{ log }]),
    presence: { shown: () => [presence], known: [presence] },
    joining: undefined,
    openInvitations: () => [],
    isActive: () => true,
    endings: {
      of: () => undefined,
      heads: log.control.heads,
      has: (id) => log.control.has(id),
      prove: () => undefined,
      hear: () => Promise.resolve('nothing new' as const),
      heardBy: () => undefined,
    },
    admit: () => Promise.resolve('failed' as const),
    onFound: () => undefined,
    onAsked: () => undefined,
    onAdmitted: () => undefined,
    onRefused: () => undefined,
    onMet: () => undefined,
    onParted: () => undefined,
    onKnown: () => undefined,
    onNear: () => undefined,
    onProgress: () => undefined,
  }
}

const meet = async (left: readonly SharedGroup[], right: readonly SharedGroup[]) => {
  const hub = new MemoryHub()
  const seen: { from: string; frame: Frame }[] = []
  hub.corrupt = (frame, from) => {
    seen.push({ from, frame })
    return frame
  }
  const sessions: Session[] = []
  for (const [self, groups] of [
    ['left', left],
    ['right', right],
  ] as const)
    await hub
      .network(self)
      .start((link) => sessions.push(new Session(link, { self, entropy, verifier, groups: () => groups })))
  hub.connect('left', 'right')
  const settle = () =>
    hub.settle(async () => {
      for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve))
    })
  await settle()
  const said = (from: string) =>
    seen
      .filter((each) => each.from === from)
      .map(({ frame }) => decodeMessage(frame))
      .map((message) => (message.ok ? message.value.say : 'unreadable'))
  return { hub, seen, said, settle, sessions }
}

/** A peer that says what it likes. */
const stranger = async (groups: readonly SharedGroup[]) => {
  const hub = new MemoryHub()
  let link!: Link
  const heard: Frame[] = []
  let session!: Session
  await hub.network('left').start((its) => {
    session = new Session(its, { self: 'left', entropy, verifier, groups: () => groups })
  })
  await hub.network('right').start((its) => {
    link = its
    its.onFrame((frame) => void heard.push(frame))
  })
  hub.connect('left', 'right')
  const settle = () =>
    hub.settle(async () => {
      for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve))
    })
  await settle()
  return {
    hub,
    link,
    heard,
    settle,
    session: () => session,
    say: async (message: Message) => {
      await link.send(encodeMessage(message)).catch(() => undefined)
      await settle()
    },
  }
}

describe('a session', () => {
  test('between two who hold the same says one small message each way about a group', async () => {
    const { seen, said } = await meet([await shared(ada, 5)], [await shared(ben, 5)])
    for (const side of ['left', 'right']) {
      expect(said(side)).toEqual(['nonce', 'tags', 'member', 'frontier'])
      const frontier = seen.find(({ from, frame }) => from === side && frame.type === 'frontier')
      expect(frontier?.frame.payload.length).toBeLessThanOrEqual(64)
    }
  })

  test('brings each what it lacks', async () => {
    const [left, right] = [await shared(ada, 40), await shared(ben, 3)]
    const { settle } = await meet([left], [right])
    await settle()
    expect(right.log.frontier()).toEqual(left.log.frontier())
  })

  test('tells somebody with no group in common nothing but a number of tags that does not count them', async () => {
    const { heard, say } = await stranger([await shared(ada, 1)])
    await say({ say: 'nonce', nonce: new Uint8Array(32) })
    const messages = heard.map(decodeMessage).map((message) => (message.ok ? message.value : undefined))
    expect(messages.map((message) => message?.say)).toEqual(['nonce', 'tags'])
    expect(messages.find((message) => message?.say === 'tags')).toMatchObject({ tags: { length: 16 } })
  })

  test('hears on while nothing of what it says can leave', async () => {
    let take: ((frame: Frame) => void | Promise<void>) | undefined
    const full: Link = {
      remote: 'right',
      path: 'memory',
      opener: true,
      closed: new Promise(() => undefined),
      send: () => new Promise(() => undefined),
      onFrame: (handler) => (take = handler),
      close: () => undefined,
    }
    const group = await shared(ada, 3)
    void new Session(full, { self: 'left', entropy, verifier, groups: () => [group] })
    const tag = new Uint8Array(16)
    const heard = (async () => {
      for (const message of [
        { say: 'nonce', nonce: new Uint8Array(32).fill(9) },
        { say: 'tags', tags: [tag] },
        { say: 'member', tag, index: 0, device: ben.device, signature: new Uint8Array(64) },
      ] as const)
        await take?.(encodeMessage(message))
      return 'heard'
    })()
    const later = (async () => {
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
      return 'stuck'
    })()
    expect(await Promise.race([heard, later])).toBe('heard')
  })

  test('hands the request of a further device to nobody but the device it names', async () => {
    const key = new Uint8Array(32).fill(7)
    const proof = { request: Uint8Array.of(1), byInvite: new Uint8Array(64), byDevice: new Uint8Array(64) }
    const invited = { ...(await shared(ben, 1)), openInvitations: () => [{ id: 'own device' as const, key }] }
    const saidWith = async (only: DeviceId | null) => {
      const { said } = await meet(
        [
          {
            ...(await shared(ada, 1)),
            presence: { shown: () => [], known: [] },
            joining: { inviteKey: key, proof, only },
          },
        ],
        [invited],
      )
      return said('left').includes('join')
    }
    expect([await saidWith(ben.device), await saidWith(null), await saidWith(ada.device)]).toEqual([true, true, false])
  })

  test('ends at whatever comes before the nonce', async () => {
    const { link, say } = await stranger([await shared(ada, 1)])
    await say({ say: 'tags', tags: [] })
    expect(await link.closed).toMatchObject({ type: 'protocol' })
  })

  test('takes neither its own proof back nor one from another connection, and ends when that goes on', async () => {
    const group = await shared(ada, 1)
    const { link, heard, say } = await stranger([group])
    const nonce = new Uint8Array(32).fill(9)
    await say({ say: 'nonce', nonce })
    const told = heard
      .map(decodeMessage)
      .flatMap((message) => (message.ok && message.value.say === 'tags' ? [message.value] : []))[0]!
    for (let reflected = 0; reflected < 10; reflected++)
      await say({
        say: 'member',
        tag: told.tags[reflected % 16]!,
        index: 0,
        device: ada.device,
        signature: new Uint8Array(64),
      })
    expect(await link.closed).toMatchObject({ type: 'protocol' })
    expect(heard.some(({ type }) => type === 'frontier' || type === 'entries')).toBe(false)
  })
})

/** A proof as `keys` would make it on the stranger's connection, or on another one. */
const prove = async (
  { replica }: SharedGroup,
  keys: DeviceKeys,
  { heard, say }: Awaited<ReturnType<typeof stranger>>,
  on: 'this connection' | 'another connection',
): Promise<void> => {
  const mine = new Uint8Array(32).fill(9)
  await say({ say: 'nonce', nonce: mine })
  const theirs = heard
    .map(decodeMessage)
    .flatMap((message) => (message.ok && message.value.say === 'nonce' ? [message.value.nonce] : []))[0]!
  const peers = ['left', 'right'] as const
  const tag = handshakeTag(presence, 'accepter', [theirs, mine], peers)
  const nonces = [theirs, on === 'this connection' ? mine : new Uint8Array(32).fill(8)] as const
  const signature = await makeProof(keys, replica.group, 'accepter', nonces, peers)
  await say({ say: 'tags', tags: [tag] })
  await say({ say: 'member', tag, index: 0, device: keys.device, signature })
  await say({ say: 'frontier', index: 0, digest: new Uint8Array(32), lines: [] })
}

describe('a proof', () => {
  test('counts on the connection it was made on, and on no other', async () => {
    const group = await shared(ada, 3)
    const [here, elsewhere] = [await stranger([group]), await stranger([group])]
    await prove(group, ben, here, 'this connection')
    await prove(group, ben, elsewhere, 'another connection')
    expect(here.heard.some(({ type }) => type === 'entries')).toBe(true)
    expect(elsewhere.heard.some(({ type }) => type === 'frontier' || type === 'entries')).toBe(false)
  })

  test('of a device that was never let in, or has left, brings no entries', async () => {
    const group = await shared(ada, 3)
    const heard = []
    for (const isActive of [() => true, () => false]) {
      const some = await stranger([{ ...group, isActive }])
      await prove(group, ben, some, 'this connection')
      await some.say({ say: 'want', index: 0, device: ada.device, from: 1, to: null })
      await some.say({ say: 'want', index: 0, device: ada.device, from: 1, to: 2 })
      heard.push(some.heard.filter(({ type }) => type === 'entries').length > 0)
    }
    expect(heard).toEqual([true, false])
  })

  test('that comes while its group is being opened counts once it is', async () => {
    const group = await shared(ada, 3)
    const groups: SharedGroup[] = []
    const some = await stranger(groups)
    await prove(group, ben, some, 'this connection')
    expect(some.heard.some(({ type }) => type === 'entries')).toBe(false)
    groups.push(group)
    await some.session().greet()
    await some.say({ say: 'frontier', index: 0, digest: new Uint8Array(32), lines: [] })
    expect(some.heard.some(({ type }) => type === 'entries')).toBe(true)
  })
})

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const device = bytes(32).map((id) => [...id].map((byte) => byte.toString(16).padStart(2, '0')).join('') as DeviceId)
const count = fc.nat(1_000_000)
const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ say: fc.constant('nonce' as const), nonce: bytes(32) }),
  fc.record({ say: fc.constant('tags' as const), tags: fc.array(bytes(16), { maxLength: 8 }) }),
  fc.record({ say: fc.constant('member' as const), tag: bytes(16), index: fc.nat(200), device, signature: bytes(64) }),
  fc.record({ say: fc.constant('asked' as const), tag: bytes(16) }),
  fc.record({ say: fc.constant('refused' as const), tag: bytes(16), why: fc.string({ maxLength: 50 }) }),
  fc.record({
    say: fc.constant('frontier' as const),
    index: fc.nat(200),
    digest: bytes(32),
    lines: fc.option(fc.array(fc.record({ device, seq: count, chain: bytes(8) }), { maxLength: 5 })),
  }),
  fc.record({
    say: fc.constant('have' as const),
    index: fc.nat(200),
    taken: count,
    lines: fc.array(fc.record({ device, seq: count }), { maxLength: 5 }),
  }),
  fc.record({ say: fc.constant('want' as const), index: fc.nat(200), device, from: count, to: fc.option(count) }),
  fc.record({
    say: fc.constant('claim' as const),
    index: fc.nat(200),
    header: fc.uint8Array({ maxLength: 50 }),
    signature: bytes(64),
  }),
  fc.record({ say: fc.constant('evidence' as const), index: fc.nat(200), evidence: fc.uint8Array({ maxLength: 50 }) }),
)

describe('messages', () => {
  test('are read as they were written', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(decodeMessage(encodeMessage(message))).toEqual({ ok: true, value: message })
      }),
    )
  })

  test('of whatever bytes never throw', () => {
    const types = Object.keys(frameTypes) as FrameType[]
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.uint8Array({ maxLength: 100 }),
        (type, payload) => void decodeMessage({ type, payload }),
      ),
      { numRuns: 1000 },
    )
  })

  test('with bytes changed never throw', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(2000), fc.nat(255), (message, where, byte) => {
        const { type, payload } = encodeMessage(message)
        payload[where % payload.length] = byte
        decodeMessage({ type, payload })
      }),
      { numRuns: 1000 },
    )
  })
})
