import { fromHex, toHex } from './bytes.ts'

declare const brand: unique symbol
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }

/** Source of randomness. Real in the app, seeded in tests. */
export interface Entropy {
  readonly bytes: (length: number) => Uint8Array
}

/** Milliseconds since 1970-01-01T00:00Z. An author's clock is a claim, for display only. */
export type Instant = Brand<number, 'Instant'>

/** The clock is an argument everywhere, so that a whole group can be simulated. */
export interface Clock {
  readonly now: () => Instant
}

/** One kind of id: lower-case hex of a fixed number of bytes. The only casts to an id are here. */
const idKind = <Id extends Brand<string, string>>(length: number) => ({
  length,
  /** For anything typed, scanned, stored or received. `undefined`: not this kind of id. */
  parse: (value: unknown): Id | undefined =>
    typeof value === 'string' && value.length === 2 * length && /^[0-9a-f]+$/.test(value) ? (value as Id) : undefined,
  fromBytes: (bytes: Uint8Array): Id => {
    if (bytes.length !== length) throw new Error(`an id of ${length} bytes cannot be made of ${bytes.length}`)
    return toHex(bytes) as Id
  },
  toBytes: (id: Id): Uint8Array => fromHex(id) as Uint8Array,
  /** A new random id. */
  create: (entropy: Entropy): Id => toHex(entropy.bytes(length)) as Id,
})

/** 32 bytes: the id of the group's founding entry. Nobody owns it. */
export type GroupId = Brand<string, 'GroupId'>
export const GroupId = idKind<GroupId>(32)

/** 32 bytes: the device's Ed25519 public key, made per group. */
export type DeviceId = Brand<string, 'DeviceId'>
export const DeviceId = idKind<DeviceId>(32)

/** 32 bytes: digest of the join request, or of the founder's device key. A person in this group, not an account. */
export type MemberId = Brand<string, 'MemberId'>
export const MemberId = idKind<MemberId>(32)

/** 32 bytes: digest of a header. Names a control entry for ever. */
export type ControlId = Brand<string, 'ControlId'>
export const ControlId = idKind<ControlId>(32)

/** 16 bytes: digest of a statement with its place (group, device, seq, index). */
export type StatementId = Brand<string, 'StatementId'>
export const StatementId = idKind<StatementId>(16)

/** 16 bytes, random. An initiative bears the id of its document. */
export type DocumentId = Brand<string, 'DocumentId'>
export const DocumentId = idKind<DocumentId>(16)

/** 8 bytes, random. A key in its initiative's document. */
export type ActionId = Brand<string, 'ActionId'>
export const ActionId = idKind<ActionId>(8)

/** 32 bytes: SHA-256 of an Automerge change, as Automerge computes it. */
export type ChangeHash = Brand<string, 'ChangeHash'>
export const ChangeHash = idKind<ChangeHash>(32)
