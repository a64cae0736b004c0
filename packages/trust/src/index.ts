export { decodeCbor, decodeCborPrefix, type CborFault, type CborLimits } from './cbor.ts'
export { encodeCbor, type Cbor } from './cbor-writer.ts'
export { type DigestEngine, digestWith, labelled, sha256, sha256OfLarge } from './digest.ts'
export { lock, LOCK_WORDS, makeLockWords, unlock } from './lock.ts'
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
export { controlLimits } from './control-limits.ts'
export {
  deviceMessage,
  encodeControl,
  foundingMessage,
  memberOfFounder,
  parseControl,
  type Control,
  type ControlFault,
  type Vote,
} from './control.ts'
export type { Continues, Founder, Founding } from './founding.ts'
export type { HeldFeed } from './held-feed.ts'
export type { EndedDevice } from './vouching.ts'
export { actionLimits, settingOf, type Action } from './actions.ts'
export {
  defaultRule,
  defaultSettings,
  isTooWeak,
  isWeakQuorum,
  needsClose,
  roles,
  ruleLimits,
  ruleNames,
  type Admission,
  type Role,
  type Rule,
  type RuleName,
  type Settings,
  type Share,
} from './rules.ts'
export { ControlLog } from './control-log.ts'
export type { Explanation, Judged, Verdict } from './verdict.ts'
export type { Phase, ProposalView } from './proposals.ts'
export type { Counted, Tally } from './tally.ts'
export type { Reason } from './reason.ts'
export type { Void } from './view.ts'
export type { DeviceState, GroupState, InviteState, Member } from './group-state.ts'
export { stateDigest } from './state-digest.ts'
export {
  encodeInvitation,
  invitationKeys,
  invitationLimits,
  parseInvitation,
  type Invitation,
  type InvitationKeys,
  type InvitationTextFault,
} from './invitation.ts'
export {
  checkDeviceRequest,
  encodeDeviceLink,
  makeDeviceRequest,
  matchingNumbers,
  parseDeviceLink,
  parseDeviceRequest,
  type DeviceLink,
  type DeviceRequest,
} from './device-link.ts'
export {
  makeRecoveryRequest,
  makeSheet,
  parseRecoveryRequest,
  isRecoverySigned,
  type RecoveryRequest,
} from './recovery.ts'
export type { SheetState } from './sheets.ts'
export { encodeSheet, parseSheet, sheetLines, type Sheet, type SheetFault } from './sheet-text.ts'
export { makeJoinRequest, memberOfRequest, parseJoinRequest, type JoinRequest, type SignedJoinRequest } from './join.ts'
export {
  checkProof,
  entranceKey,
  handshakeTag,
  meetingNote,
  meetingTag,
  makeProof,
  proofMessage,
  TAG_LENGTH,
  type HandshakeRole,
  type Nonces,
  type PeerNames,
} from './handshake.ts'
export { certificateLimits, type CertificateFault, type CertificateTrouble } from './certificate-past.ts'
export { certificate, verifyCertificate, type CheckedDecision, type NotProven, type Proven } from './certificate.ts'
export {
  isSaidCertificate,
  saidCertificate,
  saidLimits,
  verifySaid,
  type CheckedItem,
  type CheckedSaid,
  type SignedItem,
} from './said-certificate.ts'
export { lotDigest } from './sortition.ts'
export type { Agree, AgreeLabel } from './agree.ts'
export type { EpochState } from './epoch-rules.ts'
export {
  EpochKeys,
  makeEpoch,
  openEarlier,
  openEpoch,
  rewrapEpoch,
  type Epoch,
  type EpochFault,
  type Recipient,
} from './epoch.ts'
export {
  checkNextRelay,
  checkRelay,
  encodeKeeperInvitation,
  MAX_INVITED_RELAYS,
  parseKeeperInvitation,
  proveNextRelay,
  proveRelay,
} from './keeper.ts'
export {
  checkPack,
  checkPackKeys,
  encodePackKeys,
  openPack,
  openPackKeys,
  packLimits,
  packTag,
  sealPack,
  type Pack,
  type PackFault,
  type PackKeys,
} from './pack.ts'
