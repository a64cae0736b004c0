/** Everything a device or invitation key ever signs bears one of these, so that no signature passes for another kind. */
export type SignLabel =
  /** An entry's id. */
  | 'auzolan/sign/entry/1'
  /** A join request, by the invitation's key. */
  | 'auzolan/sign/join/invitation/1'
  /** A join request, by the newcomer's device. */
  | 'auzolan/sign/join/device/1'
  /** A further device's wish to come in, by the link's key. */
  | 'auzolan/sign/link/1'
  /** Possession of a further device's key. */
  | 'auzolan/sign/device/1'
  /** Possession of a recovery sheet's key. */
  | 'auzolan/sign/sheet/1'
  /** A recovery request, by the sheet's key. */
  | 'auzolan/sign/recovery/sheet/1'
  /** A recovery request, by the device that read the sheet. */
  | 'auzolan/sign/recovery/device/1'
  /** A founding, by those who found it together with its author. */
  | 'auzolan/sign/found/1'
  /** A pack for carriers, by an epoch's relay key. */
  | 'auzolan/sign/pack/1'
  /** Being of an epoch, to a keeper, by its relay key. */
  | 'auzolan/sign/keeper/1'
  /** The relay key that comes after, to a keeper, by an epoch's relay key. */
  | 'auzolan/sign/keeper/next/1'
  /** A connection. */
  | 'auzolan/sign/hello/1'

export const digestLabels = {
  feed: 'auzolan/feed/1',
  entry: 'auzolan/entry/1',
  statement: 'auzolan/statement/1',
  founder: 'auzolan/member/founder/1',
  joiner: 'auzolan/member/joiner/1',
  signSeed: 'auzolan/seed/sign/1',
  boxSeed: 'auzolan/seed/box/1',
  device: 'auzolan/device/1',
  sheet: 'auzolan/sheet/1',
  sheetLine: 'auzolan/sheet/line/1',
  matching: 'auzolan/matching/1',
  founding: 'auzolan/founding/1',
  hello: 'auzolan/hello/1',
  presence: 'auzolan/presence/1',
  rendezvous: 'auzolan/rendezvous/1',
  state: 'auzolan/state/1',
  epochCommitment: 'auzolan/epoch/commitment/1',
  epochBefore: 'auzolan/epoch/before/1',
  epochContent: 'auzolan/epoch/content/1',
  epochRelay: 'auzolan/epoch/relay/1',
  epochPresence: 'auzolan/epoch/presence/1',
  pack: 'auzolan/pack/1',
  packTag: 'auzolan/pack/tag/1',
  keeper: 'auzolan/keeper/1',
  keeperNext: 'auzolan/keeper/next/1',
  lot: 'auzolan/lot/1',
  draw: 'auzolan/draw/1',
  panel: 'auzolan/panel/1',
} as const
