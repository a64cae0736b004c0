import type { Origin, Result, Statement, StatementId } from '@auzolan/core'
import type { Group } from '../group/group.ts'
import type { Refusal } from '../peer.ts'

/** Says what a message became, after the thing itself: a device that fails in between has saved the thing. */
export const tellOrigin = (
  group: Group,
  { thread, message }: Origin,
  made: Pick<Extract<Statement, { kind: 'became' }>, 'made' | 'action' | 'listing' | 'title'>,
): Promise<Result<StatementId, Refusal>> => group.say({ kind: 'became', thread, message, ...made })
