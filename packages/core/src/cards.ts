import { type DeviceId, type Instant, MemberId, StatementId } from './ids.ts'
import { byTime, type Stamped } from './plan.ts'
import { everyRow, isInstant } from './stored.ts'

interface Card extends Stamped {
  readonly name: string
}

/** What people call themselves, and their devices: the latest of each counts. Folded in any order. */
export class Cards {
  /** By member, or by member and device. */
  readonly #cards = new Map<string, Card>()

  add(
    card: { readonly id: StatementId; readonly at: Instant; readonly name: string },
    by: MemberId,
    device?: DeviceId,
  ): void {
    this.#put(placeOf(by, device), { id: card.id, at: card.at, name: card.name })
  }

  name(member: MemberId, device?: DeviceId): string | undefined {
    return this.#cards.get(placeOf(member, device))?.name
  }

  toData(): unknown {
    return [...this.#cards].map(([place, { id, at, name }]) => [place, id, at, name])
  }

  /** False: it is not what `toData` gave. */
  restore(rows: unknown): boolean {
    return everyRow(rows, ([place, said, at, name]) => {
      const id = StatementId.parse(said)
      if (typeof place !== 'string' || id === undefined || !isInstant(at) || typeof name !== 'string') return false
      // Both ids are as long.
      if (!place.split(' ').every((part) => MemberId.parse(part) !== undefined)) return false
      this.#put(place, { id, at, name })
      return true
    })
  }

  #put(place: string, card: Card): void {
    const before = this.#cards.get(place)
    if (before === undefined || byTime(before, card) < 0) this.#cards.set(place, card)
  }
}

const placeOf = (member: MemberId, device: DeviceId | undefined): string => (device ? `${member} ${device}` : member)
