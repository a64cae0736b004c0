import { createPersonFinder } from '@auzolan/core'
import type { Group } from '../group/group.ts'
import type { SinceLooked } from '../query.ts'
import { peopleFacts } from './facts.ts'

/** What others did since this person last said that they have seen everything. */
export const sinceView = async (group: Group): Promise<SinceLooked> => {
  const { at, places, more } = await group.since.view()
  const personOf = createPersonFinder(peopleFacts(group))
  return { at, more, places: places.map(({ by, ...happened }) => ({ ...happened, by: by.map(personOf) })) }
}
