import { gcm } from '@noble/ciphers/aes.js'
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import {
  concatBytes,
  ControlId,
  DeviceId,
  equalBytes,
  err,
  GroupId,
  ok,
  type Entropy,
  type Result,
} from '@auzolan/core'
import { agreerOf } from './agree.ts'
import type { Control } from './control.ts'
import { derived, mac, withLabel } from './digest.ts'
import { signerOf, type DeviceKeys } from './keys.ts'
import { digestLabels } from './labels.ts'

export type Epoch = Extract<Control, { kind: 'epoch' }>
export type Rewrap = Extract<Control, { kind: 'rewrap' }>

/** A device that an epoch's key is wrapped to. */
export interface Recipient {
  readonly device: DeviceId
  /** X25519 public key. */
  readonly box: Uint8Array
}

/** An epoch's key as one device is handed it. */
export interface Wrap {
  readonly ephemeral: Uint8Array
  readonly wrap: Uint8Array
}

export interface EpochFault {
  /** `bad wrap`: does not open, or not to the key that was committed to. Whoever has the key can hand it again (`rewrapEpoch`). */
  readonly type: 'not handed on' | 'bad wrap'
}

const KEY_LENGTH = 32
const TAG_LENGTH = 16
const NONCE_LENGTH = 12
/** Bytes of one wrapped key. */
export const WRAP_LENGTH = KEY_LENGTH + TAG_LENGTH
/** Every wrapping key wraps one thing. */
const ONCE = new Uint8Array(NONCE_LENGTH)

/**
 * A fresh content key for exactly these devices (`TRUST.md` T9), and the control item that hands it to them. `before`: epochs and keys that
 * whoever gets this one may read, too. Throws `RangeError` where a recipient's key is none: it was checked when the device came in.
 */
export const makeEpoch = async (
  group: GroupId,
  recipients: readonly Recipient[],
  before: readonly { readonly epoch: ControlId; readonly key: Uint8Array }[],
  entropy: Entropy,
): Promise<{ readonly control: Epoch; readonly key: Uint8Array }> => {
  const key = entropy.bytes(KEY_LENGTH)
  const { ephemeral, wraps } = await wrapTo(group, key, recipients, entropy)
  const control: Epoch = {
    kind: 'epoch',
    commitment: commitmentOf(group, ephemeral, key),
    ephemeral,
    wraps: concatBytes(...wraps.map(({ wrap }) => wrap)),
    before: [...before]
      .sort((left, right) => (left.epoch < right.epoch ? -1 : 1))
      .map(({ epoch, key: earlier }) => ({ epoch, wrap: gcm(earlierKey(key, epoch), ONCE).encrypt(earlier) })),
  }
  return { control, key }
}

/** Hands the key of an epoch to devices that it was not made for, or cannot open what they got. Throws as `makeEpoch`. */
export const rewrapEpoch = async (
  group: GroupId,
  epoch: ControlId,
  key: Uint8Array,
  recipients: readonly Recipient[],
  entropy: Entropy,
): Promise<Rewrap> => ({ kind: 'rewrap', epoch, ...(await wrapTo(group, key, recipients, entropy)) })

const wrapTo = async (
  group: GroupId,
  key: Uint8Array,
  recipients: readonly Recipient[],
  entropy: Entropy,
): Promise<Pick<Rewrap, 'ephemeral' | 'wraps'>> => {
  const secret = entropy.bytes(KEY_LENGTH)
  const ephemeral = x25519.getPublicKey(secret)
  const agree = await agreerOf(secret)
  const wraps = await Promise.all(
    inOrder(recipients).map(async ({ device, box }) => {
      const wrapping = await agree('auzolan/agree/epoch/1', box, contextOf(group, ephemeral, device, box))
      if (!wrapping) throw new RangeError('a recipient has no proper key')
      return { device, wrap: gcm(wrapping, ONCE).encrypt(key) }
    }),
  )
  return { ephemeral, wraps }
}

/** The key of an epoch out of what this device was handed, checked against the epoch's commitment. */
export const openEpoch = async (
  group: GroupId,
  { commitment, ephemeral: own }: Epoch,
  { ephemeral, wrap }: Wrap,
  keys: Pick<DeviceKeys, 'device' | 'box' | 'agree'>,
): Promise<Result<Uint8Array, EpochFault>> => {
  const context = contextOf(group, ephemeral, keys.device, keys.box)
  const wrapping = await keys.agree('auzolan/agree/epoch/1', ephemeral, context)
  const key = wrapping && opened(wrapping, ONCE, wrap)
  return key && equalBytes(commitmentOf(group, own, key), commitment) ? ok(key) : err({ type: 'bad wrap' })
}

