import type { Subject } from '../subject.ts'

/** The engine by itself: what nothing built on it can beat, and little should be added to. */
export const subject: Subject = {
  name: 'Automerge',
  settings: '@automerge/automerge 3.5.0, bare: no storage, no network',
  document: async () => (await import('../models/automerge.ts')).automergeDocument,
}
