import type { DocumentId, GroupId, Result, StatementId } from '@auzolan/core'
import {
  askToSign,
  type CallDraft,
  confirmPaper,
  enterPaper,
  passOver,
  signCall,
  takePaperBack,
  unsign,
} from './acts/calls.ts'
import type { Group } from './group/group.ts'
import type { PeerOptions } from './peer.ts'
import type { Refusal } from './refusal.ts'
import { ThingsInGroup } from './things-in-group.ts'

/** What a person does with what a group asks people to sign. What each of it means stands in `peer.ts`. */
export abstract class CallsInGroup extends ThingsInGroup {
  readonly #store: PeerOptions['store']

  constructor({ store }: Pick<PeerOptions, 'store'>) {
    super()
    this.#store = store
  }

  askToSign(
    id: GroupId,
    of: StatementId | null,
    draft: CallDraft,
    about?: DocumentId,
  ): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => askToSign(group, of, draft, about))
  }

  signCall(
    id: GroupId,
    call: StatementId,
    how: { readonly name?: string; readonly comment?: string } = {},
  ): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => signCall(group, call, how))
  }

  unsign(id: GroupId, call: StatementId): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => unsign(group, call))
  }

  enterPaper(
    id: GroupId,
    call: StatementId,
    what: { readonly names: readonly string[]; readonly sheet: string },
  ): Promise<Result<readonly StatementId[], Refusal>> {
    return this.in(id, (group) => enterPaper(group, call, what))
  }

  takePaperBack(id: GroupId, call: StatementId, papers: readonly StatementId[]): Promise<Result<null, Refusal>> {
    return this.in(id, (group) => takePaperBack(group, call, papers))
  }

  confirmPaper(
    id: GroupId,
    call: StatementId,
    papers: readonly StatementId[],
    stands: boolean,
  ): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => confirmPaper(group, call, papers, stands))
  }

  passOver(id: GroupId, call: StatementId, over: boolean): Promise<Result<null, Refusal>> {
    return this.in(id, (group: Group) => passOver(group, this.#store, call, over))
  }
}
