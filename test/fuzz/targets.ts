import {
  type Carried,
  collectCode,
  type Collected,
  concatBytes,
  type ControlId,
  cutIntoCodes,
  type DeviceId,
  equalBytes,
  type GroupId,
  type Instant,
  joinCodes,
  readCode,
  writeCode,
} from '@auzolan/core'
import { FrameDecoder, frameTypes, peerIdBytes, peerIdText, type FrameType } from '@auzolan/network'
import * as trust from '@auzolan/trust'
import { base36upper } from 'multiformats/bases/base36'
import { encodeBye, encodeHello, parseBye, parseCredit, parseHello } from '../../packages/network/src/control.ts'
import { encodeNearbyCode, parseNearbyCode } from '../../packages/network/src/nearby/code.ts'
import { decodeAnswer, decodeSigns, encodeAnswer, encodeSigns } from '../../packages/network/src/rendezvous/messages.ts'
import { answerOf, describe } from '../../packages/network/src/nearby/session-description.ts'
import { preparse } from '../../packages/peer/src/documents/preparse.ts'
import { decodeGroupRecord } from '../../packages/peer/src/group/group-record.ts'
import { decodeKeepMessage, encodeKeepMessage, type KeepMessage } from '../../packages/peer/src/keeper/messages.ts'
import { decodeControlRecord } from '../../packages/peer/src/log/control-record.ts'
import { seal } from '../../packages/peer/src/log/sealed.ts'
import { decodeSegment } from '../../packages/peer/src/log/segment.ts'
import { decodeTipRecord } from '../../packages/peer/src/log/tip-record.ts'
import { decodeContent, encodeContent } from '../../packages/peer/src/pack/content.ts'
import { joinParts, splitParts } from '../../packages/peer/src/pack/file.ts'
import { decodeMessage, encodeMessage } from '../../packages/peer/src/sync/messages.ts'
import { decodeSnapshotRecord } from '../../packages/peer/src/workspace/snapshot-record.ts'
import { decodeViewRecord } from '../../packages/peer/src/workspace/view-record.ts'
import written from '../compatibility/version1.json' with { type: 'json' }
import { bytesOf, changes, scripts } from './samples.ts'
import { playScript, trusting } from './script.ts'

/** One reader of what others wrote. `run` throws where a promise is broken, never because the input is bad. */
export interface Target {
  readonly name: string
  readonly seeds: () => Promise<readonly Uint8Array[]>
  readonly run: (input: Uint8Array) => unknown
}

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false }

/** What was read is written again as the same bytes: nothing has two forms. */
const writesBack = <T>(input: Uint8Array, read: Read<T>, write: (value: T) => Uint8Array): void => {
  if (read.ok && !equalBytes(write(read.value), input)) throw new Error('is read, and written otherwise')
}

const group = written.group as GroupId
const run = (): Uint8Array => bytesOf(written.run)
const parts = (bytes: Uint8Array): readonly trust.Cbor[] => {
  const list = trust.decodeCbor(bytes)
  return list.ok && Array.isArray(list.value) ? (list.value as readonly trust.Cbor[]) : []
}
const byteParts = (bytes: Uint8Array): readonly Uint8Array[] =>
  parts(bytes).filter((part): part is Uint8Array => part instanceof Uint8Array)

const checkedRun = async (read: Read<trust.Run>): Promise<void> => {
  if (!read.ok) return
  trust.readRun(group, read.value)
  await trust.checkRun(trust.startFeed(read.value.device), group, read.value, trusting, { ids: 'all' })
}

/** The first byte says which of several readers gets the rest. */
const byFirst =
  (readers: readonly ((rest: Uint8Array) => unknown)[]) =>
  (input: Uint8Array): void =>
    void readers[(input[0] ?? 0) % readers.length]?.(input.subarray(1))
const withFirst = (all: readonly Uint8Array[]): readonly Uint8Array[] =>
  all.map((bytes, at) => concatBytes(Uint8Array.of(at), bytes))

