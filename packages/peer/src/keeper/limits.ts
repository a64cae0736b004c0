const MiB = 1024 * 1024
const DAY = 24 * 60 * 60 * 1000

/** How long a pack is kept, in milliseconds: twice the age of an epoch, so that who was away for two months still finds what came meanwhile. */
export const KEPT_MS = 60 * DAY

/** Of one group, in bytes: some hundred times what a large group writes in that time. */
export const MAX_SHELF_BYTES = 256 * MiB

/** Packs of one group: each device leaves some dozens a day at most, as it gathers what it writes. */
export const MAX_SHELF_PACKS = 8_192

/** Bytes of one pack: it travels in one frame, with a little beside it. */
export const MAX_KEPT_BYTES = MiB - 1_024

/** Relay keys of one group: two years of monthly ones, and as many for people who were removed. */
export const MAX_RELAYS = 64

/** Relay keys named by one relay key: parts of a group that each go on without the others. Who was removed could otherwise use up all there is room for. */
export const MAX_SUCCESSORS = 4

/** Groups of one keeper: with what each may hold, as much as a common disk. */
export const MAX_SHELVES = 64

/** Groups that one device enters for on one link, and relay keys it shows for each. */
export const MAX_VISITS = 64
export const MAX_PROOFS = 8

/** False proofs and broken messages before a link is ended. */
export const MAX_OFFENCES = 8

/** What others wrote is left with a keeper if it is not there after this long, in milliseconds: they are asked to do it first. */
export const OTHERS_AFTER_MS = 30_000

/** Bytes of packs a device holds in memory at once while it reads what a keeper has. */
export const HELD_AT_ONCE_BYTES = 8 * MiB
