import { type DeviceId, GroupId } from '@auzolan/core'
import type { Store } from '@auzolan/storage'
import type { KeyStore } from '@auzolan/trust'
import type { GroupLog } from '../log/group-log.ts'
import { groupKey, groupsKey } from '../log/layout.ts'
import { decodeGroupRecord, encodeGroupRecord, type GroupRecord } from './group-record.ts'

/** What this device keeps of its part in each group: on disk, and as this tab last knew it. */
export class GroupRecords {
  readonly #store: Store
  readonly #keys: KeyStore
  readonly #logs: (group: GroupId) => Promise<GroupLog>
  readonly #records = new Map<GroupId, GroupRecord>()
  /** Counts records this tab has written. */
  #noted = 0

  constructor(store: Store, keys: KeyStore, logs: (group: GroupId) => Promise<GroupLog>) {
    this.#store = store
    this.#keys = keys
    this.#logs = logs
  }

  get ids(): readonly GroupId[] {
    return [...this.#records.keys()]
  }
  get all(): readonly GroupRecord[] {
    return [...this.#records.values()]
  }
  has(id: GroupId): boolean {
    return this.#records.has(id)
  }
  get(id: GroupId): GroupRecord | undefined {
    return this.#records.get(id)
  }

  /** This tab has written a record. */
  note(record: GroupRecord): void {
    this.#records.set(record.group, record)
    this.#noted += 1
  }

  /** As an open group now has it, unless the group was removed from this device meanwhile. */
  keep(record: GroupRecord): void {
    if (this.#records.has(record.group)) this.#records.set(record.group, record)
  }

  /** This tab has removed a record. */
  remove(id: GroupId): void {
    this.#records.delete(id)
    this.#noted += 1
  }

  async write(record: GroupRecord): Promise<void> {
    await this.#store.write([{ do: 'put', key: groupKey(record.group), value: encodeGroupRecord(record) }], {
      durability: 'strict',
    })
  }

  /** Reads the disk. `opened`: the record of a group that is open, which is newer. Answers the groups that are gone. */
  async read(opened: (id: GroupId) => GroupRecord | undefined): Promise<readonly GroupId[]> {
    let found: Map<GroupId, GroupRecord>
    let noted: number
    do {
      noted = this.#noted
      found = new Map()
      for (const { key, value } of await this.#store.range({ prefix: groupsKey })) {
        const record = decodeGroupRecord(value) ?? (await this.#recover(GroupId.parse(key.at(-1))))
        if (record) found.set(record.group, record)
      }
      // This tab wrote a record while it read.
    } while (noted !== this.#noted)
    const gone = this.ids.filter((id) => !found.has(id))
    for (const id of gone) this.#records.delete(id)
    for (const [id, record] of found) this.#records.set(id, opened(id) ?? record)
    return gone
  }

  /** A damaged record, made again from the group's log: this device's part is the feed whose key it holds. */
  async #recover(group: GroupId | undefined): Promise<GroupRecord | undefined> {
    const log = group && (await this.#logs(group))
    if (!log || log.control.heads.length === 0) return undefined
    const { devices, members, founding, foundedAt } = log.state
    let own: { readonly device: DeviceId; readonly standing: GroupRecord['standing'] } | undefined
    for (const [device, { member }] of devices) {
      if (!(await this.#keys.open(device))) continue
      own = { device, standing: members.get(member)?.left ? 'left' : 'member' }
      // Who came back after leaving holds the keys of both times.
      if (own.standing === 'member') break
    }
    if (!own) return undefined
    const record: GroupRecord = {
      group,
      ...own,
      name: founding.name,
      since: foundedAt,
      example: false,
      joining: null,
    }
    await this.write(record)
    return record
  }
}