const sumOf = (body: Uint8Array): Uint8Array => trust.sha256(body).subarray(0, 4)
const base64Url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
const bodyOf = (link: string): Uint8Array =>
  Uint8Array.from(Buffer.from(link.slice(link.indexOf('.') + 1), 'base64url')).subarray(0, -4)

/** A link with the right checksum: what it says is what is changed, and what is read says the same again. */
const linkReader =
  <T>(letter: string, parse: (text: unknown) => Read<T>, encode: (value: T) => string) =>
  (body: Uint8Array): void => {
    const text = `${letter}1.${base64Url(concatBytes(body, sumOf(body)))}`
    const read = parse(text)
    if (read.ok && encode(read.value) !== text) throw new Error('a link is read, and written otherwise')
  }

const deviceLink = (): string =>
  trust.encodeDeviceLink({
    purpose: 'own',
    group,
    member: group as string as never,
    device: group as string as DeviceId,
    secret: new Uint8Array(16),
    groupName: 'Elm',
    myName: 'Ada',
    peers: [new Uint8Array(38)],
    hints: ['/ip4/192.168.1.20/tcp/4001/ws'],
  })

const sheet: trust.Sheet = { group, secret: new Uint8Array(16), groupName: 'Elm', myName: 'Ada', peers: [], hints: [] }

/** Typed lines, with whatever somebody puts between them. */
const sheetReader = (typed: Uint8Array): void => {
  const read = trust.parseSheet(new TextDecoder().decode(typed))
  if (!read.ok || read.value.groupName !== '') return
  const again = trust.parseSheet(trust.sheetLines(read.value).join(' '))
  if (!again.ok || again.value.group !== read.value.group)
    throw new Error('typed lines are read, and written otherwise')
}

const frameNames = Object.keys(frameTypes) as readonly FrameType[]

const messageReader = (input: Uint8Array): void => {
  const type = frameNames[(input[0] ?? 0) % frameNames.length] as FrameType
  const read = decodeMessage({ type, payload: input.subarray(1) })
  if (!read.ok) return
  const again = decodeMessage(encodeMessage(read.value))
  if (!again.ok) throw new Error('a message is read, and not when written again')
}

/** Chunks are cut by the input's own bytes; what comes out is the same as in one piece. */
const frameReader = (input: Uint8Array): void => {
  const whole: string[] = []
  const pieces: string[] = []
  const into = (list: string[]) => (frame: { readonly type: number; readonly payload: Uint8Array }) => {
    list.push(`${frame.type} ${frame.payload.join()}`)
    return true
  }
  const first = new FrameDecoder().push(input, into(whole))
  const decoder = new FrameDecoder()
  let last: { readonly ok: boolean } = { ok: true }
  for (let at = 0; at < input.length && last.ok;) {
    const step = 1 + ((input[at] ?? 0) % 32)
    last = decoder.push(input.subarray(at, at + step), into(pieces))
    at += step
  }
  if (whole.join(';') !== pieces.join(';') || first.ok !== last.ok) throw new Error('cut otherwise, read otherwise')
}

const peerReader = (bytes: Uint8Array): void => {
  const text = peerIdText(bytes)
  if (text !== undefined && !equalBytes(peerIdBytes(text) ?? new Uint8Array(0), bytes))
    throw new Error('a peer id is read, and written otherwise')
  peerIdBytes(new TextDecoder().decode(bytes))
}

/** Automerge's own envelope with the right checksum and length around a change's content. */
const changeOf = (content: Uint8Array): Uint8Array => {
  const length: number[] = []
  let left = content.length
  do length.push((left & 127) | (left > 127 ? 128 : 0))
  while ((left >>= 7) > 0)
  const hashed = concatBytes(Uint8Array.of(1, ...length), content)
  return concatBytes(Uint8Array.of(0x85, 0x6f, 0x4a, 0x83), sumOf(hashed), hashed)
}

