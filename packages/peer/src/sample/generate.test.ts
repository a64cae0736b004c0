import { createHash } from 'node:crypto'
import type { Instant } from '@auzolan/core'
import { describe, expect, test } from 'vitest'
import { generateSample, type SampleAct, sampleSizes, type SampleScript, seededEntropy, statementsIn } from './index.ts'

const end = Date.UTC(2026, 9, 17, 20) as Instant
const small = generateSample('S', end)

const digestOf = (script: SampleScript): string => {
  const hash = createHash('sha256').update(JSON.stringify([script.people, script.divergence]))
  for (const act of script.acts()) hash.update(JSON.stringify(act))
  return hash.digest('hex')
}
const count = (acts: Iterable<SampleAct>): Record<string, number> => {
  const counts: Record<string, number> = { statements: 0 }
  for (const act of acts) {
    counts[act.do] = (counts[act.do] ?? 0) + 1
    counts['statements'] = (counts['statements'] as number) + statementsIn(act)
  }
  return counts
}

/** What an act refers to must have happened before; what it makes must be new; whoever acts must have joined. */
const checkCausal = (script: SampleScript, acts: Iterable<SampleAct>, known = new Set<string>()): Set<string> => {
  const make = (thing: string): void => {
    if (known.has(thing)) throw new Error(`${thing} was there already`)
    known.add(thing)
  }
  const need = (thing: string): void => {
    if (!known.has(thing)) throw new Error(`${thing} is not there yet`)
  }
  let at = 0
  for (const act of acts) {
    if (act.at < at) throw new Error(`${act.do} goes back in time`)
    at = act.at
    if (act.do === 'found' || act.do === 'join') make(`person ${act.by}`)
    else need(`person ${act.by}`)
    if (act.do === 'join') need(`person ${act.invitedBy}`)
    if ('initiative' in act && act.do !== 'start' && act.initiative !== null) need(`initiative ${act.initiative}`)
    if ('thread' in act && act.thread !== null) need(`initiative ${act.thread}`)
    switch (act.do) {
      case 'start':
        make(`initiative ${act.initiative}`)
        break
      case 'plan':
        make(`action ${act.action} of ${act.initiative}`)
        break
      case 'places':
        need(`action ${act.action} of ${act.initiative}`)
        break
      case 'take':
        need(`action ${act.action} of ${act.initiative}`)
        make(`take ${act.take} by ${act.by}`)
        make(`${act.by} at ${act.action}`)
        break
      case 'giveBack':
        need(`take ${act.take} by ${act.by}`)
        make(`answer to ${act.take}`)
        break
      case 'done':
        need(`take ${act.take} by ${act.by}`)
        make(`answer to ${act.take}`)
        break
      case 'message':
        make(`message ${act.message}`)
        make(`message ${act.message} in ${act.thread} by ${act.by}`)
        make(`message ${act.message} in ${act.thread}`)
        if (act.replyTo !== null) need(`message ${act.replyTo} in ${act.thread}`)
        break
      case 'share':
        make(`thing ${act.thing}`)
        for (const person of act.people ?? []) need(`person ${person}`)
        break
      case 'book':
        need(`thing ${act.thing}`)
        make(`booking ${act.booking}`)
        make(`booking ${act.booking} by ${act.by}`)
        break
      case 'unbook':
        need(`booking ${act.booking} by ${act.by}`)
        if (act.for !== null) need(`booking ${act.for}`)
        make(`answer to booking ${act.booking}`)
        break
      case 'use':
        need(`booking ${act.booking} by ${act.by}`)
        make(`answer to booking ${act.booking}`)
        break
      case 'sign':
        need(`call ${act.call}`)
        known.add(`signature of ${act.call} by ${act.by}`)
        break
      case 'unsign':
        need(`signature of ${act.call} by ${act.by}`)
        break
      case 'call':
        known.add(`call ${act.call}`)
        break
      case 'paper':
        need(`call ${act.call}`)
        make(`paper ${act.paper} by ${act.by}`)
        make(`paper ${act.paper}`)
        break
      case 'sawPaper':
        need(`paper ${act.paper}`)
        make(`paper ${act.paper} seen by ${act.by}`)
        break
      case 'withdraw':
        need(`message ${act.message} in ${act.thread} by ${act.by}`)
        break
      default:
    }
  }
  expect(at).toBeLessThanOrEqual(script.divergence[0]?.acts[0]?.at ?? 0)
  return known
}

