import { DeviceId, GroupId, type Instant, MemberId, StatementId } from './ids.ts'
import { byTime } from './plan.ts'
import { type Said, type Taken, takings } from './statement.ts'
import { isInstant } from './stored.ts'

/** What another group would like this one to have. */
export interface Offer {
  readonly id: StatementId
  readonly by: MemberId
  readonly at: Instant
  readonly from: GroupId
  readonly name: string
  readonly why: string
}

export interface OfferAnswer {
  readonly id: StatementId
  readonly by: MemberId
  readonly at: Instant
  readonly taken: Taken
  readonly thanks: string
}

/** Where an entry lies. */
export interface Place {
  readonly device: DeviceId
  readonly seq: number
}

/**
 * What a group has taken in from others, and what it was offered: folded as it arrives. The same statements give the same answers in whatever order
 * and however often they are added.
 */
export class Exchange {
  /** Records of other groups, by their own ids, and the statements here that brought each in. */
  readonly #adopted = new Map<StatementId, Map<StatementId, StatementId | null>>()
  /** Statements here that brought something in. */
  readonly #known = new Set<StatementId>()
  readonly #undone = new Set<StatementId>()
  readonly #offers = new Map<StatementId, Offer>()
  readonly #places = new Map<StatementId, Map<string, Place>>()
  readonly #answers = new Map<StatementId, OfferAnswer>()

  /** True: something that counted before counts no more. */
  add({ id, by, at, device, seq, statement }: Said): boolean {
    switch (statement.kind) {
      case 'unadopt': {
        const fresh = statement.adopts.filter((adopt) => !this.#undone.has(adopt))
        for (const adopt of fresh) this.#undone.add(adopt)
        return fresh.some((adopt) => this.#known.has(adopt))
      }
      case 'offer':
        this.#offers.set(id, { id, by, at, from: statement.from, name: statement.name, why: statement.why })
        return false
      case 'offered': {
        const places = this.#places.get(statement.offer) ?? new Map<string, Place>()
        this.#places.set(statement.offer, places.set(`${device} ${seq}`, { device, seq }))
        return false
      }
      case 'answer': {
        const before = this.#answers.get(statement.offer)
        const answer = { id, by, at, taken: statement.taken, thanks: statement.thanks }
        if (!before || byTime(before, answer) < 0) this.#answers.set(statement.offer, answer)
        return false
      }
      default:
        return false
    }
  }

  /** Changes with what was taken in or taken back. */
  get version(): string {
    return `${this.#known.size} ${this.#undone.size}`
  }

  /** `adopt` has brought `record` in, accepted from `offer`. */
  adopt(record: StatementId, adopt: StatementId, offer: StatementId | null): void {
    this.#known.add(adopt)
    this.#adopted.set(
      record,
      (this.#adopted.get(record) ?? new Map<StatementId, StatementId | null>()).set(adopt, offer),
    )
  }

  /** Whether what this statement brought in was taken back. */
  isUndone(adopt: StatementId): boolean {
    return this.#undone.has(adopt)
  }

  /** What is taken back in `other`, which holds the same statements, is known from the beginning. */
  know(other: Exchange): void {
    for (const adopt of other.#undone) this.#undone.add(adopt)
  }

  /** Brought in, and not taken back. */
  has(record: StatementId): boolean {
    for (const adopt of this.#adopted.get(record)?.keys() ?? []) if (!this.#undone.has(adopt)) return true
    return false
  }

  /** Brought in at some time, also where it was taken back. */
  had(record: StatementId): boolean {
    return this.#adopted.has(record)
  }

  /** Records that were accepted from an offer and not taken back. */
  takenFrom(offer: StatementId): ReadonlySet<StatementId> {
    const taken = new Set<StatementId>()
    for (const [record, adopts] of this.#adopted)
      for (const [adopt, from] of adopts) if (from === offer && !this.#undone.has(adopt)) taken.add(record)
    return taken
  }

  get offers(): readonly Offer[] {
    return [...this.#offers.values()].sort(byTime)
  }
  /** Where the records of an offer lie. */
  placesOf(offer: StatementId): readonly Place[] {
    return [...(this.#places.get(offer)?.values() ?? [])]
  }
  answerTo(offer: StatementId): OfferAnswer | undefined {
    return this.#answers.get(offer)
  }

  /** JSON-able. */
  toData(): unknown {
    return {
      adopted: Array.from(this.#adopted, ([record, adopts]) => [record, [...adopts]]),
      undone: [...this.#undone],
      offers: [...this.#offers.values()],
      places: Array.from(this.#places, ([offer, places]) => [offer, [...places.values()]]),
      answers: [...this.#answers],
    }
  }

  /** Reads what `toData` gave; `undefined` when damaged. */
  static fromData(data: unknown): Exchange | undefined {
    const { adopted, undone, offers, places, answers } = (data ?? {}) as Readonly<Record<string, unknown>>
    const lists = [adopted, undone, offers, places, answers]
    if (!lists.every(Array.isArray)) return undefined
    const exchange = new Exchange()
    try {
      for (const [record, adopts] of adopted as [unknown, [unknown, unknown][]][])
        for (const [adopt, offer] of adopts)
          exchange.adopt(statementOf(record), statementOf(adopt), offer === null ? null : statementOf(offer))
      for (const adopt of undone as unknown[]) exchange.#undone.add(statementOf(adopt))
      for (const offer of offers as Offer[]) exchange.#offers.set(statementOf(offer.id), readOffer(offer))
      for (const [offer, all] of places as [unknown, Place[]][])
        exchange.#places.set(
          statementOf(offer),
          new Map(all.map(({ device, seq }) => [`${device} ${seq}`, { device: must(DeviceId.parse(device)), seq }])),
        )
      for (const [offer, answer] of answers as [unknown, OfferAnswer][])
        exchange.#answers.set(statementOf(offer), readAnswer(answer))
    } catch {
      return undefined
    }
    return exchange
  }
}

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('not what was kept')
  return value
}
const statementOf = (value: unknown): StatementId => must(StatementId.parse(value))
const readOffer = ({ id, by, at, from, name, why }: Offer): Offer => ({
  id: statementOf(id),
  by: must(MemberId.parse(by)),
  at: must(isInstant(at) ? at : undefined),
  from: must(GroupId.parse(from)),
  name: String(name),
  why: String(why),
})
const readAnswer = ({ id, by, at, taken, thanks }: OfferAnswer): OfferAnswer => ({
  id: statementOf(id),
  by: must(MemberId.parse(by)),
  at: must(isInstant(at) ? at : undefined),
  taken: must(takings.find((each) => each === taken)),
  thanks: String(thanks),
})
