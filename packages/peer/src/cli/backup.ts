import type { Answer } from '../peer.ts'
import { openFile, writeNew } from './files.ts'
import { type Options, withPeer } from './member.ts'
import { answer, CliFault, say } from './say.ts'

/** Writes everything this machine holds as one file in an open format. A file that is there already is never written over. */
export const backup = (
  file: string,
  { dataDir, json = false, wayBack }: Options & { readonly wayBack?: string },
): Promise<void> =>
  withPeer({ dataDir }, async (peer) => {
    const words = await writeNew(file, async (sink) => {
      const stop = peer.watch({ view: 'backup' }, tellProgress())
      const made = await peer.backup(wayBack === undefined ? {} : { spare: wayBack }, sink)
      stop()
      if (!made.ok) throw new CliFault(`no backup was made: ${made.error.type}.`)
      return made.value.words
    })
    answer(json ? JSON.stringify({ file, words }) : file)
    if (words) say(`These six words let one new device in, and are said only now: ${words}`)
    say('Whoever has the file can read what is in it.')
  })

/** Takes a backup in; what is here stays, and twice changes nothing. `check`: says what is in it and takes nothing in. */
export const restore = (
  file: string,
  { dataDir, json = false, check = false, words }: Options & { readonly check?: boolean; readonly words?: string },
): Promise<void> =>
  withPeer({ dataDir }, async (peer) => {
    const blob = await openFile(file)
    const stop = peer.watch({ view: 'backup' }, tellProgress())
    const found = await peer.checkBackup(blob)
    if (!found.ok)
      throw new CliFault(`this is no backup that can be trusted: ${found.error.type}. Nothing was taken in.`)
    if (check) {
      stop()
      const { made, entries, bytes, groups } = found.value
      answer(
        json
          ? JSON.stringify(found.value)
          : `whole: ${entries} signed entries in ${bytes} bytes, made ${new Date(made).toISOString()}`,
      )
      if (!json) for (const { name } of groups) answer(name)
      return
    }
    const back = await peer.restore(blob, words === undefined ? {} : { words })
    stop()
    if (!back.ok) throw new CliFault(`not put back: ${back.error.type}. What is here stays as it was.`)
    if (json) return answer(JSON.stringify(back.value))
    for (const { group, entries, writes } of back.value.groups)
      answer(`${group}\t${entries} new entries\t${writes ? 'may write' : 'reads only'}`)
  })

/** A line for each tenth. */
const tellProgress = (): ((work: Answer<{ readonly view: 'backup' }>) => void) => {
  let told = 0
  return (work) => {
    const tenth = work && 'have' in work && work.of > 0 ? Math.floor((10 * work.have) / work.of) : 0
    if (tenth > told) say(`${10 * tenth} %`)
    told = Math.max(told, tenth)
  }
}
