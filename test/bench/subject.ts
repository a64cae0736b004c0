import type { Initiative, Key, Message, Row } from './corpus.ts'

/** One thing to compare. A file in `subjects/` that exports one as `subject` takes part in every workload it has a side for. */
export interface Subject {
  readonly name: string
  /** Version and the settings it runs with: each gets its best honest ones, and the table says which. */
  readonly settings: string
  /** W2, W3, W4: two replicas in two processes over TCP on this machine. */
  readonly node?: () => Promise<NodeSide>
  /** W1, W6, W7, W8: a page with IndexedDB. */
  readonly browser?: () => Promise<BrowserSide>
  /** W5, W9: one document, no storage, no network. */
  readonly document?: () => Promise<DocumentSide>
  /** W8 sizes: forks one of our sample groups. Answers milliseconds and bytes written. */
  readonly forkSample?: (size: 'S' | 'M' | 'L') => Promise<{ readonly ms: number; readonly bytes: number }>
  /** W-search: reads one of our sample groups, and searches it. In milliseconds. */
  readonly searchSample?: (size: 'S' | 'M' | 'L') => Promise<{ readonly read: number; readonly slowest: number }>
  /** W10. */
  readonly verify?: () => Promise<VerifySide>
  /** F1–F4: figures by name. */
  readonly family?: (what: FamilyWork) => Promise<Readonly<Record<string, number>>>
  /** T1–T4, T6: figures by name. */
  readonly trust?: (what: TrustWork, size: number) => Promise<Readonly<Record<string, number>>>
}

/** A control log verified and reduced; one feed checked; a content key made for so many devices; a group opened again. */
export type TrustWork = 'control' | 'run' | 'rotate' | 'start'

/** Two groups compared, brought into one another, backed up; and what git takes for the like. */
export type FamilyWork = 'difference' | 'adopt' | 'backup' | 'git'

/** A whole workspace held by one replica. */
export interface Workspace {
  /** What the first list shows, from whatever the subject keeps for it. */
  rows(): readonly Row[] | Promise<readonly Row[]>
  titleOf(id: string): string | undefined
  /** Messages in an initiative's talk. */
  messagesIn(id: string): number
  /** Whether an initiative is here with everything that was ever done to it. */
  isWhole(item: Initiative): boolean
  /** One change; resolves when this replica itself shows it. */
  setTitle(id: string, title: string): void | Promise<void>
  say(id: string, message: Message): void | Promise<void>
  /** The page of this initiative is on screen from now on, and no other; resolves once it is. Absent: all are held open anyway. */
  follow?(id: string): Promise<void>
  /** Called after anything changed, from here or from elsewhere. */
  onChange(tell: () => void): void
}

/** Folders that `seed` fills; the runner gives every run its own fresh copy. */
export interface SeedFolders {
  /** A replica that holds the whole workspace. */
  readonly host: string
  /** Another replica that holds the same, entry for entry. */
  readonly member: string
  /** A replica that may get the workspace, and holds nothing of it yet. */
  readonly newcomer: string
}

export interface NodeSide {
  seed(items: readonly Initiative[], folders: SeedFolders): Promise<void>
  open(folder: string): Promise<NodeWorkspace>
}

export interface NodeWorkspace extends Workspace {
  /** Answers the port of 127.0.0.1 others can dial. */
  listen(): Promise<number>
  /** Connects and goes on in the background. */
  dial(port: number): Promise<void>
  /**
   * Bytes of the protocol's own messages so far, both ways, without setting up a connection (encryption, protocol names).
   * Absent: the bytes on the wire without those of a WebSocket upgrade.
   */
  payloadBytes?(): number
}

export interface BrowserSide {
  /**
   * Fills this origin's IndexedDB and closes it. `fromNode` holds what `NodeSide.seed` left in the host's folder as `seed.bin`,
   * where there is such a file.
   */
  seed(items: readonly Initiative[], fromNode: Uint8Array<ArrayBuffer> | undefined): Promise<void>
  /** From IndexedDB to rows that can be shown. */
  open(): Promise<BrowserWorkspace>
}

export interface BrowserWorkspace extends Workspace {
  /** As in `Workspace`, and resolves no earlier than the write was handed to IndexedDB; the runner waits for the transactions. */
  say(id: string, message: Message): Promise<void>
  /** Resolves once what goes on behind the first list after opening is done. Absent: nothing does. */
  ready?(): Promise<void>
  /** A second workspace with the whole history that can go its own way and merge later; stored like the first. */
  fork(): Promise<void>
}

export interface DocumentSide {
  /** Two replicas of one document that each made `edits` changes apart. */
  diverge(edits: number): Promise<{ /** Brings the right one into the left one. */ merge(): void | Promise<void> }>
  /** A text that takes one change per key and sends each. */
  type(): Promise<Typist>
}

export interface Typist {
  /** Answers the bytes this key puts on the wire. */
  press(key: Key): number
  /** The bytes that all keys together put on the wire, where what is sent are flushes of several keys. Not measured for time. */
  flushed?(keys: readonly Key[]): number
  text(): string
  /** The stored form, and how long reading it back takes is measured by calling `load`. */
  save(): Uint8Array
  load(saved: Uint8Array): string
}

export interface VerifySide {
  readonly entries: number
  /** Verifies a contiguous run of `entries` entries from bytes. */
  run(): void | Promise<void>
}
