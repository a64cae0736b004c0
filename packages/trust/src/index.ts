export { decodeCbor, decodeCborPrefix, encodeCbor, type Cbor, type CborFault, type CborLimits } from './cbor.ts'
export { labelled, sha256 } from './digest.ts'
export type { SignLabel } from './labels.ts'
export { openKeyStore, seededKeys, type DeviceKeys, type KeyStore, type SecretsLike } from './keys.ts'
export { openVerifier, type Verifier } from './verifier.ts'
export {
  entryId, entryLimits, headerBytes, itemTypes, statementId, type Entry, type Item, type ItemDraft, type ItemType,
} from './entry.ts'
export { BLOCK_BYTES, resumeFeed, signEntry, startFeed, type EntryDraft, type FeedTip } from './feed.ts'
export { decodeRun, encodeRun, runLimits, runOf, type Run, type RunFault } from './run.ts'
export { checkRun, type CheckOptions } from './check-run.ts'
export { readRun, type ReadEntry } from './read-run.ts'
