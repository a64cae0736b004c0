import {
  ActionId,
  fromHex,
  type ActionDoc,
  type DocumentKind,
  type FieldPath,
  type GroupDoc,
  type InitiativeDoc,
} from '@auzolan/core'

/** The actor of every genesis change. No session may write with it. */
export const genesisActor = '00000000000000000000000000000000'

/** How a field merges, and its limit in UTF-16 units. `short`: whole, side by side when written apart. `prose`: letter by letter. */
export interface FieldRule {
  readonly merges: 'short' | 'prose'
  readonly limit: number
}

/** One line on a small screen is 30–40; two hundred is a long sentence. */
const line = { merges: 'short', limit: 200 } as const
/** A name is shown everywhere, so it stays short. */
const name = { merges: 'short', limit: 80 } as const
/** About one printed page. */
const page = { merges: 'prose', limit: 4_000 } as const
/** About five pages: what stays quick to open and to merge (`AUTOMERGE.md` 5.1). */
const pages = { merges: 'prose', limit: 20_000 } as const

/** Actions of one initiative: what a list on a phone can still show, and under the 1,000 objects a document should hold. */
export const maxActions = 500

const fields: Readonly<Record<DocumentKind, Readonly<Record<string, FieldRule>>>> = {
  group: { name, purpose: page, place: line },
  initiative: {
    title: line,
    why: page,
    when: line,
    where: line,
    plan: pages,
    needs: line,
    hypothesis: line,
    measure: line,
    checkOn: line,
    starts: line,
    ends: line,
  },
}

export const actionFields = {
  title: line,
  details: page,
  when: line,
  order: line,
  where: line,
  skills: line,
  starts: line,
  ends: line,
} as const satisfies Record<keyof ActionDoc, FieldRule>

/** The rule of a field of this kind of document; `undefined`: there is no such field. */
export const fieldRule = (kind: DocumentKind, path: FieldPath): FieldRule | undefined => {
  const [first, action, field] = path
  if (first === undefined) return undefined
  if (path.length === 1) return own(fields[kind], first)
  if (path.length !== 3 || kind !== 'initiative' || first !== 'actions' || field === undefined) return undefined
  return ActionId.parse(action) === undefined ? undefined : own<FieldRule>(actionFields, field)
}

/** Paths of the short fields that this document holds: where versions can stand side by side. */
export const shortFields = (kind: DocumentKind, value: GroupDoc | InitiativeDoc): readonly FieldPath[] => {
  const short = (rules: Readonly<Record<string, FieldRule>>) =>
    Object.keys(rules).filter((key) => rules[key]?.merges === 'short')
  const paths: FieldPath[] = short(fields[kind]).map((key) => [key])
  if ('actions' in value) {
    for (const id of Object.keys(value.actions).sort())
      for (const key of short(actionFields)) paths.push(['actions', id, key])
  }
  return paths
}

/**
 * The first change of every document of a kind, made once with Automerge 3.5.0 (time 0, `genesisActor`) and shipped as bytes, so that
 * all devices start from the same objects and no later version can encode it differently. Never change these: the documents of
 * every group hang on them. A new field needs no new genesis; a new text or map at the root needs a migration change of its own.
 */
export const genesis: Readonly<Record<DocumentKind, Uint8Array>> = {
  group: bytesOf(
    '856f4a838c7262520132001000000000000000000000000000000000010100000005150934014202560270027f07707572706f7365017f047f007f00',
  ),
  initiative: bytesOf(
    '856f4a8380ea8607013d001000000000000000000000000000000000010100000005151234014204560270027d0377687904706c616e07616374696f' +
      '6e730302047f0003000300',
  ),
}

/** Keys of the objects that a genesis makes. No change may put anything in their place: everyone's text hangs on them. */
export const foundations: Readonly<Record<DocumentKind, ReadonlySet<string>>> = {
  group: new Set(['purpose']),
  initiative: new Set(['why', 'plan', 'actions']),
}

/** Reads a materialised document, whatever is in it: what is missing or of another type is empty, what is too long is clipped. */
export const readDocument = (kind: DocumentKind, document: unknown): GroupDoc | InitiativeDoc =>
  kind === 'group' ? readGroup(document) : readInitiative(document)

const readGroup = (document: unknown): GroupDoc => ({
  name: readText(document, 'name', name.limit),
  purpose: readText(document, 'purpose', page.limit),
  place: readText(document, 'place', line.limit),
})

const readInitiative = (document: unknown): InitiativeDoc => ({
  title: readText(document, 'title', line.limit),
  why: readText(document, 'why', page.limit),
  when: readText(document, 'when', line.limit),
  where: readText(document, 'where', line.limit),
  plan: readText(document, 'plan', pages.limit),
  needs: readText(document, 'needs', line.limit),
  hypothesis: readText(document, 'hypothesis', line.limit),
  measure: readText(document, 'measure', line.limit),
  checkOn: readText(document, 'checkOn', line.limit),
  starts: readText(document, 'starts', line.limit),
  ends: readText(document, 'ends', line.limit),
  actions: readActions(valueAt(document, 'actions')),
})

const readActions = (actions: unknown): InitiativeDoc['actions'] => {
  const read: Record<ActionId, ActionDoc> = {}
  const ids = isRecord(actions) ? Object.keys(actions).sort() : []
  for (const key of ids) {
    const id = ActionId.parse(key)
    const action = valueAt(actions, key)
    if (id === undefined || !isRecord(action)) continue
    read[id] = {
      title: readText(action, 'title', line.limit),
      details: readText(action, 'details', page.limit),
      when: readText(action, 'when', line.limit),
      order: readText(action, 'order', line.limit),
      where: readText(action, 'where', line.limit),
      skills: readText(action, 'skills', line.limit),
      starts: readText(action, 'starts', line.limit),
      ends: readText(action, 'ends', line.limit),
    }
  }
  return read
}

const readText = (from: unknown, key: string, limit: number): string => clip(textOf(valueAt(from, key)) ?? '', limit)

/** Text as Automerge materialises it: a string, or an immutable string (an object with `val`). */
export const textOf = (value: unknown): string | undefined => {
  const text = isRecord(value) ? valueAt(value, 'val') : value
  return typeof text === 'string' ? text : undefined
}

/** At most `limit` units, never half of a surrogate pair. */
export const clip = (text: string, limit: number): string => {
  if (text.length <= limit) return text
  const last = text.charCodeAt(limit - 1)
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? limit - 1 : limit)
}

export const valueAt = (from: unknown, key: string): unknown =>
  isRecord(from) && Object.hasOwn(from, key) ? from[key] : undefined

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const own = <T>(rules: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(rules, key) ? rules[key] : undefined

function bytesOf(hex: string): Uint8Array {
  const bytes = fromHex(hex)
  if (bytes === undefined) throw new Error('a genesis change is not hex')
  return bytes
}
