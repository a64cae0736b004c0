import type { Bench } from './pages/page.ts'
import type { Entrant } from './subjects.ts'

/** What a run stands on. */
export interface Context {
  /** Fresh copies of the seeded folders of a subject. */
  folders(subject: Entrant): Promise<{ readonly host: string; readonly member: string; readonly newcomer: string }>
  /** A page in a browser just started, with a fresh copy of the subject's IndexedDB; ends with `work`. */
  inPage<T>(subject: Entrant, work: (bench: PageBench) => Promise<T>): Promise<T>
  /** Bytes of JSON of the workspace. */
  readonly json: number
}

/** Calls a function of the page by name. */
export type PageBench = <Name extends keyof Bench>(
  name: Name,
  ...args: Parameters<Bench[Name]>
) => Promise<Awaited<ReturnType<Bench[Name]>>>

export interface Metric {
  readonly name: string
  readonly unit: string
  readonly better: 'lower' | 'higher'
  readonly target: Target
}

/** What `PERFORMANCE.md` asks of us. */
export type Target =
  | { readonly value: number }
  /** So many times the figure of a peer in the same run; `best`: of the best peer. */
  | { readonly times: number; readonly of: string }
  | { readonly none: true }

export interface Workload {
  readonly id: string
  readonly title: string
  readonly metrics: Readonly<Record<string, Metric>>
  readonly takes: (subject: Entrant) => boolean
  /** One figure for each metric it can measure. */
  readonly run: (subject: Entrant, context: Context) => Promise<Readonly<Record<string, number>>>
}