const certificateSeed = (): Uint8Array => {
  const [first, firstSignature] = byteParts(bytesOf(written.evidence).subarray(0, -4))
  return trust.encodeCbor([
    'auzolan/certificate/1',
    new Uint8Array(32),
    [[first as Uint8Array, firstSignature as Uint8Array, new Uint8Array(3)]],
  ])
}

const carried: readonly Carried[] = ['decision', 'copy']
const codesOf = (kind: Carried, whole: Uint8Array): readonly string[] => {
  const codes = cutIntoCodes(kind, whole)
  return codes.ok ? codes.value : []
}

/** Lines as a camera reads them, of which none has two forms; what they make together is cut into the same ones again. */
const codeReader = (input: Uint8Array): void => {
  const lines = new TextDecoder().decode(input).split('\n')
  for (const line of lines) {
    const read = readCode(line)
    if (read.ok && writeCode(read.value) !== line) throw new Error('a code is read, and written otherwise')
  }
  for (const kind of carried) {
    let collected: Collected | undefined
    for (const line of lines) {
      const taken = collectCode(collected, line, kind)
      if (taken.ok) collected = taken.value
    }
    const whole = collected && joinCodes(collected)
    if (whole?.ok && !codesOf(kind, whole.value).every((code) => lines.includes(code)))
      throw new Error('codes were put together, and are cut otherwise')
  }
}

/** The bytes of a code to meet by: as they are, and as the text that carries them. */
const nearbyReader = (input: Uint8Array): void => {
  parseNearbyCode(new TextDecoder().decode(input))
  const text = `AUZOLAN:${base36upper.encode(input)}`
  const read = parseNearbyCode(text)
  if (!read.ok) return
  if (encodeNearbyCode(read.value) !== text) throw new Error('a code to meet by is read, and written otherwise')
  if (!describe(answerOf(read.value, 'active'))) throw new Error('an answer was made that cannot be read')
}

