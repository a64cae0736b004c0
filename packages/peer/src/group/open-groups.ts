import type { GroupId } from '@auzolan/core'
import { invitationKeys, type KeyStore, type Verifier } from '@auzolan/trust'
import { initialiseEngine } from '../documents/engine.ts'
import { GroupLog } from '../log/group-log.ts'
import type { PeerOptions } from '../peer.ts'
import { openGroup, type OpenParts } from './found.ts'
import type { Group } from './group.ts'
import type { GroupRecord } from './group-record.ts'

interface OpeningEvents {
  /** What else is read before a group counts as open. */
  readonly opening: (group: GroupId) => Promise<void>
  /** It is, and nobody has been handed it yet. */
  readonly opened: (group: Group) => void
  /** It is open no more, and about to be closed. */
  readonly dropped: (group: GroupId) => void
}

/** The groups that are open in this tab, and the logs they read: each opened once, whoever asks. */
export class OpenGroups {
  /** What a group is opened with. */
  readonly parts: OpenParts
  readonly #keys: KeyStore
  readonly #events: OpeningEvents
  readonly #opening = new Map<GroupId, Promise<Group | undefined>>()
  readonly #open = new Map<GroupId, Group>()
  readonly #logs = new Map<GroupId, Promise<GroupLog>>()
  #engine: Promise<void> | undefined

  constructor(options: PeerOptions, verifier: Verifier, keys: KeyStore, events: OpeningEvents) {
    this.#keys = keys
    this.#events = events
    this.parts = {
      options,
      verifier,
      opened: (group) => this.#open.get(group)?.workspace,
      engine: () => (this.#engine ??= initialiseEngine(options.engine ?? 'embedded')),
      logs: (group) => {
        const log = this.#logs.get(group) ?? GroupLog.open(options.store, group, verifier)
        this.#logs.set(group, log)
        return log
      },
    }
  }

  get all(): readonly Group[] {
    return [...this.#open.values()]
  }

  /** If it is open now. */
  now(id: GroupId): Group | undefined {
    return this.#open.get(id)
  }

  isOpen(group: Group): boolean {
    return this.#open.get(group.id) === group
  }

  /** `undefined`: the keys of this device's part in it are gone. */
  get(record: GroupRecord): Promise<Group | undefined> {
    const known = this.#opening.get(record.group)
    if (known) return known
    const opening = this.#openGroup(record)
    this.#opening.set(record.group, opening)
    // Who asks next tries again.
    opening.catch(() => {
      if (this.#opening.get(record.group) === opening) this.#opening.delete(record.group)
    })
    return opening
  }

  async #openGroup(record: GroupRecord): Promise<Group | undefined> {
    const keys = await this.#keys.open(record.device)
    if (!keys) return undefined
    const group = await openGroup(this.parts, record, keys)
    if (record.joining && record.standing === 'joining')
      group.ask((await invitationKeys(record.joining.secret)).publicKey)
    await this.#events.opening(record.group)
    this.#open.set(record.group, group)
    this.#events.opened(group)
    return group
  }

  async drop(id: GroupId): Promise<void> {
    const group = await this.#opening.get(id)
    this.#events.dropped(id)
    this.#opening.delete(id)
    this.#open.delete(id)
    await group?.close()
  }

  /** The entries of a group are removed from this device. */
  forgetLog(id: GroupId): void {
    this.#logs.delete(id)
  }

  /** Whether a group that is open reads the log of this one. */
  isContinued(id: GroupId): boolean {
    return this.all.some(({ workspace }) => workspace.sources.some(({ log }) => log.group === id))
  }

  /** Closes all, each after `last`. */
  async close(last: (group: Group) => Promise<void>): Promise<void> {
    for (const opening of this.#opening.values()) {
      // Who asked for a group that does not open was told why.
      const group = await opening.catch(() => undefined)
      if (!group) continue
      await last(group)
      await group.close()
    }
  }
}
