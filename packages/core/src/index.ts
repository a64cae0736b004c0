export * from './bytes.ts'
export * from './codes.ts'
export * from './ids.ts'
export * from './result.ts'
export * from './statement.ts'
export * from './documents.ts'
export * from './views.ts'
export * from './decision-views.ts'
export * from './text.ts'
export * from './statement-codec.ts'
export * from './life.ts'
export { calendarEvent, calendarItems, type CalendarItem, type PlannedTime, timesIn } from './group-calendar.ts'
export * from './moment.ts'
export * from './calendar-file.ts'
export * from './plain-files.ts'
export type { Closing } from './closings.ts'
export { isClosed, type ListingState } from './exchanges.ts'
export * from './listings-view.ts'
export * from './search-view.ts'
export * from './things-view.ts'
export {
  brokenRules,
  firstFree,
  makesRoom,
  type BookingState,
  type RuleBroken,
  type Thing,
  type ThingRules,
  type ThingState,
} from './things.ts'
export type { Mention } from './mentions.ts'
export type { MadeIn, Origin } from './origins.ts'
export { type ActionState, type Claim, claimState, type ClaimState } from './plan.ts'
export * from './board.ts'
export * from './difference.ts'
export * from './exchange.ts'
export * from './exchange-views.ts'
export * from './facts.ts'
export * from './initiative-views.ts'
export type { Talk } from './talks.ts'
export * from './thread.ts'
export * from './totals.ts'
export { standingReactions } from './talk-marks.ts'
export * from './people-view.ts'
export * from './since.ts'
export * from './waiting.ts'
export * from './status.ts'
export * from './order.ts'
export * from './proof-words.ts'
