import { expect, test } from 'vitest'
import { DocumentId, MemberId } from './ids.ts'
import { SinceTally } from './since.ts'
import type { Statement } from './statement.ts'

const [aino, omar] = [1, 2].map((n) => MemberId.fromBytes(new Uint8Array(32).fill(n))) as [MemberId, MemberId]
const [cafe, garden] = [1, 2].map((n) => DocumentId.fromBytes(new Uint8Array(16).fill(n))) as [DocumentId, DocumentId]
const say = (thread: DocumentId): Statement => ({ kind: 'message', thread, after: [], replyTo: null, mentions: [] })

test('what happened is told place by place, as it came up, with who did it once each', () => {
  const tally = new SinceTally()
  tally.add({ by: omar, statement: say(garden) })
  tally.add({ by: aino, statement: { kind: 'start', initiative: cafe, title: 'Café' } })
  tally.addWriting(cafe, omar)
  tally.add({ by: omar, statement: say(garden) })
  tally.add({ by: aino, statement: say(garden) })
  tally.add({ by: aino, statement: { kind: 'card', name: 'Aino' } })
  expect(tally.happened).toEqual([
    { place: garden, counts: [{ what: 'said', count: 3 }], by: [omar, aino] },
    {
      place: cafe,
      counts: [
        { what: 'started', count: 1 },
        { what: 'wrote', count: 1 },
      ],
      by: [aino, omar],
    },
  ])
})
