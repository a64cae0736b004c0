import { corpus, messageAt, typingTrace } from './corpus.ts'
import { now } from './proxy.ts'
import type { FamilyWork, NodeWorkspace, SeedFolders, TrustWork } from './subject.ts'
import { loadSubject } from './subjects.ts'

/** What a replica waits for. */
export type Until =
  | { readonly see: 'everything' }
  | { readonly see: 'edits'; readonly count: number }
  | { readonly see: 'messages'; readonly count: number }

/** What the runner tells a replica's process to do. Each answers once done. */
export type Command =
  | { readonly do: 'seed'; readonly folders: SeedFolders }
  | { readonly do: 'open'; readonly folder: string }
  | { readonly do: 'listen' }
  | { readonly do: 'dial'; readonly port: number; readonly until?: Until }
  | { readonly do: 'edit'; readonly count: number }
  | { readonly do: 'say'; readonly count: number }
  /** Shows the page of an item; answers once it is on screen. */
  | { readonly do: 'look'; readonly n: number }
  /** Sets a title, answers when. */
  | { readonly do: 'ping'; readonly n: number }
  /** Answers that it is looking; a second answer, `seen`, says when the title of `ping` was here. */
  | { readonly do: 'watch'; readonly n: number }
  /** Answers nothing where the subject does not tell. */
  | { readonly do: 'payload' }
  | { readonly do: 'merge'; readonly edits: number }
  | { readonly do: 'type'; readonly keys: number }
  | { readonly do: 'verify' }
  | { readonly do: 'trust'; readonly what: TrustWork; readonly size: number }
  | { readonly do: 'fork' | 'search'; readonly size: 'S' | 'M' | 'L' }
  | { readonly do: 'family'; readonly what: FamilyWork }

/** Numbers by name; times in milliseconds. */
export type Answer = Readonly<Record<string, number>>

/** The subject's file is the only argument. */
const subject = await loadSubject(process.argv[2] ?? '')
const items = corpus()
let workspace: NodeWorkspace | undefined
let onChange: () => void = () => undefined

const opened = () => {
  if (!workspace) throw new Error('not opened')
  return workspace
}
const itemAt = (n: number) => {
  const item = items[n % items.length]
  if (!item) throw new Error('an empty corpus')
  return item
}
const side = async <T>(get: (() => Promise<T>) | undefined): Promise<T> => {
  if (!get) throw new Error('has no such side')
  return get()
}

/** Edits of different items that wait for their disk together while the host prepares. */
const atOnce = 100

/** As long as what people write in one go: a sentence. */
const editedTitle = (n: number) => `${n}: ${messageAt(n, 999_979).text}`

/** Whether all are here; each that was once is not looked at again, and what lies behind one that is not is not looked at yet. */
const allOf = <T>(all: readonly T[], isHere: (one: T) => boolean): (() => boolean) => {
  const missing = [...all]
  return () => {
    for (let last = missing.at(-1); last !== undefined && isHere(last); last = missing.at(-1)) missing.pop()
    return missing.length === 0
  }
}

const reached = (until: Until): (() => boolean) => {
  const here = opened()
  switch (until.see) {
    case 'everything':
      return allOf(items, (item) => here.isWhole(item))
    case 'edits': {
      const edits = Array.from({ length: Math.min(until.count, items.length) }, (_, n) => until.count - 1 - n)
      const wanted = edits.map((n) => ({ id: itemAt(n).id, title: editedTitle(n) }))
      return allOf(wanted, ({ id, title }) => here.titleOf(id) === title)
    }
    case 'messages':
      return () => here.messagesIn(itemAt(0).id) >= itemAt(0).messages.length + until.count
  }
}

/** Resolves with the time at which it first held, looking after every turn in which something changed. */
const whenReached = (until: Until) =>
  new Promise<number>((resolve) => {
    const holds = reached(until)
    let planned = false
    onChange = () => {
      if (planned) return
      planned = true
      setImmediate(() => {
        planned = false
        if (!holds()) return
        onChange = () => undefined
        resolve(now())
      })
    }
    onChange()
  })

const typing = async (keys: number): Promise<Answer> => {
  const typist = await (await side(subject.document)).type()
  const trace = typingTrace(keys)
  const start = now()
  const keyed = trace.reduce((total, key) => total + typist.press(key), 0)
  const pressed = now()
  const saved = typist.save()
  const saving = now()
  const text = typist.load(saved)
  const loaded = now()
  if (text !== typist.text()) throw new Error('the loaded text differs')
  const sent = typist.flushed?.(trace) ?? keyed
  return { key: (pressed - start) / keys, bytes: sent / keys, load: loaded - saving, saved: saved.length }
}

const act = async (command: Command): Promise<Answer> => {
  switch (command.do) {
    case 'seed':
      await (await side(subject.node)).seed(items, command.folders)
      return {}
    case 'open':
      workspace = await (await side(subject.node)).open(command.folder)
      workspace.onChange(() => onChange())
      return {}
    case 'listen':
      return { port: await opened().listen() }
    case 'dial': {
      const start = now()
      const done = command.until ? whenReached(command.until) : undefined
      await opened().dial(command.port)
      return { start, done: (await done) ?? now() }
    }
    case 'edit':
      for (let from = 0; from < command.count; from += atOnce) {
        const some = Array.from({ length: Math.min(atOnce, command.count - from) }, (_, n) => from + n)
        await Promise.all(some.map(async (n) => opened().setTitle(itemAt(n).id, editedTitle(n))))
      }
      return {}
    case 'say':
      for (let n = 0; n < command.count; n++) await opened().say(itemAt(0).id, messageAt(n, 999_983))
      return {}
    case 'look':
      await opened().follow?.(itemAt(command.n).id)
      return {}
    case 'ping': {
      const at = now()
      await opened().setTitle(itemAt(command.n).id, `Ping ${command.n}`)
      return { at }
    }
    case 'watch': {
      const { id } = itemAt(command.n)
      onChange = () => {
        if (opened().titleOf(id) !== `Ping ${command.n}`) return
        onChange = () => undefined
        process.send?.({ seen: now() })
      }
      return {}
    }
    case 'payload': {
      const bytes = opened().payloadBytes?.()
      return bytes === undefined ? {} : { bytes }
    }
    case 'merge': {
      const apart = await (await side(subject.document)).diverge(command.edits)
      const start = now()
      await apart.merge()
      return { merge: now() - start }
    }
    case 'type':
      return typing(command.keys)
    case 'fork': {
      if (!subject.forkSample) throw new Error('has no such side')
      return { ...(await subject.forkSample(command.size)) }
    }
    case 'family': {
      if (!subject.family) throw new Error('has no such side')
      return subject.family(command.what)
    }
    case 'search': {
      if (!subject.searchSample) throw new Error('has no such side')
      return { ...(await subject.searchSample(command.size)) }
    }
    case 'trust': {
      if (!subject.trust) throw new Error('has no such side')
      return subject.trust(command.what, command.size)
    }
    case 'verify': {
      const verifier = await side(subject.verify)
      const start = now()
      await verifier.run()
      return { perSecond: (verifier.entries * 1000) / (now() - start) }
    }
  }
}

process.on('message', (command: Command) => {
  act(command).then(
    (answer) => process.send?.({ answer }),
    (fault: unknown) =>
      process.send?.({ fault: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) }),
  )
})
process.on('disconnect', () => process.exit(0))
