/** How large a made-up group is. */
export interface SampleScale {
  readonly members: number
  /** Each with a document of its own; the group has one more. */
  readonly initiatives: number
  readonly sessions: number
  /** People per place of a session of the smallest size. */
  readonly crew: number
  readonly takes: number
  readonly noShows: number
  readonly days: number
  /** What is shared; of the bookings, so many take a time that somebody else has. */
  readonly lending: { readonly things: number; readonly bookings: number; readonly clashes: number }
  /** One call: who sign it here, how many names come from paper, and how many of those nobody else has seen yet. */
  readonly calls: {
    readonly goal: number
    readonly signatures: number
    readonly paper: number
    readonly unseen: number
  }
  /** Messages, or messages enough for so many statements in all. */
  readonly talk: { readonly messages: number } | { readonly statements: number }
}

/** S is one year of a repair café; M and L are the same story, longer and with more people, at the sizes performance is promised for. */
export const sampleSizes = {
  S: {
    members: 38,
    initiatives: 39,
    sessions: 19,
    crew: 1,
    takes: 250,
    noShows: 17,
    days: 365,
    lending: { things: 46, bookings: 720, clashes: 31 },
    calls: { goal: 100, signatures: 26, paper: 48, unseen: 6 },
    talk: { messages: 3_100 },
  },
  M: {
    members: 70,
    initiatives: 119,
    sessions: 66,
    crew: 1,
    takes: 870,
    noShows: 60,
    days: 1_095,
    lending: { things: 60, bookings: 2_200, clashes: 95 },
    calls: { goal: 1_000, signatures: 60, paper: 310, unseen: 12 },
    talk: { statements: 45_000 },
  },
  L: {
    members: 240,
    initiatives: 159,
    sessions: 96,
    crew: 3,
    takes: 3_700,
    noShows: 250,
    days: 730,
    lending: { things: 120, bookings: 4_600, clashes: 200 },
    calls: { goal: 1_000, signatures: 180, paper: 310, unseen: 12 },
    talk: { statements: 190_000 },
  },
} as const satisfies Record<string, SampleScale>

export type SampleSize = keyof typeof sampleSizes
