import {
  type DocumentId,
  type Edit,
  err,
  type InitiativeDoc,
  initiativeDifference,
  ok,
  type Result,
  type Statement,
  type StatementId,
  toHex,
} from '@auzolan/core'
import type { Store } from '@auzolan/storage'
import { sha256, type Verifier } from '@auzolan/trust'
import type { Group } from '../group/group.ts'
import { freshIn, proven } from '../lineage/news.ts'
import type { CarriedRecord } from '../lineage/records.ts'
import { picked, type Unit, unitsOf } from '../lineage/units.ts'
import { skippedKey } from '../log/layout.ts'
import { readTexts, writeTexts } from '../log/texts.ts'
import type { BroughtRecords, Refusal } from '../peer.ts'
import { lastCounted } from '../workspace/ancestry.ts'

/** What the texts said before something was brought in, for whoever wants it back at once. */
interface Before {
  readonly document: DocumentId
  readonly was: InitiativeDoc
  readonly became: InitiativeDoc
}

/** Bringing in from a group that shares history with this one, and taking that back. */
export class Bringing {
  readonly #store: Store
  readonly #verifier: Verifier
  readonly #before = new Map<StatementId, readonly Before[]>()
  readonly #looked = new Map<string, { readonly stamp: string; readonly units: readonly Unit[] }>()

  constructor(store: Store, verifier: Verifier) {
    this.#store = store
    this.#verifier = verifier
  }

  /** What `from` has and the group does not: looked for again only when it may have changed, as it takes reading what `from` holds. */
  async news(group: Group, from: Group): Promise<readonly Unit[]> {
    const key = `${group.id} ${from.id}`
    const stamp = `${stampOf(from)} ${stampOf(group, from)} ${group.workspace.exchange.version}`
    const looked = this.#looked.get(key)
    if (looked?.stamp === stamp) return looked.units
    const units = unitsOf(await freshIn(from.workspace, group.workspace))
    this.#looked.set(key, { stamp, units })
    return units
  }

  /** Takes in what was picked of what `from` has and this group does not; what was not picked is left out until it changes. */
  async bringIn(group: Group, from: Group, keys: readonly string[]): Promise<Result<BroughtRecords, Refusal>> {
    const units = await this.news(group, from)
    const wanted = picked(units, keys, group)
    const brought = await this.adopt(group, wanted, null)
    if (brought.ok)
      await this.#remember(
        group,
        units.filter((unit) => !wanted.includes(unit)),
      )
    return brought
  }

  /** The units that were left out before and have not changed since. */
  async leftOut(group: Group, units: readonly Unit[]): Promise<readonly Unit[]> {
    const marks = new Set(readTexts(await this.#store.get(skippedKey(group.id))))
    return units.filter((unit) => marks.has(markOf(unit)))
  }

  async adopt(
    group: Group,
    units: readonly Unit[],
    offer: StatementId | null,
  ): Promise<Result<BroughtRecords, Refusal>> {
    const records = await proven(units.flatMap(({ fresh }) => fresh).filter(isWhole), this.#verifier)
    if (records.length === 0) return ok({ records: 0, adopts: [] })
    const texts = [...new Set(records.flatMap(({ change }) => change?.document ?? []))]
    const was = new Map<DocumentId, InitiativeDoc>()
    for (const document of texts) was.set(document, await group.rooms.scratch<InitiativeDoc>(document, []))
    const adopts: StatementId[] = []
    for (const some of inEntries(records.map(({ record }) => record))) {
      const said = await group.sayAll(some.map((record) => carrying({ kind: 'adopt', offer, ...record.proof }, record)))
      if (!said.ok) return said
      adopts.push(...said.value)
    }
    const before: Before[] = []
    for (const [document, value] of was)
      before.push({ document, was: value, became: await group.rooms.scratch<InitiativeDoc>(document, []) })
    const [first] = adopts
    if (first) this.#before.set(first, before)
    return ok({ records: adopts.length, adopts })
  }

  /** Takes back what was brought in, as something new that is said. Fields of texts that read as they came are written back. */
  async takeBack(group: Group, adopts: readonly StatementId[]): Promise<Result<null, Refusal>> {
    const [first] = adopts
    if (!first) return err({ type: 'no such thing' })
    for (let at = 0; at < adopts.length; at += TAKEN_BACK) {
      const said = await group.say({ kind: 'unadopt', adopts: adopts.slice(at, at + TAKEN_BACK) })
      if (!said.ok) return said
    }
    for (const { document, was, became } of this.#before.get(first) ?? []) {
      const edited = await group.edit(document, ({ value, heads }) => editsBack(was, became, value, heads))
      if (!edited.ok) return edited
    }
    return ok(null)
  }

  async #remember(group: Group, units: readonly Unit[]): Promise<void> {
    const known = readTexts(await this.#store.get(skippedKey(group.id)))
    const marks = [...new Set([...known, ...units.map(markOf)])].slice(-MOST_LEFT_OUT)
    await this.#store.write([{ do: 'put', key: skippedKey(group.id), value: writeTexts(marks) }], {
      durability: 'relaxed',
    })
  }
}

