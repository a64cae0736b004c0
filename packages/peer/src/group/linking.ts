import { type Clock, type DeviceId, equalBytes, err, type Instant, MemberId, ok, type Result } from '@auzolan/core'
import { checkDeviceRequest, parseDeviceRequest, type SignedJoinRequest, type Verifier } from '@auzolan/trust'
import type { Refusal } from '../peer.ts'
import type { Group } from './group.ts'

/** How far a link for a further device has come. The later ones end it. */
const stages = ['open', 'asked', 'added', 'refused', 'ended'] as const

/** A link that one of this profile's tabs shows, as its tabs tell each other. */
export interface OpenLink {
  /** Whose device comes in by it. Another's: the group is asked to go on with it. */
  readonly member: MemberId
  /** Public key made from the link's secret. */
  readonly key: Uint8Array
  readonly until: Instant
  readonly stage: (typeof stages)[number]
  readonly asked: SignedJoinRequest | null
}

type House = Pick<Group, 'id' | 'me' | 'workspace' | 'isActive' | 'decide' | 'handKeys'>

/**
 * Lets a further device of this person in, or asks the group to let one in of somebody who has lost theirs. At most one link is open at a time, and it hears one request: whoever saw the code over the
 * person's shoulder and is first is found out by the words, and has no second try.
 */
export class Linking {
  readonly #house: House
  readonly #verifier: Verifier
  readonly #clock: Clock
  readonly #tell: () => void
  #link: OpenLink | undefined
  #told = true

  constructor(house: House, verifier: Verifier, clock: Clock, tell: () => void) {
    this.#house = house
    this.#verifier = verifier
    this.#clock = clock
    this.#tell = tell
  }

  get link(): OpenLink | undefined {
    return this.#link
  }

  /** What the other tabs of this profile have not been told. */
  takeNews(): OpenLink | undefined {
    if (this.#told) return undefined
    this.#told = true
    return this.#link
  }

  open(key: Uint8Array, until: Instant, member: MemberId): void {
    this.#set({ member, key, until, stage: 'open', asked: null })
  }

  /** Another tab of this profile opened a link, or heard of one. */
  adopt(message: unknown): void {
    const theirs = readOpenLink(message)
    if (!theirs) return
    const mine = this.#link
    const isNews = !mine || !equalBytes(mine.key, theirs.key) || rank(theirs) > rank(mine)
    if (!isNews) return
    this.#link = theirs
    this.#tell()
  }

  /** Takes no (further) request. What was confirmed stays. */
  end(stage: 'refused' | 'ended'): void {
    if (this.#link && this.#link.stage !== 'added') this.#set({ ...this.#link, stage })
  }

  /** A request that came by the link; the same one again gives the answer of that time. */
  async hear(proof: SignedJoinRequest): Promise<'asked' | 'admitted' | 'refused' | 'used' | 'ended' | 'failed'> {
    const request = await checkDeviceRequest(proof, this.#verifier)
    const link = this.#link
    if (!request || !link || request.group !== this.#house.id || request.member !== link.member) return 'failed'
    if (this.#house.isActive(request.device)) return 'admitted'
    if (!equalBytes(request.linkKey, link.key)) return 'ended'
    if (link.asked && !equalBytes(link.asked.request, proof.request)) return 'used'
    switch (link.stage) {
      case 'open':
        if (link.until < this.#clock.now()) {
          this.end('ended')
          return 'ended'
        }
        // Once let in and revoked, a key does not come in again.
        if (this.#house.workspace.log.state.devices.has(request.device)) return 'failed'
        this.#set({ ...link, stage: 'asked', asked: proof })
        return 'asked'
      case 'asked':
        return 'asked'
      case 'added':
        // The group has not decided yet.
        return link.member === this.#house.me ? 'failed' : 'asked'
      default:
        return link.stage
    }
  }

  /** The person saw the same words on both screens, or heard them read out. */
  async confirm(device: DeviceId): Promise<Result<null, Refusal>> {
    const link = this.#link
    const request = link?.stage === 'asked' && link.asked ? parseDeviceRequest(link.asked.request) : undefined
    if (!link?.asked || !request?.ok || request.value.device !== device) return err({ type: 'no such thing' })
    const { box, label, member } = request.value
    const proof = link.asked.byDevice
    const entry = await this.#house.decide(
      member === this.#house.me
        ? { kind: 'addDevice', device, box, label, proof }
        : { kind: 'propose', action: { kind: 'rebind', member, device, box, proof }, reason: '' },
    )
    if (!entry.ok) return entry
    await this.#house.handKeys()
    this.#set({ ...link, stage: 'added' })
    return ok(null)
  }

  #set(link: OpenLink): void {
    this.#link = link
    this.#told = false
    this.#tell()
  }
}

const rank = ({ stage }: OpenLink): number => stages.indexOf(stage)

const readOpenLink = (message: unknown): OpenLink | undefined => {
  const { member: whose, key, until, stage, asked } = (message ?? {}) as Readonly<Record<string, unknown>>
  const known = stages.find((each) => each === stage)
  const member = MemberId.parse(whose)
  if (!member || !(key instanceof Uint8Array) || typeof until !== 'number' || !known) return undefined
  if (asked === null) return { member, key, until: until as Instant, stage: known, asked }
  const { request, byInvite, byDevice } = (asked ?? {}) as Readonly<Record<string, unknown>>
  return request instanceof Uint8Array && byInvite instanceof Uint8Array && byDevice instanceof Uint8Array
    ? { member, key, until: until as Instant, stage: known, asked: { request, byInvite, byDevice } }
    : undefined
}
