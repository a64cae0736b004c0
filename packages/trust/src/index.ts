export { decodeCbor, decodeCborPrefix, encodeCbor, type Cbor, type CborFault, type CborLimits } from './cbor.ts'
export { labelled, sha256 } from './digest.ts'
export type { SignLabel } from './labels.ts'
export { openKeyStore, seededKeys, type DeviceKeys, type KeyStore, type SecretsLike } from './keys.ts'
export { openVerifier, type Verifier } from './verifier.ts'
export {
  entryId,
  entryLimits,
  headerBytes,
  itemTypes,
  statementId,
  type Entry,
  type Item,
  type ItemDraft,
  type ItemType,
} from './entry.ts'
export { BLOCK_BYTES, resumeFeed, signEntry, startFeed, type EntryDraft, type FeedTip } from './feed.ts'
export { decodeRun, encodeRun, runLimits, runOf, type Run, type RunFault } from './run.ts'
export { checkRun, type CheckOptions } from './check-run.ts'
export { readRun, type ReadEntry } from './read-run.ts'
export {
  checkEvidence,
  decodeEvidence,
  encodeEvidence,
  parseHeader,
  verifyEntryAlone,
  type Equivocation,
  type Evidence,
  type Header,
} from './proof.ts'
export {
  controlLimits,
  deviceMessage,
  encodeControl,
  foundingMessage,
  memberOfFounder,
  parseControl,
  type Continues,
  type Control,
  type ControlFault,
  type Founder,
  type Founding,
} from './control.ts'
export { ControlLog, type Judged, type Verdict } from './control-log.ts'
export type { Reason } from './control-rules.ts'
export { stateDigest, type DeviceState, type GroupState, type InviteState, type Member } from './group-state.ts'
export {
  encodeInvitation,
  invitationKeys,
  invitationLimits,
  parseInvitation,
  type Invitation,
  type InvitationKeys,
  type InvitationTextFault,
} from './invitation.ts'
export { makeJoinRequest, memberOfRequest, parseJoinRequest, type JoinRequest, type SignedJoinRequest } from './join.ts'
export {
  checkProof,
  handshakeTag,
  makeProof,
  proofMessage,
  TAG_LENGTH,
  type HandshakeRole,
  type Nonces,
  type PeerNames,
} from './handshake.ts'
