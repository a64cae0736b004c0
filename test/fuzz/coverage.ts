import { type Profiler, Session } from 'node:inspector'

/** Where a block begins: a program's URL and the offset in it. */
export interface Place {
  readonly url: string
  readonly at: number
}

/** By program: 1 for each character that ran. */
type Places = Map<string, Uint8Array>

/**
 * Which bytes of the programs in one folder ran, as V8 counts it block by block (Chrome DevTools protocol, `Profiler`). Looking costs about a
 * millisecond, whatever ran, so many inputs are looked at together.
 */
export class Coverage {
  private readonly session = new Session()
  private readonly folder: string
  private readonly seen: Places = new Map()
  private now: Places = new Map()

  /** `folder`: the beginning of the programs' URLs. */
  constructor(folder: string) {
    this.folder = folder
    this.session.connect()
    this.post('Profiler.enable')
    this.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  }

  /** Forgets what ran until now, but not what was kept. */
  reset(): void {
    this.post('Profiler.takePreciseCoverage')
  }

  /** Looks at what ran since the last reset or look. */
  look(): void {
    this.now = new Map()
    for (const { url, functions } of this.take()) {
      const places = new Uint8Array(Math.max(...functions.flatMap(({ ranges }) => ranges.map((one) => one.endOffset))))
      for (const { ranges } of functions)
        for (const { startOffset, endOffset, count } of ranges) places.fill(count > 0 ? 1 : 0, startOffset, endOffset)
      this.now.set(url, places)
    }
  }

  /** Places that the last look saw, and none before that was kept. */
  fresh(): readonly Place[] {
    return [...this.now].flatMap(([url, places]) => begunIn(places, this.seen.get(url)).map((at) => ({ url, at })))
  }

  /** Which of `places` the last look saw. */
  among(places: readonly Place[]): readonly Place[] {
    return places.filter(({ url, at }) => this.now.get(url)?.[at] === 1)
  }

  /** Keeps what the last look saw: it is not new any more. */
  keep(): void {
    for (const [url, places] of this.now) {
      const before = this.seen.get(url) ?? new Uint8Array(0)
      const both = new Uint8Array(Math.max(places.length, before.length))
      both.set(before)
      for (let at = 0; at < places.length; at++) if (places[at] === 1) both[at] = 1
      this.seen.set(url, both)
    }
  }

  private take(): readonly Profiler.ScriptCoverage[] {
    const { result } = this.post('Profiler.takePreciseCoverage') as Profiler.TakePreciseCoverageReturnType
    return result.filter(({ url }) => url.startsWith(this.folder))
  }

  /** A session on its own thread answers before `post` returns. */
  private post(method: string, params: object = {}): unknown {
    let answer: unknown
    this.session.post(method, params, (fault, result) => {
      if (fault) throw new Error(`${method}: ${fault.message}`)
      answer = result
    })
    return answer
  }
}

/** Where stretches begin that are in `places` and not in `before`: the rest of a block says nothing more. */
const begunIn = (places: Uint8Array, before: Uint8Array | undefined): readonly number[] => {
  const begun: number[] = []
  let inside = false
  for (let at = 0; at < places.length; at++) {
    const isNew = places[at] === 1 && before?.[at] !== 1
    if (isNew && !inside) begun.push(at)
    inside = isNew
  }
  return begun
}
