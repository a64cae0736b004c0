import type { DeviceId, GroupId } from '@auzolan/core'
import {
  type Continues,
  type DeviceKeys,
  encodeControl,
  itemTypes,
  makeEpoch,
  runOf,
  signEntry,
  startFeed,
  type Verifier,
} from '@auzolan/trust'
import type { GroupLog } from '../log/group-log.ts'
import { Told } from '../log/told.ts'
import { groupKey, knownKey } from '../log/layout.ts'
import type { PeerOptions } from '../peer.ts'
import { continuesOf, MAX_GENERATIONS, type Source } from '../workspace/ancestry.ts'
import { Workspace } from '../workspace/workspace.ts'
import { Group } from './group.ts'
import { encodeGroupRecord, type GroupRecord } from './group-record.ts'
import { KnownCopies } from './known-copies.ts'

export interface OpenParts {
  readonly options: PeerOptions
  readonly verifier: Verifier
  /** One log a group, shared by the group itself and those that continue it. */
  readonly logs: (group: GroupId) => Promise<GroupLog>
  readonly engine: () => Promise<void>
  /** A group's workspace, if it is open now. */
  readonly opened: (group: GroupId) => Workspace | undefined
}

/** Opens a group this device takes part in, with the logs of those it continues. */
export const openGroup = async (
  { options, verifier, logs, engine, opened }: OpenParts,
  record: GroupRecord,
  keys: DeviceKeys,
): Promise<Group> => {
  const { store, clock, entropy } = options
  const sources = await openSources(logs, record.group)
  await sources[0]?.log.speakFor(keys.device)
  const workspace = await Workspace.open(store, record.group, sources, sources[1] && opened(sources[1].log.group))
  const group = new Group({
    store,
    clock,
    entropy,
    verifier,
    record,
    keys,
    workspace,
    known: KnownCopies.decode(await store.get(knownKey(record.group))),
    told: await Told.open(store, workspace.log, verifier, keys.device),
    engine,
  })
  await group.openKeys()
  return group
}

/** The group's own log, then those it continues as far as their founding entries have arrived. */
const openSources = async (logs: OpenParts['logs'], group: GroupId): Promise<Source[]> => {
  const sources: Source[] = [{ log: await logs(group) }]
  for (let last = sources.at(-1); last && sources.length < MAX_GENERATIONS; last = sources.at(-1)) {
    const continues = continuesOf(last.log)
    if (!continues) break
    const lines = new Map(continues.frontier.map(({ device, seq, chain }) => [device, { seq, chain }]))
    sources.push({
      log: await logs(continues.group),
      frontier: new Map<DeviceId, number>([...lines].map(([device, { seq }]) => [device, seq])),
      counted: new Map((continues.counted ?? []).map(({ device, seq }) => [device, seq])),
      chainAt: (device) => lines.get(device)?.chain,
    })
  }
  return sources
}

export interface Founding {
  readonly name: string
  readonly purpose: string
  readonly myName: string
  readonly continues: Continues | null
  readonly example: boolean
}

/** Writes the founding entry, the group's first key and this device's record of it, in one transaction. */
export const foundGroup = async (
  { options, logs }: OpenParts,
  keys: DeviceKeys,
  founding: Founding,
): Promise<GroupRecord> => {
  const { clock, entropy } = options
  const { name, purpose, myName, continues, example } = founding
  const control = {
    kind: 'found',
    name,
    purpose,
    founders: [{ device: keys.device, box: keys.box, name: myName, cosign: null }],
    continues,
    nonce: entropy.bytes(16),
  } as const
  const items = [{ type: itemTypes.control, bytes: encodeControl(control) }]
  const signed = await signEntry(startFeed(keys.device), 'founding', keys, { at: clock.now(), heads: [], items })
  const epoch = (await makeEpoch(signed.group, [keys], [], entropy)).control
  const keyed = await signEntry(signed.tip, signed.group, keys, {
    at: clock.now(),
    heads: signed.entry.id ? [signed.entry.id] : [],
    items: [{ type: itemTypes.control, bytes: encodeControl(epoch) }],
  })
  const record: GroupRecord = {
    group: signed.group,
    standing: 'member',
    device: keys.device,
    name,
    since: clock.now(),
    example,
    joining: null,
  }
  const log = await logs(signed.group)
  const also = [{ do: 'put', key: groupKey(signed.group), value: encodeGroupRecord(record) }] as const
  const [receipt] = await log.receive([{ run: runOf([signed.entry, keyed.entry]) }], { durability: 'strict', also })
  if (receipt?.is !== 'accepted') throw new Error(`our own founding entry was not accepted: ${JSON.stringify(receipt)}`)
  return record
}
