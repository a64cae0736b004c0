import {
  type ActionId,
  type AnswerGiven,
  checkName,
  type Closing,
  type ControlId,
  type DeviceId,
  type DocumentId,
  type Edit,
  err,
  type GroupId,
  type Heads,
  type MemberId,
  ok,
  type Origin,
  type Reaction,
  type Result,
  type Seen,
  type StatementId,
  type ThreadId,
} from '@auzolan/core'
import { encodeKeeperInvitation, MAX_INVITED_RELAYS } from '@auzolan/trust'
import {
  changePlaces,
  giveBack,
  markDoing,
  markNotYet,
  markDone,
  planAction,
  startInitiative,
  takeAction,
  witness,
} from './acts/actions.ts'
import { writeAhead } from './acts/ahead.ts'
import { certificateOf, decline, goAhead, propose, speakFor, vote } from './acts/decisions.ts'
import { closeInitiative, openAgain } from './acts/endings.ts'
import { handOver, list, type ListingDraft, promise, release, unlist } from './acts/exchanges.ts'
import { lineOf } from './acts/lines.ts'
import { confirm, endPause, pause } from './acts/moderating.ts'
import { exportPacks, heldElsewhere } from './acts/packs.ts'
import {
  markRead,
  markSeen,
  type MessageContext,
  react,
  reviseMessage,
  sendMessage,
  withdrawMessage,
} from './acts/talk.ts'
import { letGo, putInAgain } from './acts/unmerged.ts'
import { CallsInGroup } from './calls-in-group.ts'
import type { PeerOptions, Proposable, Refusal } from './peer.ts'

/** What a person does in one group, by its id. What each of it means stands in `peer.ts`. */
export abstract class ActsInGroup extends CallsInGroup {
  readonly #options: Pick<PeerOptions, 'entropy' | 'store' | 'clock'>

  constructor(options: Pick<PeerOptions, 'entropy' | 'store' | 'clock'>) {
    super(options)
    this.#options = options
  }

  startInitiative(
    id: GroupId,
    draft: { readonly title: string; readonly from?: Origin },
  ): Promise<Result<DocumentId, Refusal>> {
    return this.in(id, (group) => startInitiative(group, this.#options.entropy, draft))
  }

  closeInitiative(
    id: GroupId,
    initiative: DocumentId,
    draft: Pick<Closing, 'result' | 'sentence'>,
  ): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => closeInitiative(group, initiative, draft))
  }

