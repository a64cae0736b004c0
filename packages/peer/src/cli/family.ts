import type { BringUnit, DifferenceView, FieldChange, GroupRow, Instant, StatementId } from '@auzolan/core'
import type { Peer } from '../peer.ts'
import { openFile, writeNew } from './files.ts'
import { firstAnswer, groupNamed, type Options, withPeer } from './member.ts'
import { answer, CliFault, exitCodes, say } from './say.ts'

/** Which of what was found is meant: all of it, or what begins with these letters. */
interface Choice {
  readonly all?: boolean
  readonly only?: readonly string[]
}

/** A new group that continues this one with its whole history. */
export const fork = (
  wanted: string | undefined,
  {
    dataDir,
    json = false,
    name,
    as,
    why,
  }: Options & { readonly name: string; readonly as: string; readonly why?: string },
): Promise<void> =>
  withPeer({ dataDir }, async (peer) => {
    const group = await groupNamed(peer, wanted)
    const made = await peer.fork(group.id, { name, myName: as, ...(why === undefined ? {} : { reason: why }) })
    if (!made.ok) throw new CliFault(`no new group: ${made.error.type}. ${group.name} stays as it is.`)
    answer(json ? JSON.stringify({ group: made.value, continues: group.id }) : made.value)
    say(`${name} continues ${group.name}. Nobody else is in it: auzolan invite ${made.value.slice(0, SHORT)}`)
  })

/** How the second group differs from the first: initiatives, texts word by word, rules, people, numbers. Or a group from what it was on a day. */
export const diff = (
  one: string,
  other: string | undefined,
  { dataDir, json = false, since }: Options & { readonly since?: string },
): Promise<void> => {
  const day = since === undefined ? undefined : Date.parse(since)
  if ((other === undefined) === (day === undefined) || Number.isNaN(day))
    throw new CliFault('say with what to compare: another group, or --since YYYY-MM-DD.', exitCodes.wrongUse)
  return withPeer({ dataDir }, async (peer) => {
    const here = await groupNamed(peer, one)
    if (other === undefined) {
      const told = await peer.differenceSince(here.id, day as Instant)
      if (!told.ok) throw new CliFault(`cannot be compared: ${told.error.type}.`)
      return tellDifference(told.value, [`before ${since}`, 'now'], json)
    }
    const there = await groupNamed(peer, other)
    const told = await firstAnswer(peer, { view: 'difference', group: here.id, from: there.id })
    tellDifference(told, [here.name, there.name], json)
  })
}

const tellDifference = (told: DifferenceView, [here, there]: readonly [string, string], json: boolean): void => {
  if (json) return answer(JSON.stringify(told))
  for (const { title, is, fields, saidHere, saidThere } of told.initiatives) {
    const whose = is === 'both' ? '' : `\tonly in ${is === 'here' ? here : there}`
    answer(`${title}${whose}\t${saidHere} records only in ${here}\t${saidThere} only in ${there}`)
    tellFields(fields)
  }
  for (const { thing, here: mine, there: theirs } of told.rules)
    answer(`rule for ${thing}\t${JSON.stringify(mine)}\t${JSON.stringify(theirs)}`)
  answer(`people\t${told.people.both} in both`)
  for (const [name, names] of [
    [here, told.people.here],
    [there, told.people.there],
  ] as const)
    if (names.length > 0) answer(`only in ${name}\t${names.join(', ')}`)
  for (const [name, { people, open, ended, minutes, messages }] of [
    [here, told.totals.here],
    [there, told.totals.there],
  ] as const)
    answer(
      `${name}\t${people} people\t${open} initiatives open\t${Object.values(ended).reduce((sum, count) => sum + count)} ended\t${Math.round(minutes / 60)} hours\t${messages} messages`,
    )
}

/** Takes in what another group of the family has and this one does not; without a choice, says what that is. */
export const bringIn = (
  wanted: string,
  { dataDir, json = false, from, ...choice }: Options & Choice & { readonly from: string },
): Promise<void> =>
  withPeer({ dataDir }, async (peer) => {
    const [group, other] = [await groupNamed(peer, wanted), await groupNamed(peer, from)]
    const { units } = await firstAnswer(peer, { view: 'news', group: group.id, from: other.id })
    if (isOpen(choice)) return list(units, json)
    const brought = await peer.bringIn(group.id, other.id, chosen(units, choice))
    if (!brought.ok) throw new CliFault(`nothing was brought in: ${brought.error.type}.`)
    tellBrought(brought.value.records, json)
  })