describe('the repair café', () => {
  test('is the same story for the same seed and end, each time it is told', () => {
    const digest = digestOf(small)
    expect(digestOf(small)).toBe(digest)
    expect(digestOf(generateSample('S', end))).toBe(digest)
    expect(digestOf(generateSample('S', end, 5))).not.toBe(digest)
  })

  test('has the volumes it was described with', () => {
    const acts = [...small.acts()]
    const counts = count(acts)
    expect(counts).toMatchObject({ found: 1, join: 37, start: 39, take: 250, message: 3_100 })
    const sessions = acts.filter((act) => act.do === 'plan' && act.when === '13:00')
    const raised = acts.flatMap((act) => (act.do === 'places' ? [act.action] : []))
    expect(sessions).toHaveLength(19 * 8)
    const planned = new Map(sessions.flatMap((act) => (act.do === 'plan' ? [[act.action, act.places]] : [])))
    for (const action of raised) if (planned.has(action)) planned.set(action, (planned.get(action) as number) + 1)
    expect([...planned.values()].reduce((sum, places) => sum + places, 0)).toBe(266)

    const starts = acts.flatMap((act) =>
      act.do === 'set' && act.field === 'when' && act.value.includes(':') ? [act.initiative] : [],
    )
    const coming = Math.max(...starts.map(Number))
    const answered = new Set(acts.flatMap((act) => (act.do === 'done' || act.do === 'giveBack' ? [act.take] : [])))
    const atSessions = acts.flatMap((act) =>
      act.do === 'take' && planned.has(act.action) && act.initiative !== coming ? [act.take] : [],
    )
    const silent = atSessions.filter((take) => !answered.has(take)).length
    expect(silent + (counts['giveBack'] as number)).toBe(17)
  })

  test('lends 46 things 720 times, of which 31 times to two people at once', () => {
    const acts = [...small.acts()]
    expect(count(acts)).toMatchObject({ share: 46, book: 720 })
    const booked = acts.flatMap((act) => (act.do === 'book' ? [act] : []))
    const pairs = booked.flatMap((one, at) =>
      booked
        .slice(at + 1)
        .filter((other) => other.thing === one.thing && other.from < one.to && other.to > one.from)
        .map((other) => [one.by, other.by]),
    )
    expect(pairs).toHaveLength(31)
    expect(pairs.filter(([one, other]) => one === other)).toEqual([])
    expect(new Set(acts.flatMap((act) => (act.do === 'share' ? [act.name] : []))).size).toBe(46)
    const again = small.divergence.flatMap(({ acts }) => acts).flatMap((act) => (act.do === 'book' ? [act] : []))
    expect(again.map(({ thing }) => thing)).toEqual([0, 0])
    expect((again[1]?.from ?? 0) < (again[0]?.to ?? 0)).toBe(true)
  })

  test('asks people to sign: here, on paper, and on two sides apart', () => {
    const acts = [...small.acts()]
    const { goal, signatures, paper, unseen } = sampleSizes.S.calls
    expect(count(acts)).toMatchObject({ call: 2, paper, sawPaper: paper - unseen, unsign: 1 })
    const asked = acts.flatMap((act) => (act.do === 'call' ? [act] : []))
    expect(new Set(asked.map(({ text }) => text)).size).toBe(2)
    expect(asked.every((act) => act.goal === goal && act.until > end)).toBe(true)
    const changed = asked[1]?.at ?? end
    const better = acts.filter((act) => act.do === 'sign' && act.at > changed).map(({ by }) => by)
    expect([better.length, new Set(better).size]).toEqual([signatures - 1, signatures - 1])
    const [recorder, witness] = (['paper', 'sawPaper'] as const).map((kind) => acts.find((act) => act.do === kind)?.by)
    expect(recorder).not.toBe(witness)
    const names = acts.flatMap((act) => (act.do === 'paper' ? [act.name] : []))
    expect(new Set(names).size).toBe(paper)
    const apart = small.divergence.map(({ acts }) => acts.filter((act) => act.do === 'sign').length)
    expect(apart).toEqual([1, 1, 0])
  })

  test('is told over one year, in causal order', () => {
    checkCausal(small, small.acts())
    expect(end - (small.people[0]?.joinedAt as number)).toBeLessThan(367 * 24 * 3_600_000)
  })

  test('says nothing with a hole in it, and nothing too long', () => {
    const acts = [...small.acts(), ...small.divergence.flatMap(({ acts }) => acts)]
    const texts = acts.flatMap((act) => Object.values(act).filter((value) => typeof value === 'string'))
    expect(texts.filter((text) => /[{}$*|·]|undefined|^\s|\s$/.test(text))).toEqual([])
    expect(texts.filter((text) => text.length > 1_500)).toEqual([])
    const titles = acts.flatMap((act) => ('title' in act ? [act.title] : []))
    expect(titles.filter((title) => title.length > 120 || title === '')).toEqual([])
    const started = acts.flatMap((act) => (act.do === 'start' ? [act.title] : []))
    expect(new Set(started).size).toBe(39)
  })

  test('is talked about in every thread, in many words', () => {
    const messages = [...small.acts()].flatMap((act) => (act.do === 'message' ? [act] : []))
    expect(new Set(messages.map(({ thread }) => thread)).size).toBe(40)
    expect(new Set(messages.map(({ text }) => text)).size).toBeGreaterThan(1_200)
    expect(new Set(messages.map(({ by }) => by)).size).toBe(38)
  })
})

