import { ActionId, type DocumentId, type Instant, MemberId, StatementId } from './ids.ts'
import type { Plan, Stamped } from './plan.ts'
import { sights } from './statement.ts'
import { everyId, everyRow, isCount, isInstant } from './stored.ts'

/** Actions and answers of a plan as rows of text and numbers. */
export const planData = (plan: Plan): readonly [unknown, unknown] => [
  [...plan.entries()].map(([action, needs, takes]) => [
    action,
    [...needs].map((need) => [need.id, need.at, need.places, need.replaces]),
    [...takes].map((take) => [take.id, take.at, take.by, take.starts]),
  ]),
  [...plan.answers].map(([take, { givenBack, done, doing, notYet, sights: seen }]) => [
    take,
    [...givenBack],
    [...done].map(([by, { id, at, minutes, note }]) => [by, id, at, minutes, note]),
    stampsData(doing),
    Array.from(seen.values(), ({ id, at, by, saw }) => [by, id, at, saw]),
    stampsData(notYet),
  ]),
]

const stampsData = (stamps: ReadonlyMap<MemberId, Stamped>): unknown =>
  Array.from(stamps, ([by, { id, at }]) => [by, id, at])

/** Adds what `planData` gave to an empty plan; false where it is damaged. */
export const restorePlan = (plan: Plan, initiative: DocumentId, actions: unknown, answers: unknown): boolean =>
  everyRow(actions, ([action, needs, takes]) => {
    const of = ActionId.parse(action)
    if (of === undefined) return false
    return (
      everyRow(needs, (row) => restoreNeed(plan, initiative, of, row)) &&
      everyRow(takes, (row) => restoreTake(plan, initiative, of, row))
    )
  }) && everyRow(answers, (row) => restoreAnswers(plan, initiative, row))

/** Who says a need is of no account, so the stored form leaves it out. */
const nobody = MemberId.fromBytes(new Uint8Array(MemberId.length))

const restoreNeed = (
  plan: Plan,
  initiative: DocumentId,
  action: ActionId,
  [id, at, places, replaces]: readonly unknown[],
): boolean => {
  const need = StatementId.parse(id)
  const earlier = everyId(replaces, StatementId.parse)
  if (need === undefined || !isInstant(at) || !isCount(places) || earlier === undefined) return false
  plan.add({ id: need, at, by: nobody, statement: { kind: 'need', initiative, action, places, replaces: earlier } })
  return true
}

const restoreTake = (
  plan: Plan,
  initiative: DocumentId,
  action: ActionId,
  [id, at, by, starts]: readonly unknown[],
): boolean => {
  const [take, member] = [StatementId.parse(id), MemberId.parse(by)]
  if (take === undefined || member === undefined || !isInstant(at)) return false
  if (starts !== null && typeof starts !== 'string') return false
  plan.add({ id: take, at, by: member, statement: { kind: 'take', initiative, action, starts } })
  return true
}

const restoreAnswers = (
  plan: Plan,
  initiative: DocumentId,
  [id, givenBack, dones, doing, seen, notYet]: readonly unknown[],
): boolean => {
  const [take, members] = [StatementId.parse(id), everyId(givenBack, MemberId.parse)]
  if (take === undefined || members === undefined) return false
  const at = 0 as Instant
  for (const by of members) plan.add({ id: take, at, by, statement: { kind: 'giveBack', initiative, take } })
  const restoreStamps = (kind: 'doing' | 'notYet', rows: unknown) =>
    everyRow(rows, ([who, said, saidAt]) => {
      const [by, answer] = [MemberId.parse(who), StatementId.parse(said)]
      if (by === undefined || answer === undefined || !isInstant(saidAt)) return false
      plan.add({ id: answer, at: saidAt, by, statement: { kind, initiative, take } })
      return true
    })
  return (
    restoreStamps('doing', doing) &&
    restoreStamps('notYet', notYet) &&
    everyRow(dones, ([who, said, doneAt, minutes, note]) => {
      const [by, done] = [MemberId.parse(who), StatementId.parse(said)]
      if (by === undefined || done === undefined || !isInstant(doneAt)) return false
      if (!isCount(minutes) || typeof note !== 'string') return false
      plan.add({ id: done, at: doneAt, by, statement: { kind: 'done', initiative, take, minutes, note } })
      return true
    }) &&
    everyRow(seen, ([who, said, seenAt, what]) => {
      const [by, sight, saw] = [MemberId.parse(who), StatementId.parse(said), sights.find((each) => each === what)]
      if (by === undefined || sight === undefined || saw === undefined || !isInstant(seenAt)) return false
      plan.add({ id: sight, at: seenAt, by, statement: { kind: 'witness', initiative, take, saw } })
      return true
    })
  )
}
