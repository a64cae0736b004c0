import type { ActionId, ChangeHash, DeviceId, DocumentId, Instant } from './ids.ts'

/** What we write together: one Automerge document per thing (`AUTOMERGE.md` 5). */
export type DocumentKind = 'group' | 'initiative'

export interface GroupDoc {
  readonly name: string
  readonly purpose: string
  readonly place: string
}

export interface ActionDraft {
  readonly title: string
  readonly details: string
  readonly when: string
  /** Fractional index: lists are maps keyed by id and sorted by this. */
  readonly order: string
}

/** An action as its document holds it: what it was added with, and what was written to it since. */
export interface ActionDoc extends ActionDraft {
  readonly where: string
  /** What somebody should know or bring along. */
  readonly skills: string
  /** Moments (`moment.ts`), or empty. */
  readonly starts: string
  readonly ends: string
}

export interface InitiativeDoc {
  readonly title: string
  readonly why: string
  readonly when: string
  readonly where: string
  readonly plan: string
  /** What it takes, in a line; people and hands are asked for by actions. */
  readonly needs: string
  /** What its people expect, and by what they will see whether it came so. */
  readonly hypothesis: string
  readonly measure: string
  /** When they will look: `YYYY-MM-DD`, or empty. Somebody else may have written anything here: read it with `dayOf`. */
  readonly checkOn: string
  /** When it happens: moments (`moment.ts`), or empty. `when` says it in words. */
  readonly starts: string
  readonly ends: string
  readonly actions: Readonly<Record<ActionId, ActionDoc>>
}

/** `['title']`, `['plan']`, `['actions', id, 'title']`. */
export type FieldPath = readonly string[]

/** Newest change hashes of a document, sorted. A moment in its history. */
export type Heads = readonly ChangeHash[]

/**
 * An edit as data, so that it can cross the worker boundary.
 * `set` replaces a short field whole: two people apart give two versions. `write` gives the new full text of a prose field
 * as its author saw it at `from` (`[]`: before anything was written there); it merges letter by letter. `put` adds an action.
 */
export type Edit =
  | { readonly do: 'set'; readonly field: FieldPath; readonly value: string }
  | { readonly do: 'write'; readonly field: FieldPath; readonly from: Heads; readonly text: string }
  | { readonly do: 'put'; readonly action: ActionId; readonly draft: ActionDraft }

/** One of several values written apart. */
export interface Version {
  readonly value: string
  readonly device: DeviceId
  readonly at: Instant
}

/** A document as plain data, with the short fields that hold several versions at once. */
export interface DocumentState<Doc = GroupDoc | InitiativeDoc> {
  readonly id: DocumentId
  readonly kind: DocumentKind
  readonly value: Doc
  readonly heads: Heads
  /** Only fields with two or more versions; the first is the one shown. Keyed by `path.join('/')`. */
  readonly versions: Readonly<Record<string, readonly Version[]>>
}
