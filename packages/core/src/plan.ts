import type { ActionId, Instant, MemberId, StatementId } from './ids.ts'
import type { Said, Seen, Statement } from './statement.ts'
import { REPLACES_LIMIT } from './statement-codec.ts'

/** Anything said that a later one can overrule. */
export interface Stamped {
  readonly id: StatementId
  readonly at: Instant
}

/** The order of things said by people who need not have heard of each other: claimed time, then id. Total, equal everywhere. */
export const byTime = (left: Stamped, right: Stamped): number =>
  left.at - right.at || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0)

export interface Need extends Stamped {
  readonly places: number
  readonly replaces: readonly StatementId[]
}

export interface Take extends Stamped {
  readonly action: ActionId
  readonly by: MemberId
  readonly starts: string | null
}

export interface Done extends Stamped {
  readonly minutes: number
  readonly note: string
}

export interface Sight extends Stamped {
  readonly by: MemberId
  readonly saw: Seen
}

/** Somebody's place in an action. */
export interface Claim extends Stamped {
  readonly by: MemberId
  /** Live takes of this member, first the one the claim is named after. Several: said on two devices apart. */
  readonly takes: readonly StatementId[]
  /** Minutes worked; `null` until said to be done. */
  readonly done: number | null
  /** The start that its person last said yes to; `null`: not known. */
  readonly starts: string | null
  /** Its person's own words on what came of it; empty until said to be done. */
  readonly note: string
  readonly doing: boolean
  /** What others saw, one each, by time. */
  readonly sights: readonly Sight[]
}

/**
 * What is known of a claim. `confirmed`, `not done`: so say all who saw it, and its person does not say otherwise. `unclear`: people say
 * different things, and all of it stands.
 */
export type ClaimState = 'taken' | 'doing' | 'done' | 'confirmed' | 'not done' | 'unclear'

export const claimState = ({
  done,
  doing,
  sights,
}: Pick<Claim, 'done' | 'doing'> & { readonly sights: readonly { readonly saw: Seen }[] }): ClaimState => {
  const sawDone = sights.some(({ saw }) => saw === 'done')
  const sawNone = sights.some(({ saw }) => saw === 'notDone')
  if (sawNone) return sawDone || done !== null ? 'unclear' : 'not done'
  if (sawDone) return 'confirmed'
  if (done !== null) return 'done'
  return doing ? 'doing' : 'taken'
}

export interface ActionState {
  readonly places: number
  /** Needs that no other replaces: what a new one replaces. */
  readonly needs: readonly StatementId[]
  /** By time, then id. */
  readonly claims: readonly Claim[]
  readonly tooMany: number
  readonly suggestion: StatementId | null
}

/** What was answered to a take. Kept by answerer, because the take may arrive later and only its author's answers count. */
export interface Answers {
  readonly givenBack: Set<MemberId>
  /** The latest of each. */
  readonly doing: Map<MemberId, Stamped>
  readonly notYet: Map<MemberId, Stamped>
  readonly done: Map<MemberId, Done>
  /** The latest of each witness. */
  readonly sights: Map<MemberId, Sight>
}

interface Action {
  readonly needs: Map<StatementId, Need>
  readonly takes: Map<StatementId, Take>
}

export type PlanStatement = Extract<
  Statement,
  { kind: 'need' | 'take' | 'giveBack' | 'doing' | 'done' | 'notYet' | 'witness' }
>

/** Places of an action nobody stated a need for. */
const PLACES_UNSTATED = 1
const unstated: ActionState = { places: PLACES_UNSTATED, needs: [], claims: [], tooMany: 0, suggestion: null }

/**
 * Needs and takes of one initiative, folded in any order. Nothing is judged on arrival: what refers to something unknown is
 * kept, and counts once that has arrived.
 */
export class Plan {
  readonly #actions = new Map<ActionId, Action>()
  readonly #answers = new Map<StatementId, Answers>()
  readonly #states = new Map<ActionId, ActionState>()

  add({ id, by, at, statement }: Pick<Said<PlanStatement>, 'id' | 'by' | 'at' | 'statement'>): void {
    this.#states.clear()
    switch (statement.kind) {
      case 'need':
        this.#action(statement.action).needs.set(id, { id, at, places: statement.places, replaces: statement.replaces })
        return
      case 'take':
        this.#action(statement.action).takes.set(id, {
          id,
          at,
          action: statement.action,
          by,
          starts: statement.starts,
        })
        return
      case 'giveBack':
        this.#answersTo(statement.take).givenBack.add(by)
        return
      case 'doing':
        keepLatest(this.#answersTo(statement.take).doing, by, { id, at })
        return
      case 'notYet':
        keepLatest(this.#answersTo(statement.take).notYet, by, { id, at })
        return
      case 'done':
        keepLatest(this.#answersTo(statement.take).done, by, {
          id,
          at,
          minutes: statement.minutes,
          note: statement.note,
        })
        return
      case 'witness':
        keepLatest(this.#answersTo(statement.take).sights, by, { id, at, by, saw: statement.saw })
    }
  }

