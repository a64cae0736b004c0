import type { CallView, DocumentId, StatementId } from '@auzolan/core'
import type { CallDraft } from '@auzolan/peer'
import { download } from './download.ts'
import type { GroupState } from './GroupState.svelte.ts'

/** What one person does with what people are asked to sign, each with its undo. */

/** Asks people to sign, or says it anew. `before`: how it was said. Resolves to the call. */
export const askToSign = async (
  group: GroupState,
  of: StatementId | null,
  draft: CallDraft,
  { before, about }: { readonly before?: CallDraft; readonly about?: DocumentId } = {},
): Promise<StatementId | undefined> => {
  const say = (call: StatementId | null, as: CallDraft) =>
    group.session.act((peer) => peer.askToSign(group.id, call, as, about))
  const said = await say(of, draft)
  if (!said) return undefined
  group.did(of ? 'notice.changed' : 'notice.asked', () => say(of ?? said, before ?? { ...draft, open: false }))
  return of ?? said
}

export const sign = async (
  group: GroupState,
  call: StatementId,
  how: { readonly name: string; readonly comment: string },
): Promise<boolean> => {
  const signed = await group.session.act((peer) => peer.signCall(group.id, call, how))
  if (signed) group.did('notice.signed', () => group.session.act((peer) => peer.unsign(group.id, call)))
  return signed !== undefined
}

export const takeSignatureBack = async (group: GroupState, { id, signatures }: CallView): Promise<void> => {
  const mine = signatures.find(({ by }) => by.me)
  if (!mine || !(await group.session.act((peer) => peer.unsign(group.id, id)))) return
  const { name, comment } = mine
  // An earlier text is not signed again by undoing: only the text as it is can be.
  const again =
    mine.signed === 'now'
      ? () => group.session.act((peer) => peer.signCall(group.id, id, { name, comment }))
      : undefined
  group.did('notice.unsigned', again)
}

export const passOver = async (group: GroupState, call: StatementId, over: boolean): Promise<void> => {
  const say = (so: boolean) => group.session.act((peer) => peer.passOver(group.id, call, so))
  if ((await say(over)) !== undefined && over) group.did('sign.notMeTold', () => say(false))
}

export const enterPaper = async (
  group: GroupState,
  call: StatementId,
  what: { readonly names: readonly string[]; readonly sheet: string },
): Promise<boolean> => {
  const entered = await group.session.act((peer) => peer.enterPaper(group.id, call, what))
  if (entered)
    group.did('notice.entered', () => group.session.act((peer) => peer.takePaperBack(group.id, call, entered)))
  return entered !== undefined
}

export const takePaperBack = async (
  group: GroupState,
  call: StatementId,
  { id, name, sheet }: CallView['papers'][number],
): Promise<void> => {
  if ((await group.session.act((peer) => peer.takePaperBack(group.id, call, [id]))) === undefined) return
  group.did('notice.takenBack', () =>
    group.session.act((peer) => peer.enterPaper(group.id, call, { names: [name], sheet })),
  )
}

export const confirmPaper = async (
  group: GroupState,
  call: StatementId,
  papers: readonly StatementId[],
  stands: boolean,
): Promise<void> => {
  const say = (so: boolean) => group.session.act((peer) => peer.confirmPaper(group.id, call, papers, so))
  if (await say(stands)) group.did('notice.noted', () => say(!stands))
}

/** The call with all signatures as a file. */
export const saveCall = async (group: GroupState, call: StatementId): Promise<void> => {
  const bytes = await group.session.act((peer) => peer.callFile(group.id, call))
  if (!bytes) return
  download(new Blob([new Uint8Array(bytes)]), 'signatures.auzolan')
  group.did('call.fileSaved')
}
