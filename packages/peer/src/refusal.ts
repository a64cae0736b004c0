import type { GroupId, Instant, RuleBroken } from '@auzolan/core'

/** Why an act was refused. `words/refusals.ts` in the app turns each into a sentence. */
export type Refusal =
  | { readonly type: 'unknown group' }
  | { readonly type: 'not a member' }
  | { readonly type: 'joining' }
  | { readonly type: 'too long'; readonly field: string; readonly limit: number }
  | { readonly type: 'empty'; readonly field: string }
  | { readonly type: 'no such thing' }
  | { readonly type: 'not yours' }
  /** Nobody is a witness of what they took themselves. */
  | { readonly type: 'own work' }
  /** Nobody promises anything to themselves. */
  | { readonly type: 'own listing' }
  /** What ends before it begins, or is no time at all. */
  | { readonly type: 'no such time' }
  /** Its keeper lends it by rules that this does not keep. */
  | { readonly type: 'against rules'; readonly rule: RuleBroken }
  | { readonly type: 'device frozen' }
  /** Another device of this person ended what this one writes. */
  | { readonly type: 'device revoked' }
  /** What this device wrote came back from others: it was put back to an earlier moment, or there is a copy of it. It comes in again with another key. */
  | { readonly type: 'device rewound' }
  | { readonly type: 'not saved'; readonly why: 'quota' | 'blocked' | 'closed' | 'failed' }
  /** The group is being asked this, or something that would clash with it, already. */
  | { readonly type: 'asked already' }
  | { readonly type: 'no vote' }
  /** A moderator has put this person out of action. */
  | { readonly type: 'paused' }
  | { readonly type: 'no moderator' }
  /** One of more newcomers than an invitation has uses for. */
  | { readonly type: 'contested' }
  /** What could be used to take a group over takes at least half. */
  | { readonly type: 'weak rule' }
  /** The group lets a newcomer in once others have said yes. */
  | { readonly type: 'needs a yes' }
  /** It was decided, or fell: answers change nothing any more. */
  | { readonly type: 'over' }
  /** Nobody is asked to sign any more: its author ended it, or its day is over. */
  | { readonly type: 'no longer asked' }
  /** The person stopped it; nothing of it was kept. */
  | { readonly type: 'stopped' }
  /** The group's key has not reached this device yet. */
  | { readonly type: 'no key' }
  /** What was given is no address of somebody who could be reached, or there are enough of them. */
  | { readonly type: 'not an address' }
  /** Of a file to bring in: not one of ours, changed since it was made, made for a group or time this device has no part in, or too much at once. */
  /** Of a backup: its locked part does not open with these. */
  | { readonly type: 'wrong words' }
  | { readonly type: 'not such a file' | 'damaged file' | 'not for this device' | 'too large file' }
  | InvitationFault

export type InvitationFault =
  | { readonly type: 'not an invitation' }
  | { readonly type: 'cut off' }
  | { readonly type: 'newer version' }
  | { readonly type: 'ended'; readonly at: Instant }
  | { readonly type: 'already a member'; readonly group: GroupId }
  /** Another device of this person locked this one out: an invitation would make them a second person. */
  | { readonly type: 'locked out' }
  /** This device may not write as it is: an invitation would make its person a second one. */
  | { readonly type: 'rewound' }
  /** The first line of a typed recovery sheet that is not right, from 1. */
  | { readonly type: 'mistyped'; readonly line: number }
  /** A link that was to say where to look leads to another group. */
  | { readonly type: 'other group' }
