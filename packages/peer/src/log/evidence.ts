import { type DeviceId, type GroupId } from '@auzolan/core'
import type { Op, Store } from '@auzolan/storage'
import { checkEvidence, decodeEvidence, encodeEvidence, type Evidence, type Verifier } from '@auzolan/trust'
import { evidenceKey, evidencesKey } from './layout.ts'
import { seal, unseal } from './sealed.ts'

/** Why a device is frozen: two entries it signed for one place (`TRUST.md` T2). */
export interface Freeze {
  /** The place. */
  readonly seq: number
  /** As it is stored and sent. */
  readonly bytes: Uint8Array
}

/** The devices of one group that were proven to have signed two entries for one place. The first proof met is kept. */
export class Frozen {
  readonly #group: GroupId
  readonly #verifier: Verifier
  readonly #devices = new Map<DeviceId, Freeze>()

  constructor(group: GroupId, verifier: Verifier) {
    this.#group = group
    this.#verifier = verifier
  }

  get all(): ReadonlyMap<DeviceId, Freeze> {
    return this.#devices
  }

  async load(store: Store): Promise<void> {
    for (const { value } of await store.range({ prefix: evidencesKey(this.#group) })) {
      const bytes = unseal(value)
      const found = bytes && (await this.check(bytes))
      if (bytes && found) this.#devices.set(found.device, { seq: found.seq, bytes })
    }
  }

  /** Whose feed, and where, these bytes prove to be doubled in this group; `undefined`: they prove nothing. */
  async check(bytes: Uint8Array): Promise<{ readonly device: DeviceId; readonly seq: number } | undefined> {
    const evidence = decodeEvidence(bytes)
    const checked = evidence.ok ? await checkEvidence(evidence.value, this.#verifier) : undefined
    return checked?.ok && checked.value.group === this.#group ? checked.value : undefined
  }

  /** What to write for checked evidence, and what to do after. */
  keep(device: DeviceId, freeze: Freeze): { readonly op: Op; readonly done: () => void } {
    return {
      op: { do: 'put', key: evidenceKey(this.#group, device), value: seal(freeze.bytes) },
      done: () => this.#devices.set(device, freeze),
    }
  }
}

export type SignedHeader = Evidence['first']
export const evidenceOf = (first: SignedHeader, second: SignedHeader): Uint8Array => encodeEvidence({ first, second })
