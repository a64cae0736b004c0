import {
  createPersonFinder,
  type FamilyView,
  type GroupId,
  type NewsView,
  type Offer,
  type OfferRow,
  type OfferView,
  type PeopleFacts,
  type Relative,
  type StatementId,
} from '@auzolan/core'
import type { Bringing } from '../acts/bringing.ts'
import { offeredUnits, recordsOf } from '../acts/offers.ts'
import type { Group } from '../group/group.ts'
import { shownUnits } from '../lineage/units.ts'
import { continuesOf } from '../workspace/ancestry.ts'
import { groupRow } from './answer.ts'
import { peopleFacts } from './facts.ts'

/** Where a group comes from, who shares its history on this device, and what it was offered. `isBrief`: not what it could offer them. */
export const familyView = async (
  group: Group,
  all: readonly Group[],
  bringing: Bringing,
  isBrief: boolean,
): Promise<FamilyView> => {
  const people = peopleFacts(group)
  const relatives: Relative[] = []
  for (const other of all) {
    const is = relationOf(group, other)
    if (!is) continue
    const units = await bringing.news(group, other)
    const left = await bringing.leftOut(group, units)
    relatives.push({
      id: other.id,
      name: (await groupRow(other)).name,
      is,
      news: units.length - left.length,
      ahead: isBrief ? 0 : (await bringing.news(other, group)).length,
      writes: other.isActive(other.keys.device),
    })
  }
  const offers: OfferRow[] = []
  for (const offer of group.workspace.exchange.offers.toReversed()) offers.push(await offerRow(group, offer, people))
  const here = new Set(all.map(({ id }) => id))
  return { line: lineOf(group, here), relatives, offers }
}

/** What `from` has and the group does not. */
export const newsView = async (group: Group, from: Group, bringing: Bringing): Promise<NewsView> => {
  const units = await bringing.news(group, from)
  const left = new Set((await bringing.leftOut(group, units)).map(({ key }) => key))
  const shown = await shownUnits(units, group, (id) => from.workspace.board.start(id)?.title ?? '')
  return {
    from: from.id,
    name: (await groupRow(from)).name,
    units: shown.filter(({ key }) => !left.has(key)),
    skipped: shown.filter(({ key }) => left.has(key)),
  }
}

export const offerView = async (group: Group, id: StatementId): Promise<OfferView | undefined> => {
  const offer = group.workspace.exchange.offers.find((each) => each.id === id)
  if (!offer) return undefined
  const row = await offerRow(group, offer, peopleFacts(group))
  const units = await offeredUnits(group, offer)
  const missing = units.reduce((sum, { fresh }) => sum + fresh.length, 0)
  return { ...row, units: await shownUnits(units, group, () => ''), here: row.records - missing }
}

const offerRow = async (group: Group, offer: Offer, people: PeopleFacts): Promise<OfferRow> => {
  const personOf = createPersonFinder(people)
  const answer = group.workspace.exchange.answerTo(offer.id)
  const { id, from, name, why, by, at } = offer
  return {
    id,
    from,
    name,
    why,
    by: personOf(by),
    at,
    records: (await recordsOf(group, offer)).length,
    answer: answer ? { taken: answer.taken, by: personOf(answer.by), at: answer.at, thanks: answer.thanks } : null,
  }
}

const lineOf = ({ workspace }: Group, here: ReadonlySet<GroupId>): FamilyView['line'] =>
  workspace.sources.flatMap(({ log }) => {
    const continues = continuesOf(log)
    return continues
      ? [
          {
            group: continues.group,
            name: continues.name,
            at: log.state.foundedAt,
            members: continues.members,
            reason: continues.reason,
            tookPart: [...log.state.members.values()].filter(({ via }) => via === null).length,
            here: here.has(continues.group),
          },
        ]
      : []
  })

/** `undefined`: they share nothing, or it is the same. */
const relationOf = ({ workspace }: Group, other: Group): Relative['is'] | undefined => {
  if (other.workspace === workspace) return undefined
  const mine = workspace.sources.map(({ log }) => log.group)
  const theirs = other.workspace.sources.map(({ log }) => log.group)
  if (mine.slice(1).includes(other.id)) return 'original'
  if (theirs.slice(1).includes(workspace.group)) return 'copy'
  return mine.some((each) => theirs.includes(each)) ? 'sibling' : undefined
}
