import type { GroupId, Result, StatementId } from '@auzolan/core'
import { book, type BookingDraft, settleBookings, shareThing, tellUse, type ThingDraft, unbook } from './acts/things.ts'
import type { Group } from './group/group.ts'
import type { Refusal } from './refusal.ts'

/** What a person does with what a group shares. What each of it means stands in `peer.ts`. */
export abstract class ThingsInGroup {
  /** Does it where this device takes part in the group. */
  protected abstract in<T>(id: GroupId, act: (group: Group) => Promise<Result<T, Refusal>>): Promise<Result<T, Refusal>>

  shareThing(id: GroupId, of: StatementId | null, draft: ThingDraft): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => shareThing(group, of, draft))
  }

  book(id: GroupId, thing: StatementId, draft: BookingDraft): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => book(group, thing, draft))
  }

  unbook(id: GroupId, booking: StatementId, to: StatementId | null): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => unbook(group, booking, to))
  }

  settleBookings(
    id: GroupId,
    one: StatementId,
    other: StatementId,
    stands: boolean,
  ): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => settleBookings(group, one, other, stands))
  }

  tellUse(
    id: GroupId,
    booking: StatementId,
    what: { readonly minutes: number; readonly note: string; readonly stands: boolean },
  ): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => tellUse(group, booking, what))
  }
}
