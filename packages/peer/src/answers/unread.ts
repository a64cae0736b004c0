import { messagesIn } from '../acts/talk.ts'
import type { Group } from '../group/group.ts'
import type { UnreadThread } from '../peer.ts'

/** Threads with something this device has not read. What it never showed at all is not counted: nobody stopped reading there. */
export const unreadView = async (group: Group): Promise<readonly UnreadThread[]> =>
  Array.from(await group.reads.all(), ([thread, read]) => ({
    thread,
    messages: messagesIn(group, thread) - read.messages,
  })).filter(({ messages }) => messages > 0)
