import type { FieldStep } from './difference.ts'
import { createPersonFinder, type PeopleFacts } from './facts.ts'
import type { ChangeHash, DeviceId, Instant } from './ids.ts'
import type { Person } from './views.ts'

/** What one device wrote in a document in one go. */
export interface WrittenStep {
  /** Of the last of it. */
  readonly id: ChangeHash
  readonly device: DeviceId
  /** When the last of it was written, by its author's clock. */
  readonly at: Instant
  readonly fields: readonly FieldStep[]
}

export interface HistoryRow extends Omit<WrittenStep, 'device'> {
  readonly by: Person
}

/** Who changed what of an initiative, the newest first. */
export interface HistoryView {
  readonly rows: readonly HistoryRow[]
  /** There was more before these. */
  readonly more: boolean
}

/** `title`: what it was called when it was started, which its document does not say before somebody calls it otherwise. */
export const historyView = (
  { steps, more }: { readonly steps: readonly WrittenStep[]; readonly more: boolean },
  title: string,
  people: PeopleFacts,
  authorOf: (device: DeviceId) => Person['id'],
): HistoryView => {
  const personOf = createPersonFinder(people)
  const called = (step: FieldStep): FieldStep =>
    step.field === 'title' && step.action === null
      ? { ...step, before: step.before || title, after: step.after || title }
      : step
  const rows = steps.map(({ device, fields, ...step }) => ({
    ...{ ...step, by: personOf(authorOf(device)) },
    fields: fields.map(called).filter(({ before, after }) => before !== after),
  }))
  return { rows: rows.filter(({ fields }) => fields.length > 0), more }
}
