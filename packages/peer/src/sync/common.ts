import type { DeviceId } from '@auzolan/core'
import type { Meeting } from './meeting.ts'
import type { Message } from './messages.ts'
import type { Entrance, SharedGroup } from './shared-group.ts'

/** One group on one link. */
export interface Common {
  readonly group: SharedGroup
  /** The number we gave it, and the tag with which we proved to be in it. */
  mine?: number
  tag?: Uint8Array
  /** The tag with which we ask to be let in, and who heard it. */
  asks?: Uint8Array
  host?: { readonly device: DeviceId; readonly index: number }
  /** By what they ask to be let in, and the tag they showed for it. */
  entrance?: { readonly id: Entrance; readonly tag: Uint8Array }
  /** A person here has not answered yet. */
  waiting?: Extract<Message, { say: 'join' }>
  /** Our proof, on its way. */
  proven?: Promise<void>
  /** Who they proved to be, and the number they gave the group. */
  device?: DeviceId
  theirs?: number
  meeting?: Meeting
}

/** The first of each list, then the second of each: where not all find room, each group has some. */
export const inTurn = <T>(lists: readonly (readonly T[])[]): T[] => {
  const longest = Math.max(0, ...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list.slice(at, at + 1))).flat()
}
