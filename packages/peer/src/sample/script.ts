import type { CloseResult, Instant, Seen } from '@auzolan/core'

/** A made-up group as plain data. People, initiatives, actions, takes and messages are numbered; signing is somebody else's work. */
export interface SampleScript {
  readonly name: string
  readonly purpose: string
  readonly place: string
  /** In the order they came; the first one founded the group. */
  readonly people: readonly SamplePerson[]
  /** What happened together, in causal order: everyone had seen everything before. Starts anew each time; the large ones do not fit in memory. */
  readonly acts: () => Iterable<SampleAct>
  /** What three parts of the group did afterwards without hearing of each other. */
  readonly divergence: readonly SampleReplica[]
}

export interface SamplePerson {
  readonly name: string
  readonly joinedAt: Instant
  /** Number of the person who invited; `null`: founded. */
  readonly invitedBy: number | null
}

export interface SampleReplica {
  readonly people: readonly number[]
  /** Refer to the common past and to this replica's own acts only. */
  readonly acts: readonly SampleAct[]
}

/** An initiative, or `null` for the group's own document or thread. */
export type SampleThread = number | null

export type SampleAct = { readonly by: number; readonly at: Instant } & (
  | { readonly do: 'found' }
  /** Admission and the first card. */
  | { readonly do: 'join'; readonly invitedBy: number }
  | { readonly do: 'start'; readonly initiative: number; readonly title: string }
  | {
      readonly do: 'set'
      readonly initiative: SampleThread
      readonly field: 'title' | 'when' | 'where' | 'place' | 'hypothesis' | 'measure' | 'checkOn'
      readonly value: string
    }
  /** `text`: the whole new text. */
  | {
      readonly do: 'write'
      readonly initiative: SampleThread
      readonly field: 'why' | 'plan' | 'purpose'
      readonly text: string
    }
  | {
      readonly do: 'plan'
      readonly initiative: number
      readonly action: number
      readonly title: string
      readonly details: string
      readonly when: string
      readonly places: number
    }
  | { readonly do: 'places'; readonly initiative: number; readonly action: number; readonly places: number }
  | { readonly do: 'take'; readonly initiative: number; readonly action: number; readonly take: number }
  | { readonly do: 'giveBack'; readonly initiative: number; readonly take: number }
  | {
      readonly do: 'done'
      readonly initiative: number
      readonly take: number
      readonly minutes: number
      readonly note?: string
    }
  | { readonly do: 'witness'; readonly initiative: number; readonly take: number; readonly saw: Seen }
  | {
      readonly do: 'close'
      readonly initiative: number
      readonly result: CloseResult
      readonly sentence: string
    }
  | {
      readonly do: 'message'
      readonly thread: SampleThread
      readonly message: number
      readonly text: string
      readonly replyTo: number | null
    }
  /** `people`: who alone may book it, besides the keeper; `null`: everyone. Times in minutes. */
  | {
      readonly do: 'share'
      readonly thing: number
      readonly name: string
      readonly where: string
      readonly rules: string
      readonly people: readonly number[] | null
      readonly longest: number
      readonly notice: number
    }
  | {
      readonly do: 'book'
      readonly thing: number
      readonly booking: number
      readonly from: Instant
      readonly to: Instant
      readonly note: string
    }
  | { readonly do: 'unbook'; readonly booking: number; readonly for: number | null }
  | { readonly do: 'use'; readonly booking: number; readonly minutes: number; readonly note: string }
  /** The same call again: its text is put in other words. */
  | {
      readonly do: 'call'
      readonly call: number
      readonly title: string
      readonly text: string
      readonly goal: number
      readonly until: Instant
    }
  | { readonly do: 'sign'; readonly call: number; readonly comment: string }
  | { readonly do: 'unsign'; readonly call: number }
  | {
      readonly do: 'paper'
      readonly call: number
      readonly paper: number
      readonly name: string
      readonly sheet: string
    }
  | { readonly do: 'sawPaper'; readonly call: number; readonly paper: number }
  | { readonly do: 'withdraw'; readonly thread: SampleThread; readonly message: number }
)

/** Statements an act becomes. Edits are changes to documents, not statements; founding and joining come with a card. */
export const statementsIn = (act: SampleAct): number => (act.do === 'set' || act.do === 'write' ? 0 : 1)
