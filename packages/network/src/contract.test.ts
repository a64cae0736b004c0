import { describeLinks } from './contract.ts'
import { StreamLink } from './link.ts'
import { MemoryHub } from './memory.ts'
import type { Link } from './network.ts'
import { bytePipe } from './testing/byte-pipe.ts'
import { systemTimers } from './timers.ts'

describeLinks('memory', async () => {
  const hub = new MemoryHub({ auto: true })
  const latest = new Map<string, Link>()
  for (const name of ['a', 'b']) await hub.network(name).start((link) => latest.set(name, link))
  const open = async () => {
    hub.connect('a', 'b')
    const [a, b] = [latest.get('a'), latest.get('b')]
    if (!a || !b) throw new Error('not linked')
    return { a, b }
  }
  return { ...(await open()), again: open, close: () => hub.network('a').stop() }
})

describeLinks('a byte pipe cut into pieces', async () => {
  const links: StreamLink[] = []
  const open = async () => {
    for (const link of links) link.close({ type: 'replaced' })
    const [left, right] = bytePipe(1009)
    const common = { path: 'direct', timers: systemTimers, agent: 'test' } as const
    const a = new StreamLink(left, { ...common, remote: 'b', opener: true })
    const b = new StreamLink(right, { ...common, remote: 'a', opener: false })
    links.push(a, b)
    return { a, b }
  }
  return {
    ...(await open()),
    again: open,
    close: async () => {
      for (const link of links) link.close({ type: 'stopped' })
    },
  }
})
