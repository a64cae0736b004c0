import { err, type Result } from '@auzolan/core'
import { isSorted, readAction } from './actions.ts'
import type { Cbor } from './cbor-writer.ts'
import { type Control, type Vote, votes } from './control.ts'
import { controlLimits } from './control-limits.ts'
import { entryLimits } from './entry.ts'
import { Fields, mustHold, newerKind, NewerKind, parseList } from './fields.ts'
import { readFounding } from './founding.ts'
import { type HeldFeed, readHeld } from './held-feed.ts'

/** `newer`: a kind this app does not know; the feed waits there. */
export type ControlFault =
  { readonly type: 'newer'; readonly kind: string } | { readonly type: 'malformed'; readonly detail: string }

const SIGNATURE_LENGTH = 64
/** A key and the tag that seals it. */
const WRAP_LENGTH = 48
/** Bytes nobody guesses. */
const LOT_LENGTH = 16
const KEY_LENGTH = 32
/** found → settings → rules → one rule and its name → rule → inner rule. */
const CONTROL_DEPTH = 6

/** A control item's bytes as what they say. Says nothing of whether it was allowed. */
export const parseControl = (bytes: Uint8Array): Result<Control, ControlFault> => {
  try {
    const limits = { depth: CONTROL_DEPTH, length: entryLimits.founding }
    const parsed = parseList(bytes, 'a control item', limits, (fields) =>
      readKind(fields.text('kind', 1, controlLimits.kind), fields),
    )
    return parsed.ok ? parsed : err({ type: 'malformed', detail: parsed.error })
  } catch (error) {
    if (error instanceof NewerKind) return err({ type: 'newer', kind: error.message })
    throw error
  }
}

const readKind = (kind: string, fields: Fields): Control => {
  switch (kind) {
    case 'found':
      return readFounding(fields)
    case 'invite':
      return {
        kind,
        key: fields.bytes('key', KEY_LENGTH),
        uses: fields.integer('uses', 1, controlLimits.uses),
        expires: fields.optional((field) => field.instant('expires')),
        note: fields.text('note', 0, controlLimits.note),
      }
    case 'uninvite':
      return { kind, invite: fields.control('invite') }
    case 'admit':
      return {
        kind,
        invite: fields.control('invite'),
        request: fields.bytesUpTo('request', controlLimits.request),
        byInvite: fields.bytes('byInvite', SIGNATURE_LENGTH),
        byDevice: fields.bytes('byDevice', SIGNATURE_LENGTH),
      }
    case 'addDevice':
      return {
        kind,
        device: fields.device('device'),
        box: fields.bytes('box', KEY_LENGTH),
        label: fields.text('label', 0, controlLimits.name),
        proof: fields.bytes('proof', SIGNATURE_LENGTH),
      }
    case 'sheet':
      return { kind, sheet: fields.device('sheet'), proof: fields.bytes('proof', SIGNATURE_LENGTH) }
    case 'recover':
      return {
        kind,
        request: fields.bytesUpTo('request', controlLimits.request),
        byInvite: fields.bytes('byInvite', SIGNATURE_LENGTH),
        byDevice: fields.bytes('byDevice', SIGNATURE_LENGTH),
      }
    case 'revokeDevice':
      return { kind, device: fields.device('device'), ...readOptionalHeld(fields) }
    case 'leave':
      return { kind }
    case 'sponsor':
    case 'unsuspend':
    case 'confirm':
      return { kind, member: fields.member('member') }
    case 'suspend':
      return { kind, member: fields.member('member'), reason: fields.text('reason', 0, controlLimits.reason) }
    case 'propose':
      return {
        kind,
        action: readAction(fields.next(), controlLimits),
        reason: fields.text('reason', 0, controlLimits.reason),
      }
    case 'ballot':
      return { kind, proposal: fields.control('proposal'), vote: readVote(fields) }
    case 'close':
      return { kind, proposal: fields.control('proposal') }
    case 'ack':
      return { kind, close: fields.control('close') }
    case 'enact':
      return {
        kind,
        proposal: fields.control('proposal'),
        close: fields.optional((field) => field.control('close')),
        ...readOptionalHeld(fields),
      }
    case 'vouch':
      return { kind, end: fields.control('end'), held: readHeld(fields) }
    case 'commit':
      return { kind, proposal: fields.control('proposal'), digest: fields.bytes('digest', 32) }
    case 'reveal':
      return { kind, proposal: fields.control('proposal'), secret: fields.bytes('secret', LOT_LENGTH) }
    case 'epoch':
      return readEpoch(fields)
    case 'rewrap':
      return readRewrap(fields)
    case 'unread':
      return { kind, epoch: fields.control('epoch') }
    case 'seal':
      return { kind, at: fields.control('at') }
    default:
      return newerKind(kind)
  }
}

const readOptionalHeld = (fields: Fields): { readonly held?: readonly HeldFeed[] } =>
  fields.hasMore ? { held: readHeld(fields) } : {}

const readEpoch = (fields: Fields): Extract<Control, { kind: 'epoch' }> => {
  const epoch = {
    kind: 'epoch' as const,
    commitment: fields.bytes('commitment', 32),
    ephemeral: fields.bytes('ephemeral', KEY_LENGTH),
    wraps: fields.bytesUpTo('wraps', entryLimits.control),
    before: fields
      .several('before', 0, entryLimits.heads)
      .map((value) => readWrap(value, (pair) => ({ epoch: pair.control('epoch') }))),
  }
  mustHold(isSorted(epoch.before.map((one) => one.epoch)), 'epochs before are sorted, each once')
  return epoch
}

const readRewrap = (fields: Fields): Extract<Control, { kind: 'rewrap' }> => {
  const rewrap = {
    kind: 'rewrap' as const,
    epoch: fields.control('epoch'),
    ephemeral: fields.bytes('ephemeral', KEY_LENGTH),
    wraps: fields
      .several('wraps', 1, controlLimits.rewraps)
      .map((value) => readWrap(value, (pair) => ({ device: pair.device('device') }))),
  }
  mustHold(isSorted(rewrap.wraps.map(({ device }) => device)), 'wraps are sorted, one a device')
  return rewrap
}

const readWrap = <T>(value: Cbor, read: (pair: Fields) => T): T & { readonly wrap: Uint8Array } => {
  const pair = new Fields(value, 'a wrapped key')
  const wrapped = { ...read(pair), wrap: pair.bytes('wrap', WRAP_LENGTH) }
  pair.end()
  return wrapped
}

const readVote = (fields: Fields): Vote => {
  const vote = fields.text('vote', 1, controlLimits.kind)
  return votes.find((known) => known === vote) ?? newerKind(`vote ${vote}`)
}
