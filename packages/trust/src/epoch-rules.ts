import type { ControlId, DeviceId, Instant } from '@auzolan/core'
import type { ControlFacts } from './control-facts.ts'
import { covers, newestOf, type Node, type Position } from './control-graph.ts'
import type { Control } from './control.ts'
import { entranceOf } from './entrances.ts'
import { WRAP_LENGTH, type Epoch, type Recipient, type Rewrap, type Wrap } from './epoch.ts'
import type { Reason } from './reason.ts'
import type { Views } from './views.ts'

/** An epoch, and who has its key as far as is known. */
export interface EpochState {
  readonly id: ControlId
  readonly control: Epoch
  /** Its author's clock. */
  readonly at: Instant
  readonly by: DeviceId
  /** No other comes after it. */
  readonly newest: boolean
  /** Nobody who was handed its key, or that of an epoch after it, is out by now. One writes under the first newest that is, or makes one. */
  readonly usable: boolean
  /** Devices that came in since and have not been handed its key; sorted. */
  readonly lacking: readonly Recipient[]
  /** Devices that cannot open what they were handed and have not been handed it again; sorted. */
  readonly asking: readonly Recipient[]
  /** How often each of them has said so. */
  readonly asked: ReadonlyMap<DeviceId, number>
}

/** How often one device is handed one key again: who goes on saying that it cannot open it would have others write for ever. */
const MAX_ASKED = 3

/** Who gets the keys of epochs (`TRUST.md` T9). */
export class EpochRules {
  private readonly facts: ControlFacts
  private readonly views: Views
  private readonly mayWrite: (device: DeviceId, position: Position) => boolean
  private readonly madeFor = new Map<Node, readonly Recipient[]>()

  constructor(facts: ControlFacts, views: Views, mayWrite: EpochRules['mayWrite']) {
    this.facts = facts
    this.views = views
    this.mayWrite = mayWrite
  }

  /** Devices that may write at `position`, sorted: who gets the key of an epoch made there. */
  recipientsAt(position: Position): readonly Recipient[] {
    const view = this.views.at(position)
    const able = [...this.facts.devices].filter(([device]) => this.mayWrite(device, position))
    return able
      .map(([device, { entrances }]) => {
        const standing = entrances.filter(({ node }) => covers(position, node) && view.stands(node))
        const [first] = standing.map(({ node }) => node).sort((left, right) => (left.id < right.id ? -1 : 1))
        return { device, box: entranceOf(first as Node, device, this.facts).box }
      })
      .sort((left, right) => (left.device < right.device ? -1 : 1))
  }

  allows(control: Extract<Control, { kind: 'epoch' | 'rewrap' | 'unread' }>, position: Position): Reason | undefined {
    const known = this.facts.epochs.filter((node) => covers(position, node))
    if (control.kind !== 'epoch') {
      if (!known.some(({ id }) => id === control.epoch)) return { type: 'unknown epoch' }
      const isWriter = ({ device }: Rewrap['wraps'][number]) =>
        this.facts.devices.has(device) && this.mayWrite(device, position)
      return control.kind === 'unread' || control.wraps.every(isWriter) ? undefined : { type: 'wrong recipients' }
    }
    const newest = newestOf(known)
    if (!control.before.every(({ epoch }) => newest.some(({ id }) => id === epoch))) return { type: 'unknown epoch' }
    return control.wraps.length === this.recipientsAt(position).length * WRAP_LENGTH
      ? undefined
      : { type: 'wrong recipients' }
  }

  states(whole: Position): readonly EpochState[] {
    if (this.facts.epochs.length === 0) return []
    const now = this.recipientsAt(whole)
    const able = new Set(now.map(({ device }) => device))
    const { epochs } = this.facts
    const handed = epochs.map((node) => this.handed(node))
    const isKept = handed.map((devices) => [...devices].every((device) => able.has(device)))
    return epochs.map((node, at) => {
      const later = epochs.flatMap((other, place) => (other !== node && covers(other.self, node) ? [place] : []))
      return {
        id: node.id,
        control: node.control as Epoch,
        at: node.entry.at,
        by: node.entry.device,
        newest: later.length === 0,
        usable: [at, ...later].every((place) => isKept[place]),
        lacking: now.filter(({ device }) => !handed[at]?.has(device)),
        asking: now.filter(({ device }) => this.isAsking(device, node.id)),
        asked: this.asked(node.id),
      }
    })
  }

  wrapsFor(device: DeviceId, epoch: ControlId): readonly Wrap[] {
    const node = this.facts.epochs.find(({ id }) => id === epoch)
    if (!node) return []
    const { ephemeral, wraps } = node.control as Epoch
    const place = this.recipientsOf(node).findIndex((recipient) => recipient.device === device)
    const first = wraps.subarray(place * WRAP_LENGTH, (place + 1) * WRAP_LENGTH)
    const later = this.rewraps(epoch).flatMap((rewrap) =>
      rewrap.wraps.flatMap((one) => (one.device === device ? [{ ephemeral: rewrap.ephemeral, wrap: one.wrap }] : [])),
    )
    return place < 0 ? later : [{ ephemeral, wrap: first }, ...later]
  }

  /** Final: what lies before an entry does not change. */
  private recipientsOf(node: Node): readonly Recipient[] {
    const known = this.madeFor.get(node) ?? this.recipientsAt(node.parents)
    this.madeFor.set(node, known)
    return known
  }

  private handed(node: Node): ReadonlySet<DeviceId> {
    const later = this.rewraps(node.id).flatMap(({ wraps }) => wraps)
    return new Set([...this.recipientsOf(node), ...later].map(({ device }) => device))
  }

  private rewraps(epoch: ControlId): readonly Rewrap[] {
    return (this.facts.rewraps.get(epoch) ?? []).map(({ control }) => control as Rewrap)
  }

  private asked(epoch: ControlId): ReadonlyMap<DeviceId, number> {
    const times = new Map<DeviceId, number>()
    for (const { entry } of this.facts.unread.get(epoch) ?? [])
      times.set(entry.device, (times.get(entry.device) ?? 0) + 1)
    return times
  }

  private isAsking(device: DeviceId, epoch: ControlId): boolean {
    const asked = (this.facts.unread.get(epoch) ?? []).filter(({ entry }) => entry.device === device)
    if (asked.length === 0 || asked.length > MAX_ASKED) return false
    const answers = (this.facts.rewraps.get(epoch) ?? []).filter(({ control }) =>
      (control as Rewrap).wraps.some((one) => one.device === device),
    )
    return asked.some((node) => !answers.some((answer) => covers(answer.self, node)))
  }
}
