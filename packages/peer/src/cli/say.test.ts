import { expect, test } from 'vitest'
import { outliveFaults } from './say.ts'

test('a program whose output nobody reads any more goes on, and does not report that without end', () => {
  const faults = process.listeners('uncaughtException')
  outliveFaults()
  const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
  for (const stream of [process.stdout, process.stderr]) expect(() => stream.emit('error', gone)).not.toThrow()
  for (const added of process.listeners('uncaughtException'))
    if (!faults.includes(added)) process.removeListener('uncaughtException', added)
})
