import type { GroupId } from '@auzolan/core'
import { type ZipPart, ZipReader } from '../backup/zip-reader.ts'
import { ZipWriter } from '../backup/zip-writer.ts'
import { systemClock } from '../node.ts'
import type { Peer } from '../peer.ts'
import { writeNew } from './files.ts'
import { groupNamed, type Options, withPeer } from './member.ts'
import { answer, CliFault, exitCodes, say } from './say.ts'

/** Where a backup keeps what any program opens. */
const READABLE = /^groups\/[^/]+\//

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
    const zip = await readableOf(peer, group.id)
    if (to !== undefined) {
      await writeNew(to, (sink) => copyParts(zip, new ZipWriter(sink, systemClock.now())))
      say('Whoever has the file can read what is in it. It is no backup: see "auzolan backup".')
    }
    answer(json ? JSON.stringify(to === undefined ? await dataOf(zip) : { file: to, group: group.id }) : String(to))
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

interface Readable {
  readonly parts: readonly ZipPart[]
  readonly read: (part: ZipPart) => Promise<Uint8Array>
}

const readableOf = async (peer: Peer, group: GroupId): Promise<Readable> => {
  const made = await peer.backup({ groups: [group] })
  if (!made.ok) throw new CliFault(`nothing was exported: ${made.error.type}.`)
  const zip = made.value.file && (await ZipReader.open(made.value.file))
  if (!zip?.ok) throw new Error('a backup that was just made cannot be read')
  return {
    parts: [...zip.value.parts.values()].filter(({ name }) => READABLE.test(name)),
    read: async (part) => {
      const bytes = await zip.value.read(part)
      if (!bytes.ok) throw new Error('a backup that was just made cannot be read')
      return bytes.value
    },
  }
}

const copyParts = async ({ parts, read }: Readable, out: ZipWriter): Promise<void> => {
  for (const part of parts) await out.add(part.name, await read(part), 'plain')
  await out.end()
}

/** Every part that is data, under its name. */
const dataOf = async ({ parts, read }: Readable): Promise<Readonly<Record<string, unknown>>> => {
  const data: Record<string, unknown> = {}
  for (const part of parts) {
    if (!part.name.endsWith('.json')) continue
    data[part.name.replace(READABLE, '')] = JSON.parse(new TextDecoder().decode(await read(part)))
  }
  return data
}
