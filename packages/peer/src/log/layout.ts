import type { ControlId, DeviceId, DocumentId, GroupId } from '@auzolan/core'
import type { Key } from '@auzolan/storage'

/**
 * Where things lie on this device. Entries are the truth (`tail`, `segment`, `tip`); `control` repeats the control entries so that a start needs
 * no scan; `view` and `snapshot` are caches that may be thrown away at any time.
 */
export const groupsKey: Key = ['groups']
export const groupKey = (group: GroupId): Key => ['groups', group]
export const groupPrefix = (group: GroupId): Key => ['g', group]

export const tipsKey = (group: GroupId): Key => ['g', group, 'tip']
export const tipKey = (group: GroupId, device: DeviceId): Key => ['g', group, 'tip', device]
/** One record for each entry since the last segment. */
export const tailKey = (group: GroupId, device: DeviceId): Key => ['g', group, 'tail', device]
export const tailEntryKey = (group: GroupId, device: DeviceId, seq: number): Key => ['g', group, 'tail', device, seq]
/** Compressed runs, by the seq they end with: the first key ≥ n is the run that holds n. */
export const segmentsKey = (group: GroupId, device: DeviceId): Key => ['g', group, 'segment', device]
export const segmentKey = (group: GroupId, device: DeviceId, last: number): Key => ['g', group, 'segment', device, last]
export const controlsKey = (group: GroupId): Key => ['g', group, 'control']
export const controlKey = (group: GroupId, device: DeviceId, seq: number): Key => ['g', group, 'control', device, seq]
/** Control entries of devices that signed two for one place, without their feeds: others have built on them. */
export const straysKey = (group: GroupId): Key => ['g', group, 'stray']
export const strayKey = (group: GroupId, id: ControlId): Key => ['g', group, 'stray', id]
/** Control entries without their feeds: how this device's part in the group ended. */
export const toldsKey = (group: GroupId): Key => ['g', group, 'told']
export const toldKey = (group: GroupId, device: DeviceId, seq: number): Key => ['g', group, 'told', device, seq]
/** How far the feed of a device that is out was here when this device learned of that. */
export const heardsKey = (group: GroupId): Key => ['g', group, 'heard']
export const heardKey = (group: GroupId, device: DeviceId): Key => ['g', group, 'heard', device]
export const evidenceKey = (group: GroupId, device: DeviceId): Key => ['g', group, 'evidence', device]
export const evidencesKey = (group: GroupId): Key => ['g', group, 'evidence']
/** Own devices whose entries came back from others. */
export const rewoundsKey = (group: GroupId): Key => ['g', group, 'rewound']
export const rewoundKey = (group: GroupId, device: DeviceId): Key => ['g', group, 'rewound', device]

/** Ranges of a feed that could not be read, by their first seq: to be fetched again. */
export const holesKey = (group: GroupId): Key => ['g', group, 'hole']
export const holeKey = (group: GroupId, device: DeviceId, from: number): Key => ['g', group, 'hole', device, from]

export const viewKey = (group: GroupId): Key => ['g', group, 'view']
/** The home screen as last shown, to be there first at a start. */
export const homeKey = (group: GroupId): Key => ['g', group, 'home']
export const snapshotsKey = (group: GroupId): Key => ['g', group, 'snapshot']
export const snapshotKey = (group: GroupId, document: DocumentId): Key => ['g', group, 'snapshot', document]
/** Records that could not be read, kept as they were. */
export const quarantineKey = (group: GroupId, ...rest: Key): Key => ['quarantine', group, ...rest]

/** Words on top of something that no longer counts, which their author does not want to see any more. */
export const letGoKey = (group: GroupId, document: DocumentId): Key => ['g', group, 'letgo', document]

/** Words for a group that this device is not in yet. */
export const aheadKey = (group: GroupId): Key => ['g', group, 'ahead']
/** Of what related groups have: what this person left out. */
export const skippedKey = (group: GroupId): Key => ['g', group, 'skipped']
/** How far everything has been seen on this device. Local, never sent. */
export const lookedKey = (group: GroupId): Key => ['g', group, 'looked']
/** What this device has read of each thread. Local, never sent. */
export const readsKey = (group: GroupId): Key => ['g', group, 'read']
export const readKey = (group: GroupId, thread: DocumentId): Key => ['g', group, 'read', thread]

/** What this device knows of others: what they hold, how to reach them. Local, never sent. */
export const knownKey = (group: GroupId): Key => ['g', group, 'known']
export const contactsKey: Key = ['contacts']
export const helpersKey: Key = ['helpers']
/** Keepers of a group: addresses. And of each, how far what lies there is known here. */
export const keepersKey = (group: GroupId): Key => ['g', group, 'keepers']
export const keptKey = (group: GroupId, keeper: string): Key => ['g', group, 'kept', keeper]
/** Which point this device would acknowledge next, and since when it has held it. */
export const heldKey = (group: GroupId): Key => ['g', group, 'held']
/** Since when this device has had each proposal that ends after a time. */
export const askedKey = (group: GroupId): Key => ['g', group, 'asked']
/** What this device put in where people are drawn by lot, until it is shown. */
export const lotKey = (group: GroupId, proposal: ControlId): Key => ['g', group, 'lot', proposal]
/** Links of invitations this device made: only their maker can show them again. */
export const linksKey = (group: GroupId): Key => ['g', group, 'links']
