import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GroupId } from '@auzolan/core'
import type { Peer } from '@auzolan/peer'
import type { FamilyWork } from '../subject.ts'
import { firstAnswer, openSample, value } from './auzolan.ts'

const sayMany = async (peer: Peer, group: GroupId, count: number): Promise<void> => {
  const { initiatives } = await firstAnswer(peer, { view: 'home', group })
  for (let n = 0; n < count; n++) {
    const initiative = initiatives[n % initiatives.length]
    if (!initiative) throw new Error('an empty sample')
    value(await peer.sendMessage(group, initiative.id, `Word ${n} from one of the two`))
  }
}

/** Milliseconds until two groups of size M, with 60 records that one of them alone has, are compared. */
const difference = async (): Promise<Readonly<Record<string, number>>> => {
  const { peer, group } = await openSample('M')
  const copy = value(await peer.fork(group, { name: 'Copy', myName: 'Host' }))
  for (const each of [group, copy]) await sayMany(peer, each, CHANGED / 2)
  const start = performance.now()
  const told = await firstAnswer(peer, { view: 'difference', group: copy, from: group })
  const ms = performance.now() - start
  const records = told.initiatives.reduce((sum, { saidHere, saidThere }) => sum + saidHere + saidThere, 0)
  if (records !== CHANGED) throw new Error(`${records} records differ`)
  return { ms }
}

/** Milliseconds until 500 records of the original are in the copy, each with its own proof. */
const adopt = async (): Promise<Readonly<Record<string, number>>> => {
  const { peer, group } = await openSample('S')
  const copy = value(await peer.fork(group, { name: 'Copy', myName: 'Host' }))
  await sayMany(peer, group, ADOPTED)
  const { units } = await firstAnswer(peer, { view: 'news', group: copy, from: group })
  const start = performance.now()
  const keys = units.map(({ key }) => key)
  const { records } = value(await peer.bringIn(copy, group, keys))
  const ms = performance.now() - start
  if (records !== ADOPTED) throw new Error(`${records} records came`)
  return { ms }
}

/** Megabytes a second, of the file, at which size L is written and then checked; and how the process grew meanwhile. */
const backup = async (): Promise<Readonly<Record<string, number>>> => {
  const { peer } = await openSample('L')
  const parts: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  const before = process.memoryUsage().rss
  let most = before
  const start = performance.now()
  value(
    await peer.backup({}, async (part) => {
      parts.push(part.slice())
      bytes += part.length
      most = Math.max(most, process.memoryUsage().rss - bytes)
    }),
  )
  const written = performance.now()
  value(await peer.checkBackup(new Blob(parts)))
  const checked = performance.now()
  const perSecond = (ms: number) => bytes / 1000 / ms
  return { write: perSecond(written - start), check: perSecond(checked - written), grown: (most - before) / 1e6 }
}

/** Milliseconds that git takes to clone size M as files, and to merge 60 files that were changed on both sides. */
const git = async (): Promise<Readonly<Record<string, number>>> => {
  const { peer, group } = await openSample('M')
  const folder = mkdtempSync(join(tmpdir(), 'auzolan-git-'))
  const run = (where: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'gc.auto=0', '-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
      cwd: join(folder, where),
      stdio: 'pipe',
    })
  try {
    run('', 'init', '-q', '-b', 'main', 'one')
    const { initiatives } = await firstAnswer(peer, { view: 'home', group })
    for (const { id } of initiatives) {
      const page = await firstAnswer(peer, { view: 'initiative', group, initiative: id })
      const talk = await firstAnswer(peer, { view: 'thread', group, thread: id })
      writeFileSync(join(folder, 'one', `${id}.json`), JSON.stringify(page, null, 1))
      for (const message of talk.messages)
        writeFileSync(join(folder, 'one', `${id}-${message.id}.json`), JSON.stringify(message))
    }
    run('one', 'add', '.')
    run('one', 'commit', '-qm', 'everything')
    const start = performance.now()
    run('', 'clone', '-q', '--no-hardlinks', 'one', 'two')
    const cloned = performance.now()
    for (const side of ['one', 'two'])
      for (const { id } of initiatives.slice(0, CHANGED / 2)) {
        writeFileSync(join(folder, side, `${id}-${side}.json`), side)
        run(side, 'add', '.')
        run(side, 'commit', '-qm', 'a record')
      }
    const changed = performance.now()
    run('two', 'pull', '-q', '--no-rebase', '--no-edit', 'origin', 'main')
    return { clone: cloned - start, merge: performance.now() - changed }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export const familyFigures: Readonly<Record<FamilyWork, () => Promise<Readonly<Record<string, number>>>>> = {
  difference,
  adopt,
  backup,
  git,
}

/** Records that one of two groups alone has, half of them on each side. */
const CHANGED = 60
const ADOPTED = 500