  openAgain(id: GroupId, initiative: DocumentId): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => openAgain(group, initiative))
  }

  planAction(
    id: GroupId,
    initiative: DocumentId,
    draft: { readonly title: string; readonly places: number; readonly when?: string; readonly from?: Origin },
  ): Promise<Result<ActionId, Refusal>> {
    return this.in(id, (group) => planAction(group, this.#options.entropy, initiative, draft))
  }

  changePlaces(
    id: GroupId,
    initiative: DocumentId,
    action: ActionId,
    places: number,
  ): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => changePlaces(group, initiative, action, places))
  }

  takeAction(id: GroupId, initiative: DocumentId, action: ActionId): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => takeAction(group, initiative, action))
  }

  giveBack(id: GroupId, initiative: DocumentId, take: StatementId): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => giveBack(group, initiative, take))
  }

  markDone(
    id: GroupId,
    initiative: DocumentId,
    take: StatementId,
    minutes: number,
    note?: string,
  ): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => markDone(group, initiative, take, { minutes, note: note ?? '' }))
  }

  markDoing(id: GroupId, initiative: DocumentId, take: StatementId): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => markDoing(group, initiative, take))
  }

  markNotYet(
    id: GroupId,
    initiative: DocumentId,
    take: StatementId,
    doing: boolean,
  ): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => markNotYet(group, initiative, take, doing))
  }

  witness(id: GroupId, initiative: DocumentId, take: StatementId, saw: Seen): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => witness(group, initiative, take, saw))
  }

  list(id: GroupId, place: DocumentId, draft: ListingDraft): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => list(group, place, draft))
  }

  unlist(id: GroupId, listing: StatementId, stands: boolean): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => unlist(group, listing, stands))
  }

  promise(
    id: GroupId,
    listing: StatementId,
    what: { readonly amount: number; readonly note?: string },
  ): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => promise(group, listing, what))
  }

  release(id: GroupId, of: StatementId): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => release(group, of))
  }

  handOver(id: GroupId, of: StatementId, stands: boolean): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => handOver(group, of, stands))
  }

  sendMessage(
    id: GroupId,
    thread: ThreadId,
    text: string,
    context?: MessageContext,
  ): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => sendMessage(group, thread, text, context))
  }

  writeAhead(id: GroupId, text: string): Promise<Result<null, Refusal>> {
    return this.in(id, (group) => writeAhead(group, this.#options.store, text))
  }

  reviseMessage(
    id: GroupId,
    thread: ThreadId,
    message: StatementId,
    words: { readonly text: string; readonly mentions?: readonly MemberId[] },
  ): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => reviseMessage(group, thread, message, words))
  }

  react(
    id: GroupId,
    thread: ThreadId,
    message: StatementId,
    what: { readonly reaction: Reaction; readonly on: boolean },
  ): Promise<Result<null, Refusal>> {
    return this.in(id, (group) => react(group, thread, message, what))
  }

  markSeen(id: GroupId): Promise<Result<null, Refusal>> {
    return this.in(id, (group) => markSeen(group))
  }

  markRead(id: GroupId, thread: ThreadId): Promise<Result<null, Refusal>> {
    return this.in(id, (group) => markRead(group, thread))
  }

  withdrawMessage(id: GroupId, thread: ThreadId, message: StatementId): Promise<Result<StatementId, Refusal>> {
    return this.in(id, (group) => withdrawMessage(group, thread, message))
  }

  edit(id: GroupId, document: DocumentId, edits: readonly Edit[]): Promise<Result<{ readonly heads: Heads }, Refusal>> {
    return this.in(id, (group) => group.edit(document, () => edits))
  }

  putInAgain(id: GroupId, initiative: DocumentId, unmerged: string): Promise<Result<null, Refusal>> {
    return this.in(id, (group) => putInAgain(group, this.#options.store, initiative, unmerged))
  }

  letGo(id: GroupId, initiative: DocumentId, unmerged: string): Promise<Result<null, Refusal>> {
    return this.in(id, (group) => letGo(group, this.#options.store, initiative, unmerged))
  }

  async nameDevice(id: GroupId, device: DeviceId, name: string): Promise<Result<StatementId, Refusal>> {
    const tidy = lineOf('name', checkName(name))
    if (!tidy.ok) return tidy
    return this.in(id, async (group) => {
      const known = group.workspace.log.state.devices.get(device)
      if (!known || known.revoked || known.member !== group.me) return err({ type: 'not yours' })
      return group.say({ kind: 'device', device, name: tidy.value })
    })
  }

  async rename(id: GroupId, myName: string): Promise<Result<StatementId, Refusal>> {
    const name = lineOf('name', checkName(myName))
    return name.ok ? this.in(id, (group) => group.say({ kind: 'card', name: name.value })) : name
  }

  cancelInvitation(id: GroupId, invitation: ControlId): Promise<Result<null, Refusal>> {
    return this.in(id, async (group) => {
      const decided = await group.decide({ kind: 'uninvite', invite: invitation })
      return decided.ok ? ok(null) : decided
    })
  }

  propose(id: GroupId, action: Proposable): Promise<Result<ControlId, Refusal>> {
    return this.in(id, (group) => propose(group, action))
  }

  vote(id: GroupId, proposal: ControlId, answer: AnswerGiven, because?: string): Promise<Result<null, Refusal>> {
    return this.in(id, (group) => vote(group, proposal, answer, because))
  }

  goAhead(id: GroupId, proposal: ControlId): Promise<Result<null, Refusal>> {
    return this.in(id, (group) => goAhead(group, proposal))
  }

  decline(id: GroupId, newcomer: MemberId): Promise<Result<null, Refusal>> {
    return this.in(id, (group) => decline(group, newcomer))
  }

  speakFor(id: GroupId, newcomer: MemberId): Promise<Result<null, Refusal>> {
    return this.in(id, (group) => speakFor(group, newcomer))
  }

  confirm(id: GroupId, newcomer: MemberId): Promise<Result<null, Refusal>> {
    return this.in(id, (group) => confirm(group, newcomer))
  }

  pause(id: GroupId, person: MemberId, reason: string): Promise<Result<null, Refusal>> {
    return this.in(id, (group) => pause(group, person, reason))
  }

  endPause(id: GroupId, person: MemberId): Promise<Result<null, Refusal>> {
    return this.in(id, (group) => endPause(group, person))
  }

  certificate(id: GroupId, proposal: ControlId): Promise<Result<Uint8Array, Refusal>> {
    return this.in(id, async (group) => certificateOf(group, proposal))
  }

  confirmDevice(id: GroupId, device: DeviceId): Promise<Result<null, Refusal>> {
    return this.in(id, (group) => group.linking.confirm(device))
  }

  exportPacks(
    id: GroupId,
    part: readonly { readonly device: DeviceId; readonly seq: number }[] | 'only here' = [],
  ): Promise<Result<Uint8Array, Refusal>> {
    return this.in(id, (group) => {
      const since = part === 'only here' ? heldElsewhere(group) : new Map(part.map(({ device, seq }) => [device, seq]))
      return exportPacks(group, this.#options, since)
    })
  }

  askKeeper(id: GroupId): Promise<Result<string, Refusal>> {
    return this.in(id, async ({ ring }) => {
      const { current } = ring
      if (!current) return err({ type: 'no key' })
      const others = ring.all.filter((held) => held.id !== current.id)
      const keys = [current, ...others].slice(0, MAX_INVITED_RELAYS)
      return ok(encodeKeeperInvitation(keys.map((held) => held.keys.relayKey())))
    })
  }

  async leave(id: GroupId): Promise<Result<null, Refusal>> {
    return this.in(id, async (group) => {
      const decided = await group.decide({ kind: 'leave' })
      if (!decided.ok) return decided
      await group.keep({ ...group.record, standing: 'left' })
      return ok(null)
    })
  }
}
