import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { bundleForNode } from '../../scripts/bundle.mjs'
import { root } from '../../scripts/setup.mjs'

/** Two machines on one cable and nothing else: no default route, no name server, no way out. They find each other, and again when the cable was out. */

/** Longer than all of this takes, in milliseconds: then something never came. */
const WITHIN_MS = 30_000
const spaces = [`auzolan-${process.pid}-a`, `auzolan-${process.pid}-b`]
const cables = ['a', 'b'].map((end) => `az${process.pid % 100_000}${end}`)

/** @param {readonly string[]} args */
const ip = (...args) => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })
/** @param {string} space @param {readonly string[]} args */
const ipIn = (space, ...args) => ip('-n', space, ...args)

const isAllowed = () => {
  try {
    ip('netns', 'add', `${spaces[0]}-try`)
    ip('netns', 'del', `${spaces[0]}-try`)
    return true
  } catch {
    return false
  }
}

if (!isAllowed()) {
  console.log('Not tried: this needs network namespaces, which only an administrator of a Linux machine can make.')
  process.exit(0)
}

/** @param {string} program @param {string} space @param {readonly string[]} args */
const startPeer = async (program, space, ...args) => {
  const child = spawn('ip', ['netns', 'exec', space, process.execPath, program, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  /** @type {string[]} */
  const lines = []
  /** @type {Set<() => void>} */
  const waiting = new Set()
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line)
    for (const wake of waiting) wake()
  })
  /** Resolves with the next line that is `wanted`; lines before it are gone. @param {(line: string) => boolean} wanted */
  const next = (wanted) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${space}: waited in vain; heard ${lines.join()}`)), WITHIN_MS)
      const look = () => {
        const at = lines.findIndex(wanted)
        if (at < 0) return
        clearTimeout(late)
        waiting.delete(look)
        resolve(lines.splice(0, at + 1).at(-1))
      }
      waiting.add(look)
      look()
    })
  return { child, next, peer: String(await next((line) => line.startsWith('12D3'))) }
}

const folder = mkdtempSync(join(root, 'node_modules/.auzolan-namespaces-'))
/** @type {import('node:child_process').ChildProcess[]} */
const children = []
try {
  await bundleForNode({ peer: join(root, 'test/namespaces/peer.ts') }, folder)
  for (const space of spaces) ip('netns', 'add', space)
  ip(
    'link',
    'add',
    cables[0] ?? '',
    'netns',
    spaces[0] ?? '',
    'type',
    'veth',
    'peer',
    'name',
    cables[1] ?? '',
    'netns',
    spaces[1] ?? '',
  )
  for (const [at, space] of spaces.entries()) {
    ipIn(space, 'addr', 'add', `10.77.0.${at + 1}/24`, 'dev', cables[at] ?? '')
    ipIn(space, 'link', 'set', 'lo', 'up')
    ipIn(space, 'link', 'set', cables[at] ?? '', 'up')
  }
  const [a, b] = await Promise.all(
    spaces.map((space, at) => startPeer(join(folder, 'peer.mjs'), space, String(at + 1))),
  )
  if (!a || !b) throw new Error('no peers')
  children.push(a.child, b.child)
  const began = Date.now()
  a.child.stdin?.write(`${b.peer}\n`)
  await Promise.all([a.next((line) => line === 'linked'), b.next((line) => line === 'linked')])
  console.log(`found in ${Date.now() - began} ms, without a default route`)

  b.child.kill()
  await once(b.child, 'exit')
  await a.next((line) => line === 'parted')
  ipIn(spaces[1] ?? '', 'link', 'set', cables[1] ?? '', 'down')
  const again = await startPeer(join(folder, 'peer.mjs'), spaces[1] ?? '', '2')
  children.push(again.child)
  const plugged = Date.now()
  ipIn(spaces[1] ?? '', 'link', 'set', cables[1] ?? '', 'up')
  await a.next((line) => line === 'linked')
  console.log(`found again ${Date.now() - plugged} ms after the cable was in`)
} finally {
  for (const child of children) child.kill()
  for (const space of spaces) {
    try {
      ip('netns', 'del', space)
    } catch {
      // It was not made.
    }
  }
  rmSync(folder, { recursive: true, force: true })
}
