import { DeviceId, type GroupId } from '@auzolan/core'
import type { Op, Store } from '@auzolan/storage'
import { rewoundKey, rewoundsKey } from './layout.ts'

/**
 * Own devices whose entries came back from others: this disk was put back to an earlier moment, or a copy of it goes on elsewhere. Written on
 * with the same key, one place would be signed twice (`TRUST.md` T2). What others claim to hold makes nobody one; what they show does.
 */
export class Rewound {
  readonly #group: GroupId
  readonly #devices = new Set<DeviceId>()

  constructor(group: GroupId) {
    this.#group = group
  }

  async load(store: Store): Promise<void> {
    for (const { key } of await store.range({ prefix: rewoundsKey(this.#group) })) {
      const device = DeviceId.parse(key.at(-1))
      if (device) this.#devices.add(device)
    }
  }

  has(device: DeviceId): boolean {
    return this.#devices.has(device)
  }

  /** What to write beside the entries that came back, and what to do after. */
  keep(device: DeviceId): { readonly op: Op; readonly done: () => void } {
    return {
      op: { do: 'put', key: rewoundKey(this.#group, device), value: NOTHING },
      done: () => this.#devices.add(device),
    }
  }
}

/** The key says it all. */
const NOTHING = new Uint8Array(0)