/** The key in the one of these wraps that is for this device; who has the epoch checks it by that. They lie one after the other. */
export const openAny = async (
  group: GroupId,
  { ephemeral, wraps }: { readonly ephemeral: Uint8Array; readonly wraps: Uint8Array },
  keys: Pick<DeviceKeys, 'device' | 'box' | 'agree'>,
): Promise<Uint8Array | undefined> => {
  const context = contextOf(group, ephemeral, keys.device, keys.box)
  const wrapping = await keys.agree('auzolan/agree/epoch/1', ephemeral, context)
  for (let at = 0; wrapping && at < wraps.length; at += WRAP_LENGTH) {
    const key = opened(wrapping, ONCE, wraps.subarray(at, at + WRAP_LENGTH))
    if (key) return key
  }
  return undefined
}

/** The key of an epoch before, for who has the key of a later one; checked against that epoch's own commitment. */
export const openEarlier = (
  group: GroupId,
  { before }: Epoch,
  key: Uint8Array,
  earlier: { readonly id: ControlId; readonly control: Epoch },
): Result<Uint8Array, EpochFault> => {
  const wrap = before.find(({ epoch }) => epoch === earlier.id)?.wrap
  if (!wrap) return err({ type: 'not handed on' })
  const found = opened(earlierKey(key, earlier.id), ONCE, wrap)
  const { commitment, ephemeral } = earlier.control
  return found && equalBytes(commitmentOf(group, ephemeral, found), commitment) ? ok(found) : err({ type: 'bad wrap' })
}

/** What an epoch's key is used for. Nothing of it shows the key itself. */
export class EpochKeys {
  private readonly epoch: ControlId
  private readonly key: Uint8Array
  private relay: Uint8Array | undefined

  constructor(epoch: ControlId, key: Uint8Array) {
    this.epoch = epoch
    this.key = key
  }

  /** nonce 12 B ‖ AES-256-GCM. `about` is not hidden and has to be the same when it is opened. Fewer than 2^32 for one epoch. */
  seal(about: Uint8Array, plain: Uint8Array, entropy: Entropy): Uint8Array {
    const nonce = entropy.bytes(NONCE_LENGTH)
    return concatBytes(nonce, gcm(this.derive(digestLabels.epochContent), nonce, about).encrypt(plain))
  }

  /** `undefined`: not sealed under this epoch about this, or changed. */
  open(about: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    const nonce = sealed.subarray(0, NONCE_LENGTH)
    return opened(this.derive(digestLabels.epochContent), nonce, sealed.subarray(NONCE_LENGTH), about)
  }

  /** Signs packs for carriers, the same key for all members: so a carrier can refuse strangers without learning who wrote. */
  relaySigner(): ReturnType<typeof signerOf> {
    return signerOf(this.derive(digestLabels.epochRelay))
  }

  /** The public half of what signs packs. */
  relayKey(): Uint8Array {
    return (this.relay ??= ed25519.getPublicKey(this.derive(digestLabels.epochRelay)))
  }

  /** 32 bytes for tags by which members recognise each other (`TRUST.md` T11). */
  presence(): Uint8Array {
    return this.derive(digestLabels.epochPresence)
  }

  private derive(label: string): Uint8Array {
    return derived(this.key, withLabel(label, ControlId.toBytes(this.epoch)))
  }
}

/** Wraps stand in the order of device ids, so that the entry need not name the devices. */
const inOrder = (recipients: readonly Recipient[]): readonly Recipient[] =>
  [...recipients].sort((left, right) => (left.device < right.device ? -1 : 1))

const contextOf = (group: GroupId, ephemeral: Uint8Array, device: DeviceId, box: Uint8Array): Uint8Array =>
  concatBytes(GroupId.toBytes(group), ephemeral, DeviceId.toBytes(device), box)

/** AES-GCM does not commit to its key: without this one wrap could open to one key and another to another. */
const commitmentOf = (group: GroupId, ephemeral: Uint8Array, key: Uint8Array): Uint8Array =>
  mac(key, withLabel(digestLabels.epochCommitment, GroupId.toBytes(group), ephemeral))

const earlierKey = (key: Uint8Array, epoch: ControlId): Uint8Array =>
  derived(key, withLabel(digestLabels.epochBefore, ControlId.toBytes(epoch)))

const opened = (key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, about?: Uint8Array): Uint8Array | undefined => {
  if (nonce.length !== NONCE_LENGTH || sealed.length < TAG_LENGTH) return undefined
  try {
    return gcm(key, nonce, about).decrypt(sealed)
  } catch {
    return undefined
  }
}
