import {
  type BringPart,
  bringParts,
  type BringUnit,
  type DocumentId,
  type InitiativeDoc,
  initiativeDifference,
  type Said,
  type SaidLine,
} from '@auzolan/core'
import type { Group } from '../group/group.ts'
import type { Fresh } from './news.ts'

/** Records that are picked or left together. */
export interface Unit {
  readonly key: string
  readonly about: DocumentId
  readonly part: BringPart
  readonly fresh: readonly Fresh[]
}

/** Grouped by what they belong to, texts first. */
export const unitsOf = (fresh: readonly Fresh[]): readonly Unit[] => {
  const units = new Map<string, Fresh[]>()
  for (const each of fresh) {
    const key = `${each.about} ${partOf(each)}`
    units.set(key, [...(units.get(key) ?? []), each])
  }
  return [...units]
    .map(([key, all]): Unit => {
      const [first] = all as [Fresh]
      return { key, about: first.about, part: partOf(first), fresh: [...all].sort(inOrder) }
    })
    .sort(
      (left, right) =>
        (left.about < right.about ? -1 : left.about > right.about ? 1 : 0) ||
        bringParts.indexOf(left.part) - bringParts.indexOf(right.part),
    )
}

/** Those picked, and what they make no sense without: the texts of an initiative that is not known here. */
export const picked = (units: readonly Unit[], keys: readonly string[], { workspace }: Group): readonly Unit[] => {
  const wanted = units.filter(({ key }) => keys.includes(key))
  const begun = new Set(wanted.filter(({ about }) => !workspace.board.start(about)).map(({ about }) => about))
  return units.filter((unit) => wanted.includes(unit) || (unit.part === 'texts' && begun.has(unit.about)))
}

/** What a person sees of units before they take them in. `titles`: of initiatives, where they come from. */
export const shownUnits = async (
  units: readonly Unit[],
  group: Group,
  titleThere: (initiative: DocumentId) => string,
): Promise<readonly BringUnit[]> => {
  const { workspace, rooms } = group
  const shown: BringUnit[] = []
  for (const { key, about, part, fresh } of units) {
    const isNew = !workspace.board.start(about)
    const others = units.find((unit) => unit.about === about && unit.part === 'texts')?.fresh ?? []
    const changes = others.flatMap(({ change }) => change ?? [])
    const after = await rooms.scratch<InitiativeDoc>(about, changes)
    const before = isNew ? null : await rooms.scratch<InitiativeDoc>(about, [])
    const start = fresh.find(({ said }) => said?.statement.kind === 'start')?.said?.statement
    const here = workspace.facts.get(about)?.title || workspace.board.start(about)?.title
    shown.push({
      key,
      about,
      part,
      title: here || after.title || (start?.kind === 'start' ? start.title : '') || titleThere(about),
      isNew: isNew && !workspace.groupThreads.includes(about),
      records: fresh.length,
      by: [...new Set(fresh.map(({ name }) => name).filter((name) => name !== ''))],
      fields: part === 'texts' ? initiativeDifference(before, after).slice(0, SHOWN_FIELDS) : [],
      lines: part === 'texts' ? [] : fresh.slice(0, SHOWN_LINES).flatMap((each) => lineOf(each, after)),
    })
  }
  return shown
}

const partOf = ({ said }: Fresh): BringPart => {
  switch (said?.statement.kind) {
    case undefined:
    case 'start':
      return 'texts'
    case 'close':
    case 'reopen':
      return 'end'
    case 'message':
    case 'retract':
    case 'revise':
    case 'react':
    case 'unreact':
    case 'became':
      return 'talk'
    default:
      return 'work'
  }
}

const lineOf = ({ id, name, said }: Fresh, document: InitiativeDoc): readonly SaidLine[] => {
  if (!said) return []
  const { statement, at, text } = said
  return [
    {
      id,
      by: name,
      at,
      kind: statement.kind,
      action: 'action' in statement && statement.action ? (document.actions[statement.action]?.title ?? '') : '',
      text: textOf(statement, text),
      minutes: statement.kind === 'done' ? statement.minutes : null,
      saw: statement.kind === 'witness' ? statement.saw : null,
    },
  ]
}

const textOf = (statement: Said['statement'], text: string | null | undefined): string => {
  if (statement.kind === 'done') return statement.note
  if (statement.kind === 'close') return statement.sentence
  return (text ?? '').slice(0, SHOWN_LETTERS)
}

const inOrder = (left: Fresh, right: Fresh): number =>
  (left.said?.at ?? 0) - (right.said?.at ?? 0) || (left.id < right.id ? -1 : 1)

/** What a card on a phone has room for before it is opened. */
const SHOWN_LINES = 8
const SHOWN_FIELDS = 40
const SHOWN_LETTERS = 200