describe('three evenings apart', () => {
  test('follow from the common past, each without the others', () => {
    for (const script of [small]) {
      const past = checkCausal(script, script.acts())
      expect(script.divergence).toHaveLength(3)
      for (const { people, acts } of script.divergence) {
        checkCausal({ ...script, divergence: [{ people, acts: acts.slice(-1) }] }, acts, new Set(past))
        for (const { by, at } of acts) {
          expect(people).toContain(by)
          expect(at).toBeLessThan(end)
        }
      }
      const numbers = script.divergence.flatMap(({ acts }) =>
        acts.flatMap((act) => (act.do === 'message' ? [act.message] : [])),
      )
      expect(new Set(numbers).size).toBe(numbers.length)
      expect(new Set(script.divergence.flatMap(({ people }) => people)).size).toBe(9)
    }
  })

  test('close the same session in two ways, and leave nothing else that is done open for long', () => {
    const closed = small.divergence.flatMap(({ acts }) => acts).flatMap((act) => (act.do === 'close' ? [act] : []))
    expect(new Set(closed.map(({ initiative }) => initiative)).size).toBe(1)
    expect(closed.map(({ result }) => result)).toEqual(['achieved', 'learned'])
    const before = [...small.acts()].flatMap((act) => (act.do === 'close' ? [act] : []))
    expect(before.length).toBeGreaterThan(15)
    expect(new Set(before.map(({ result }) => result)).size).toBe(4)
    expect(before.filter(({ initiative }) => initiative === closed[0]?.initiative)).toEqual([])
  })

  test('leave two titles, two times of the laser, two plans, and three for the last place', () => {
    const acts = small.divergence.flatMap(({ acts }) => acts)
    const values = (field: string) =>
      acts.flatMap((act) => (act.do === 'set' && act.field === field ? [`${act.initiative} ${act.value}`] : []))
    expect(new Set(values('title')).size).toBe(2)
    expect(new Set(values('when')).size).toBe(2)
    expect(new Set(acts.flatMap((act) => (act.do === 'write' ? [act.text] : []))).size).toBe(2)
    const takes = acts.flatMap((act) => (act.do === 'take' ? [act] : []))
    expect(takes).toHaveLength(3)
    const action = takes[0]?.action
    let free = 0
    for (const act of small.acts()) {
      if (act.do === 'plan' && act.action === action) free += act.places
      if (act.do === 'places' && act.action === action) free += 1
      if (act.do === 'take' && act.action === action) free -= 1
    }
    expect(free).toBe(1)
  })
})

test.each([
  ['M', 45_000],
  ['L', 190_000],
] as const)('size %s has %i statements', (size, statements) => {
  const { members, initiatives, takes } = sampleSizes[size]
  const script = generateSample(size, end)
  const counts = count(script.acts())
  expect(statements - (counts['statements'] as number)).toBeOneOf([0, 1])
  expect(counts).toMatchObject({ join: members - 1, start: initiatives, take: takes })
  expect(new Set(script.people.map(({ name }) => name)).size).toBe(members)
})

test('seeded bytes are the same again', () => {
  const [left, right] = [seededEntropy(7), seededEntropy(7)]
  expect(left.bytes(16)).toEqual(right.bytes(16))
  expect(left.bytes(16)).not.toEqual(seededEntropy(8).bytes(16))
})