export const targets: readonly Target[] = [
  {
    name: 'cbor',
    seeds: async () => [
      run(),
      trust.encodeCbor(
        new Map<string, trust.Cbor>([
          ['a', -1],
          ['bb', [true, 'é', null]],
        ]),
      ),
    ],
    run: (input) => writesBack(input, trust.decodeCbor(input), trust.encodeCbor),
  },
  {
    name: 'entry',
    seeds: async () =>
      withFirst([
        byteParts(bytesOf(written.evidence).subarray(0, -4))[0] as Uint8Array,
        bytesOf(written.evidence).subarray(0, -4),
      ]),
    run: async (input) => {
      byFirst([
        (bytes) => trust.parseHeader(bytes),
        (bytes) => writesBack(bytes, trust.decodeEvidence(bytes), trust.encodeEvidence),
      ])(input)
      const evidence = trust.decodeEvidence(input.subarray(1))
      if (evidence.ok) await trust.checkEvidence(evidence.value, trusting)
    },
  },
  {
    name: 'run',
    seeds: async () => [run()],
    run: async (input) => {
      const read = trust.decodeRun(input)
      writesBack(input, read, trust.encodeRun)
      await checkedRun(read)
    },
  },
  {
    name: 'segment',
    seeds: async () => [bytesOf(written.segment)],
    run: async (input) => checkedRun(decodeSegment(input)),
  },
  {
    name: 'control',
    seeds: async () =>
      scripts().flatMap((script) =>
        parts(script).map((step) => trust.encodeCbor((step as readonly trust.Cbor[])[2] as trust.Cbor)),
      ),
    run: (input) => writesBack(input, trust.parseControl(input), trust.encodeControl),
  },
  { name: 'log', seeds: async () => scripts(), run: playScript },
  {
    name: 'link',
    seeds: async () =>
      withFirst([
        bodyOf(written.invitation),
        bodyOf(deviceLink()),
        new TextEncoder().encode(written.invitation),
        bodyOf(trust.encodeSheet(sheet)),
        new TextEncoder().encode(trust.sheetLines(sheet).join(' ')),
      ]),
    run: byFirst([
      linkReader('v', trust.parseInvitation, trust.encodeInvitation),
      linkReader('d', trust.parseDeviceLink, trust.encodeDeviceLink),
      (bytes) => trust.parseInvitation(new TextDecoder().decode(bytes)),
      linkReader('s', trust.parseSheet, trust.encodeSheet),
      sheetReader,
    ]),
  },
  {
    name: 'request',
    seeds: async () => {
      const asked = parts(bytesOf(written.frames.find(({ type }) => type === 'join')?.payload ?? ''))[1] as Uint8Array
      const [, ...fields] = parts(asked)
      const key = new Uint8Array(32)
      return withFirst([
        asked,
        trust.encodeCbor(['auzolan/link/1', fields[0] as trust.Cbor, key, key, key, key, 'phone']),
        trust.encodeCbor(['auzolan/recovery/1', fields[0] as trust.Cbor, key, key, key, 'phone']),
      ])
    },
    run: byFirst([
      (bytes) => trust.parseJoinRequest(bytes),
      (bytes) => trust.parseDeviceRequest(bytes),
      (bytes) => trust.parseRecoveryRequest(bytes),
    ]),
  },
  {
    name: 'certificate',
    seeds: async () => [certificateSeed()],
    run: async (input) => void (await trust.verifyCertificate(input, trusting)),
  },
  {
    name: 'code',
    seeds: async () =>
      carried.flatMap((kind) =>
        [run().subarray(0, 40), concatBytes(run(), run())].map((whole) =>
          new TextEncoder().encode(codesOf(kind, whole).toReversed().join('\n')),
        ),
      ),
    run: codeReader,
  },
  {
    name: 'message',
    seeds: async () =>
      written.frames.map(({ type, payload }) =>
        concatBytes(Uint8Array.of(frameNames.indexOf(type as FrameType)), bytesOf(payload)),
      ),
    run: messageReader,
  },
  {
    name: 'nearby',
    seeds: async () =>
      (['ip4', 'ip6', 'name'] as const).map((kind) => {
        const [key, fingerprint] = [new Uint8Array(32), new Uint8Array(32)]
        const places = [{ kind, address: new Uint8Array(kind === 'ip4' ? 4 : 16), port: 7 }]
        const text = encodeNearbyCode({ key, fragment: 'abcd', password: 'x'.repeat(24), fingerprint, places })
        return base36upper.decode(text.slice('AUZOLAN:'.length))
      }),
    run: nearbyReader,
  },
  {
    name: 'rendezvous',
    seeds: async () => {
      const sign = { tag: new Uint8Array(32).fill(1), note: new Uint8Array(16).fill(2) }
      const peer = peerIdText(concatBytes(Uint8Array.of(0, 36, 8, 1, 18, 32), new Uint8Array(32))) ?? ''
      const told = { peer, note: sign.note }
      return [
        ...withFirst([encodeSigns([sign]), encodeAnswer([[told]])]),
        ...withFirst([encodeSigns([sign, sign]), encodeAnswer([[], [told, told]])]),
        ...withFirst([encodeSigns([]), encodeAnswer([])]),
      ]
    },
    run: byFirst([
      (bytes) => writesBack(bytes, decodeSigns(bytes), encodeSigns),
      (bytes) => writesBack(bytes, decodeAnswer(bytes, bytes[1] ?? 0), encodeAnswer),
    ]),
  },
  {
    name: 'pack',
    seeds: async () => {
      const keys = new trust.EpochKeys(group as string as ControlId, new Uint8Array(32))
      const entropy = { bytes: (length: number) => new Uint8Array(length) }
      const read = trust.decodeRun(run())
      const inside = encodeContent({
        group,
        heads: [],
        parcels: read.ok ? [{ run: read.value }] : [],
        proofs: [new Uint8Array(8)],
        alone: [],
      })
      const sealed = await trust.sealPack(keys, inside, 0 as Instant, entropy)
      const id = group as string as ControlId
      const handed = await trust.encodePackKeys(group, { id, key: new Uint8Array(32), keys }, [], entropy)
      return withFirst([sealed, handed, inside, joinParts([handed, sealed]), joinParts([sealed])])
    },
    run: async (input) => {
      const bytes = input.subarray(1)
      const pack = await trust.checkPack(bytes, trusting)
      if (pack.ok) trust.openPack(pack.value, new trust.EpochKeys(group as string as ControlId, new Uint8Array(32)))
      await trust.checkPackKeys(bytes, new Uint8Array(32), trusting)
      decodeContent(bytes)
      const parts = splitParts(bytes)
      if (parts && !equalBytes(joinParts(parts), bytes)) throw new Error('a file is read, and written otherwise')
    },
  },
  {
    name: 'keeper',
    seeds: async () => {
      const [number, relay, signature] = [3, new Uint8Array(32), new Uint8Array(64)]
      const said: readonly KeepMessage[] = [
        { say: 'desk', nonce: new Uint8Array(32) },
        { say: 'enter', number, proofs: [{ relay, signature }] },
        { say: 'in', number, which: 1, shelf: new Uint8Array(16), handed: true },
        { say: 'next', number, relay, signature },
        { say: 'get', number, after: 70_000 },
        { say: 'pack', number, at: 9, relay: null, bytes: run() },
        { say: 'put', number, relay, bytes: Uint8Array.of(1) },
        { say: 'refused', number, why: 'stranger' },
        { say: 'news', number },
      ]
      const invitation = trust.encodeKeeperInvitation([relay, relay])
      return [
        ...said.map((message) => concatBytes(Uint8Array.of(0), encodeKeepMessage(message))),
        concatBytes(Uint8Array.of(1), bodyOf(invitation)),
      ]
    },
    run: byFirst([
      (bytes) => {
        const read = decodeKeepMessage(bytes)
        if (!read.ok || read.value.say === 'refused') return
        // Fields behind those that are known are not kept.
        const again = encodeKeepMessage(read.value)
        const twice = decodeKeepMessage(again)
        if (!twice.ok || !equalBytes(encodeKeepMessage(twice.value), again))
          throw new Error('is read, and written otherwise')
      },
      linkReader('k', trust.parseKeeperInvitation, trust.encodeKeeperInvitation),
    ]),
  },
  {
    name: 'link-control',
    seeds: async () =>
      withFirst([
        encodeHello('auzolan/1').subarray(5),
        encodeBye({ type: 'silent', milliseconds: 30_000 }).subarray(5),
        Uint8Array.of(0, 0, 1, 0),
        concatBytes(encodeHello('auzolan/1'), encodeBye({ type: 'over quota', detail: 'frames' })),
        concatBytes(Uint8Array.of(0, 36, 8, 1, 18, 32), new Uint8Array(32)),
      ]),
    run: byFirst([parseHello, parseBye, parseCredit, frameReader, peerReader]),
  },
  {
    name: 'record',
    seeds: async () => {
      const { tip, control, member, joining, snapshot, view } = written
      return withFirst(
        [tip, control, member, snapshot, view, control, joining].map((hex) => bytesOf(hex).subarray(0, -4)),
      )
    },
    run: byFirst(
      [
        decodeTipRecord,
        (bytes: Uint8Array) => decodeControlRecord(group, bytes),
        decodeGroupRecord,
        decodeSnapshotRecord,
        decodeViewRecord,
      ].map((decode) => (bytes: Uint8Array) => decode(seal(bytes))),
    ),
  },
  {
    name: 'change',
    seeds: async () => changes.map(bytesOf),
    run: (input) => void preparse(changeOf(input)),
  },
]
