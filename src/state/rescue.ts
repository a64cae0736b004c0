import { download } from './download.ts'
import type { GroupState } from './GroupState.svelte.ts'

/** Hands the person everything this page knows of the group as one readable JSON file; needs no storage. */
export const saveRescueFile = async (group: GroupState): Promise<void> => {
  const { session, id } = group
  const home = await group.home.fresh()
  const initiatives = home.initiatives.map(async (row) => ({
    initiative: await session.live({ view: 'initiative', group: id, initiative: row.id }).fresh(),
    talk: await session.live({ view: 'thread', group: id, thread: row.id }).fresh(),
  }))
  const rescue = {
    group: home,
    people: await group.people.fresh(),
    talk: await session.live({ view: 'thread', group: id, thread: home.document }).fresh(),
    initiatives: await Promise.all(initiatives),
  }
  download(
    new Blob([JSON.stringify(rescue, null, 2)], { type: 'application/json' }),
    `${home.name.value || 'group'}.json`,
  )
}