/** How much a group holds; with `shared`, of those logs alone that the other reads, too. */
const stampOf = ({ workspace }: Group, shared?: Group): string =>
  workspace.sources
    .filter(({ log }) => !shared || shared.workspace.sources.some((source) => source.log.group === log.group))
    .map((source) => {
      let held = 0
      for (const device of source.log.devices) held += lastCounted(source, device)
      return held
    })
    .join(' ')

/** Entries of what is carried: each well below what one may hold. */
export const inEntries = (records: readonly CarriedRecord[]): readonly (readonly CarriedRecord[])[] => {
  const entries: CarriedRecord[][] = []
  let bytes = Number.MAX_SAFE_INTEGER
  for (const record of records) {
    const { proof, text } = record
    const size = proof.header.length + proof.item.length + (text?.length ?? 0) + RECORD_BYTES
    const last = entries.at(-1)
    if (last && bytes + size <= ENTRY_BYTES && last.length < ENTRY_RECORDS) {
      last.push(record)
      bytes += size
    } else {
      entries.push([record])
      bytes = size
    }
  }
  return entries
}

export const carrying = (statement: Statement, { text }: CarriedRecord) => (text ? { statement, text } : { statement })

/** A withdrawn text cannot be carried: nobody could tell it from another. */
const isWhole = ({ said }: Unit['fresh'][number]): boolean => said?.text !== null

const editsBack = (
  was: InitiativeDoc,
  became: InitiativeDoc,
  now: InitiativeDoc,
  heads: Extract<Edit, { do: 'write' }>['from'],
): readonly Edit[] =>
  initiativeDifference(was, became).flatMap(({ field, action }): readonly Edit[] => {
    if (action !== null) return []
    const name = field as Exclude<keyof InitiativeDoc, 'actions'>
    if (now[name] !== became[name]) return []
    return name === 'why' || name === 'plan'
      ? [{ do: 'write', field: [name], from: heads, text: was[name] }]
      : [{ do: 'set', field: [name], value: was[name] }]
  })

/** Another record in it makes it another. */
const markOf = ({ key, fresh }: Unit): string => {
  const ids = fresh.map(({ id }) => id).sort()
  return `${key} ${toHex(sha256(new TextEncoder().encode(ids.join(' '))))}`
}

/** Of an entry's 640 KiB; a change alone may take 512,000 bytes. */
const ENTRY_BYTES = 400 * 1024
/** Each may come with a text: half of an entry's 256 items. */
const ENTRY_RECORDS = 120
/** Signature, name and lengths. */
const RECORD_BYTES = 200
const TAKEN_BACK = 256
const MOST_LEFT_OUT = 2_000