/** Puts what one group has before another, there or as a file; without a choice, says what there is to offer. */
export const offer = (
  wanted: string,
  {
    dataDir,
    json = false,
    to,
    why = '',
    file,
    ...choice
  }: Options & Choice & { readonly to: string; readonly why?: string; readonly file?: string },
): Promise<void> =>
  withPeer({ dataDir }, async (peer) => {
    const [group, other] = [await groupNamed(peer, wanted), await groupNamed(peer, to)]
    const { units } = await firstAnswer(peer, { view: 'news', group: other.id, from: group.id })
    if (isOpen(choice)) return list(units, json)
    const what = { units: chosen(units, choice), why }
    if (file === undefined) {
      const made = await peer.offer(group.id, other.id, what)
      if (!made.ok) throw new CliFault(`nothing was offered: ${made.error.type}.`)
      return answer(json ? JSON.stringify({ offer: made.value }) : made.value)
    }
    const made = await peer.offerFile(group.id, other.id, what)
    if (!made.ok) throw new CliFault(`nothing was offered: ${made.error.type}.`)
    await writeNew(file, async (sink) => sink(made.value))
    answer(json ? JSON.stringify({ file }) : file)
  })

/** Answers what a group was offered; without an offer, lists them. */
export const adopt = (
  wanted: string,
  which: string | undefined,
  {
    dataDir,
    json = false,
    thanks = '',
    none = false,
    ...choice
  }: Options & Choice & { readonly thanks?: string; readonly none?: boolean },
): Promise<void> =>
  withPeer({ dataDir }, async (peer) => {
    const group = await groupNamed(peer, wanted)
    const { offers } = await firstAnswer(peer, { view: 'family', group: group.id, brief: true })
    if (which === undefined) {
      if (json) return answer(JSON.stringify(offers))
      for (const { id, name, records, why, answer: given } of offers)
        answer(`${id.slice(0, SHORT)}\t${name}\t${records} records\t${given?.taken ?? 'open'}\t${why}`)
      return
    }
    const [found, second] = offers.filter(({ id }) => id.startsWith(which))
    if (!found || second) throw new CliFault('there is no such offer. See "auzolan adopt GROUP".', exitCodes.wrongUse)
    const { units } = await firstAnswer(peer, { view: 'offer', group: group.id, offer: found.id })
    if (!none && isOpen(choice)) return list(units, json)
    await take(peer, group, found.id, { units: none ? [] : chosen(units, choice), thanks }, json)
  })

/** Takes in a file that somebody carried here: sealed packs of a group, or an offer. Twice is once. */
export const bringFile = (file: string, { dataDir, json = false }: Options): Promise<void> =>
  withPeer({ dataDir }, async (peer) => {
    const blob = await openFile(file)
    const brought = await peer.importPacks(blob)
    if (brought.ok) {
      const { group, entries, whole } = brought.value
      answer(json ? JSON.stringify(brought.value) : `${group}\t${entries} new entries`)
      return whole ? undefined : say('Something that came before this is not here yet. What is here stays.')
    }
    if (brought.error.type !== 'not such a file')
      throw new CliFault(`nothing was taken in: ${brought.error.type}. What is here stays as it was.`)
    const offered = await peer.takeOffer(blob)
    if (!offered.ok) throw new CliFault(`nothing was taken in: ${offered.error.type}. What is here stays as it was.`)
    answer(
      json ? JSON.stringify(offered.value) : `${offered.value.group}\toffer ${offered.value.offer.slice(0, SHORT)}`,
    )
  })

const take = async (
  peer: Peer,
  group: GroupRow,
  found: StatementId,
  what: { readonly units: readonly string[]; readonly thanks: string },
  json: boolean,
): Promise<void> => {
  const taken = await peer.answerOffer(group.id, found, what)
  if (!taken.ok) throw new CliFault(`not answered: ${taken.error.type}.`)
  tellBrought(taken.value.records, json)
}

const isOpen = ({ all = false, only = [] }: Choice): boolean => !all && only.length === 0

const chosen = (units: readonly BringUnit[], { all = false, only = [] }: Choice): readonly string[] => {
  const unknown = only.find((start) => !units.some(({ key }) => key.startsWith(start)))
  if (unknown !== undefined)
    throw new CliFault(`there is nothing that begins with ${unknown}. Leave the choice out to see what there is.`)
  return units.filter(({ key }) => all || only.some((start) => key.startsWith(start))).map(({ key }) => key)
}

const list = (units: readonly BringUnit[], json: boolean): void => {
  if (json) return answer(JSON.stringify(units))
  for (const { key, title, part, records, by, fields } of units) {
    answer(`${key.slice(0, SHORT)}\t${title || 'talk of the group'}\t${part}\t${records} records\t${by.join(', ')}`)
    tellFields(fields)
  }
  say(
    units.length === 0
      ? 'There is nothing that is not there already.'
      : 'Choose with --all, or --only and first letters.',
  )
}

/** Word by word: [-gone-] {+new+}, as git marks them. */
const tellFields = (fields: readonly FieldChange[]): void => {
  for (const { field, action, parts } of fields) {
    const text = parts.map(({ is, text }) => (is === 'same' ? text : is === 'gone' ? `[-${text}-]` : `{+${text}+}`))
    answer(`  ${action === null ? '' : `${action}: `}${field}: ${text.join('')}`)
  }
}

const tellBrought = (records: number, json: boolean): void =>
  answer(json ? JSON.stringify({ records }) : `${records} records`)

const SHORT = 8
