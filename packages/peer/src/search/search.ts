import { createPersonFinder, type Found, foundKinds, type FoundView, type GroupId } from '@auzolan/core'
import { groupFacts, peopleFacts } from '../answers/facts.ts'
import { Background } from '../group/background.ts'
import type { Group } from '../group/group.ts'
import { GroupSearch } from './group-search.ts'
import { SHOWN_OF_A_KIND } from './words-index.ts'

/**
 * Messages that are kept for searching, in all groups of a device together: the newest of each. About 30 MB of memory; a year of a neighbourhood's talk
 * is a tenth.
 */
export const SEARCHED_MESSAGES = 24_000

/** Finds by words in all groups of this device. Nothing is read before somebody looks for something. */
export class Search {
  readonly #groups: () => Promise<readonly Group[]>
  readonly #rest: () => Promise<void>
  /** More can be found than before. */
  readonly #tell: () => void
  readonly #background = new Background()
  #timesRead = 0
  readonly #known = new Map<GroupId, { readonly group: Group; readonly search: GroupSearch }>()

  constructor(groups: () => Promise<readonly Group[]>, rest: () => Promise<void>, tell: () => void) {
    this.#groups = groups
    this.#rest = rest
    this.#tell = tell
  }

  /** How often more was read. */
  get timesRead(): number {
    return this.#timesRead
  }

  async find(question: string): Promise<FoundView> {
    const groups = (await this.#groups()).filter(({ workspace }) => workspace.log.control.heads.length > 0)
    this.#follow(groups)
    const all: (Found & { readonly score: number })[] = []
    for (const { group, search } of this.#known.values()) {
      const found = await search.find(question)
      if (found.length === 0) continue
      const { name } = await groupFacts(group)
      const personOf = createPersonFinder(peopleFacts(group))
      for (const { by, ...each } of found)
        all.push({ ...each, group: group.id, groupName: name, title: by ? personOf(by).name : each.title })
    }
    const searches = [...this.#known.values()].map(({ search }) => search)
    return {
      found: foundKinds.flatMap((kind) =>
        all
          .filter((each) => each.kind === kind)
          .sort((left, right) => right.score - left.score)
          .slice(0, SHOWN_OF_A_KIND)
          .map(({ score: _, ...found }) => found),
      ),
      reading: searches.some(({ isRead }) => !isRead),
      newest: searches.some(({ cutOff }) => cutOff) ? this.#share(groups.length) : null,
    }
  }

  /** Groups that are gone, or were opened anew, are let go of; new ones are read in the background. */
  #follow(groups: readonly Group[]): void {
    for (const [id, { group, search }] of this.#known)
      if (!groups.includes(group)) {
        search.end()
        this.#known.delete(id)
      }
    for (const group of groups) {
      const known = this.#known.get(group.id)
      const search = known?.search ?? new GroupSearch(group, this.#share(groups.length), this.#rest)
      if (!known) this.#known.set(group.id, { group, search })
      if (!search.isRead) this.#background.run(() => search.read().then(() => this.#readMore()))
    }
  }

  #readMore(): void {
    this.#timesRead += 1
    this.#tell()
  }

  #share(groups: number): number {
    return Math.floor(SEARCHED_MESSAGES / Math.max(1, groups))
  }

  async close(): Promise<void> {
    for (const { search } of this.#known.values()) search.end()
    await this.#background.end()
  }
}
