import type { ControlId, MemberId } from '@auzolan/core'
import type { Control } from './control.ts'
import type { Entry } from './entry.ts'
import type { Reason } from './reason.ts'
import type { Void } from './view.ts'

export type Verdict =
  | { readonly is: 'accepted' }
  /** `newer`: of a kind only a newer app knows; nothing is missing then. */
  | { readonly is: 'waiting'; readonly missing: readonly ControlId[]; readonly newer?: string }
  | { readonly is: 'refused'; readonly reason: Reason }

/** `voided`: accepted at its position, and without effect because of something made apart. */
export type Explanation = Verdict | { readonly is: 'voided'; readonly reason: Void }

/** An accepted control entry with what it says. */
export interface Judged {
  readonly entry: Entry
  readonly control: Control
  readonly author: MemberId
}

export const accepted: Verdict = { is: 'accepted' }
export const refuse = (type: Reason['type'], detail?: string): Verdict => ({
  is: 'refused',
  reason: detail === undefined ? { type } : { type, detail },
})
