import type { NearbyFault, NearbyMeeting, NearbyMet, NearbyUnready } from '@auzolan/peer'
import type { Session } from '../../state/Session.svelte.ts'

export type NearStep =
  | { readonly is: 'before' }
  /** Getting ready; without a code until the camera was asked for, as a page that has it is told real addresses. */
  | { readonly is: 'codes'; readonly code?: string }
  /** Theirs is read, and they have not read ours yet. */
  | { readonly is: 'waiting'; readonly code: string }
  | { readonly is: 'met'; readonly numbers: NearbyMet['numbers'] }
  | { readonly is: 'together' }

type Why = Exclude<(NearbyFault | NearbyUnready)['type'], 'stopped'> | 'not here'

/** Two devices of one room on their way to each other. */
export class MeetNearby {
  step = $state.raw<NearStep>({ is: 'before' })
  /** Why the last try came to nothing. */
  fault = $state<Why>()
  readonly #session: Session
  #meeting: NearbyMeeting | undefined
  #met: NearbyMet | undefined
  #preparing = false

  constructor(session: Session) {
    this.#session = session
  }

  start(): void {
    this.stop()
    this.fault = undefined
    this.step = { is: 'codes' }
  }

  /** The camera is on, or will not be: makes the code to show. */
  async prepare(): Promise<void> {
    if (this.step.is !== 'codes' || this.step.code || this.#preparing) return
    this.#preparing = true
    const { nearby } = await this.#session.peer
    const begun = await nearby?.begin()
    this.#preparing = false
    if (!begun?.ok) return this.#fail(begun ? begun.error.type : 'not here')
    if (this.step.is !== 'codes' || this.step.code) return begun.value.stop()
    this.#meeting = begun.value
    this.step = { is: 'codes', code: begun.value.code }
  }

  /** Takes a code that was read. */
  async read(text: string): Promise<void> {
    const meeting = this.#meeting
    if (!meeting || this.step.is !== 'codes') return
    this.fault = undefined
    this.step = { is: 'waiting', code: meeting.code }
    const met = await meeting.meet(text)
    if (this.#meeting !== meeting) return
    if (met.ok) {
      this.#met = met.value
      this.step = { is: 'met', numbers: met.value.numbers }
    } else if (isMisread(met.error.type)) {
      this.fault = met.error.type
      this.step = { is: 'codes', code: meeting.code }
    } else this.#fail(met.error.type)
  }

  /** Whether both screens show the same. */
  match(same: boolean): void {
    if (!same) this.#met?.hangUp()
    this.#met = undefined
    this.#meeting = undefined
    this.step = same ? { is: 'together' } : { is: 'before' }
  }

  stop(): void {
    this.#meeting?.stop()
    this.#meeting = undefined
    this.step = { is: 'before' }
  }

  #fail(why: Why | 'stopped'): void {
    this.stop()
    if (why !== 'stopped') this.fault = why
  }
}

/** Something else was read: the own code is still good. */
const isMisread = (why: NearbyFault['type']): why is 'not a code' | 'newer version' | 'own code' =>
  why === 'not a code' || why === 'newer version' || why === 'own code'