  /** Actions somebody stated a need for or took, whether or not the initiative's document has them yet. */
  get actions(): Iterable<ActionId> {
    return this.#actions.keys()
  }

  /** Takes and needs as they were folded, for storing. */
  *entries(): Iterable<[ActionId, Iterable<Need>, Iterable<Take>]> {
    for (const [action, { needs, takes }] of this.#actions) yield [action, needs.values(), takes.values()]
  }

  get answers(): ReadonlyMap<StatementId, Answers> {
    return this.#answers
  }

  state(id: ActionId): ActionState {
    const known = this.#states.get(id)
    if (known !== undefined) return known
    const action = this.#actions.get(id)
    if (action === undefined) return unstated
    const needs = currentNeeds(action.needs)
    const places = needs.at(-1)?.places ?? PLACES_UNSTATED
    const claims = this.#claims(action)
    const tooMany = Math.max(0, claims.length - places)
    const state = {
      places,
      needs: needs.slice(-REPLACES_LIMIT).map((need) => need.id),
      claims,
      tooMany,
      suggestion: tooMany > 0 ? suggestionOf(claims) : null,
    }
    this.#states.set(id, state)
    return state
  }

  #claims(action: Action): readonly Claim[] {
    const byMember = new Map<MemberId, Take[]>()
    for (const take of action.takes.values()) {
      if (!this.#isLive(take)) continue
      const takes = byMember.get(take.by)
      if (takes === undefined) byMember.set(take.by, [take])
      else takes.push(take)
    }
    return [...byMember.values()].map((takes) => this.#claim(takes)).sort(byTime)
  }

  #isLive({ id, by }: Take): boolean {
    const answers = this.#answers.get(id)
    if (answers?.givenBack.has(by) !== true) return true
    const [done, notYet] = [answers.done.get(by), answers.notYet.get(by)]
    return done !== undefined && (notYet === undefined || byTime(notYet, done) < 0)
  }

  #claim(takes: Take[]): Claim {
    takes.sort(byTime)
    const { id, at, by } = takes[0] as Take
    const answers = takes.flatMap((take) => this.#answers.get(take.id) ?? [])
    const notYet = answers
      .flatMap((each) => each.notYet.get(by) ?? [])
      .sort(byTime)
      .at(-1)
    const stands = (said: Stamped) => notYet === undefined || byTime(notYet, said) < 0
    const done = answers
      .flatMap((each) => each.done.get(by) ?? [])
      .filter(stands)
      .sort(byTime)
      .at(-1)
    const sights = new Map<MemberId, Sight>()
    for (const each of answers)
      for (const [witness, sight] of each.sights) if (witness !== by) keepLatest(sights, witness, sight)
    return {
      id,
      at,
      by,
      takes: takes.map((take) => take.id),
      done: done?.minutes ?? null,
      starts: takes.findLast(({ starts }) => starts !== null)?.starts ?? null,
      note: done?.note ?? '',
      doing: answers.some((each) => [each.doing.get(by)].some((said) => said !== undefined && stands(said))),
      sights: [...sights.values()].filter(({ saw }) => saw !== 'nothing').sort(byTime),
    }
  }

  #action(id: ActionId): Action {
    let action = this.#actions.get(id)
    if (action === undefined) this.#actions.set(id, (action = { needs: new Map(), takes: new Map() }))
    return action
  }

  #answersTo(take: StatementId): Answers {
    let answers = this.#answers.get(take)
    if (answers === undefined) this.#answers.set(take, (answers = noAnswers()))
    return answers
  }
}

const noAnswers = (): Answers => ({
  givenBack: new Set(),
  doing: new Map(),
  done: new Map(),
  notYet: new Map(),
  sights: new Map(),
})

const keepLatest = <S extends Stamped>(of: Map<MemberId, S>, by: MemberId, said: S): void => {
  const before = of.get(by)
  if (before === undefined || byTime(before, said) < 0) of.set(by, said)
}

/** Needs that replaced each other leave the ones nobody replaced; of several said apart, the last by time and id is shown. */
const currentNeeds = (needs: ReadonlyMap<StatementId, Need>): readonly Need[] => {
  const replaced = new Set([...needs.values()].flatMap((need) => need.replaces))
  return [...needs.values()].filter((need) => !replaced.has(need.id)).sort(byTime)
}

/**
 * Takes do not say which others their author had seen, so "causally later" is not known between them: the last by claimed time,
 * then id, is asked first. Whoever has done the work is not asked.
 */
const suggestionOf = (claims: readonly Claim[]): StatementId | null =>
  claims.findLast((claim) => claim.done === null)?.id ?? null
