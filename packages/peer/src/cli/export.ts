import type { GroupId } from '@auzolan/core'
import { ZipReader } from '../backup/zip-reader.ts'
import type { Peer } from '../peer.ts'
import { writeNew } from './files.ts'
import { groupNamed, type Options, withPeer } from './member.ts'
import { answer, CliFault, exitCodes, say } from './say.ts'

/** Hands out what one group shows on screen: the readable part of a backup, as a ZIP file or as one JSON value of all its data. */
export const exportGroup = (
  wanted: string | undefined,
  { dataDir, json = false, to, sealed = false }: Options & { readonly to?: string; readonly sealed?: boolean },
): Promise<void> => {
  if (to === undefined && (!json || sealed))
    throw new CliFault('say where to: --to FILE.zip, or --json for standard output.', exitCodes.wrongUse)
  return withPeer({ dataDir }, async (peer) => {
    const group = await groupNamed(peer, wanted)
    if (sealed && to !== undefined) return exportSealed(peer, group.id, to, json)
    if (to === undefined) return answer(JSON.stringify(await dataOf(peer, group.id)))
    await writeNew(to, async (sink) => {
      const made = await peer.exportGroup(group.id, sink)
      if (!made.ok) throw new CliFault(`nothing was exported: ${made.error.type}.`)
    })
    say('Whoever has the file can read what is in it. It is no backup: see "auzolan backup".')
    answer(json ? JSON.stringify({ file: to, group: group.id }) : to)
  })
}

/** To be carried by anybody to another device of the group, which brings it in. */
const exportSealed = async (peer: Peer, group: GroupId, to: string, json: boolean): Promise<void> => {
  const packs = await peer.exportPacks(group)
  if (!packs.ok) throw new CliFault(`nothing was exported: ${packs.error.type}.`)
  await writeNew(to, async (sink) => sink(packs.value))
  answer(json ? JSON.stringify({ file: to, group }) : to)
  say('Only devices of the group can read it: auzolan import FILE.')
}

/** Every part that is data, under its name. */
const dataOf = async (peer: Peer, group: GroupId): Promise<Readonly<Record<string, unknown>>> => {
  const made = await peer.exportGroup(group)
  if (!made.ok) throw new CliFault(`nothing was exported: ${made.error.type}.`)
  const zip = made.value && (await ZipReader.open(made.value))
  if (!zip?.ok) throw new Error('a file that was just made cannot be read')
  const data: Record<string, unknown> = {}
  for (const part of zip.value.parts.values()) {
    if (!part.name.endsWith('.json')) continue
    const bytes = await zip.value.read(part)
    if (!bytes.ok) throw new Error('a file that was just made cannot be read')
    data[part.name.replace(FOLDER, '')] = JSON.parse(new TextDecoder().decode(bytes.value))
  }
  return data
}

/** Where each group's files lie. */
const FOLDER = /^groups\/[^/]+\//
