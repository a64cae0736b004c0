import type { MessageView } from '@auzolan/core'

/** What somebody is writing about: a message they reply to, or one of their own that they say in other words. */
export interface Writing {
  readonly is: 'reply' | 'revise'
  readonly message: MessageView
}
