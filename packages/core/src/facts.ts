import type { DocumentState, GroupDoc, InitiativeDoc, Version } from './documents.ts'
import { ActionId, type ControlId, DeviceId, type DocumentId, type GroupId, type Instant, MemberId } from './ids.ts'
import type { Field, FieldVersion, Lineage, Pause, Person, Prose } from './views.ts'

/** What views need besides the board: small plain rows, kept up to date by the peer, so that no view waits for a document. */

export interface MemberFacts {
  readonly id: MemberId
  /** From the latest card; empty when none was given. */
  readonly name: string
  /** Who invited; `null`: the founder. */
  readonly via: MemberId | null
  readonly since: Instant
  readonly left: boolean
  readonly moderator: boolean
  readonly paused: Pause<MemberId> | null
  /** One of more newcomers than an invitation has uses for: reads only, until somebody with a vote confirms them. */
  readonly contested: boolean
  /** Had lost every device and is in again: by a recovery sheet, or by a decision of the group. `null`: never. */
  readonly cameBack: { readonly at: Instant; readonly by: 'sheet' | 'group' } | null
  readonly devices: readonly { readonly id: DeviceId; readonly frozen: boolean }[]
}

export interface PeopleFacts {
  readonly me: MemberId
  readonly thisDevice: DeviceId
  readonly people: ReadonlyMap<MemberId, MemberFacts>
  readonly memberOf: ReadonlyMap<DeviceId, MemberId>
  /** What others are called whose words came here from another group. */
  readonly named?: (id: MemberId) => string | undefined
}

export interface InvitationFacts {
  readonly id: ControlId
  readonly by: MemberId
  readonly note: string
  readonly uses: number
  readonly used: readonly MemberId[]
  readonly expires: Instant | null
  readonly cancelled: boolean
  readonly link: string | null
}

export interface GroupFacts {
  readonly id: GroupId
  readonly document: DocumentId
  readonly name: string
  /** Two or more when the name was changed apart; else none. */
  readonly nameVersions: readonly Version[]
  readonly purpose: Prose
  readonly continues: Lineage | null
  readonly example: boolean
}

/** One initiative's document as its line in the list needs it. */
export interface DocumentFacts {
  readonly title: string
  readonly when: string
  readonly where: string
  readonly checkOn: string
  readonly actions: readonly ActionId[]
  /** Short fields with versions waiting to be settled. */
  readonly unsettled: number
}

/** The row to keep of a document whenever it changed. */
export const initiativeFacts = ({ value, versions }: DocumentState<InitiativeDoc>): DocumentFacts => ({
  title: value.title,
  when: value.when,
  where: value.where,
  checkOn: value.checkOn,
  actions: actionIds(value),
  unsettled: Object.keys(versions).length,
})

/** What the group's own document tells of the group. */
export const groupDocumentFacts = ({
  id,
  value,
  heads,
  versions,
}: DocumentState<GroupDoc>): Pick<GroupFacts, 'document' | 'name' | 'nameVersions' | 'purpose'> => ({
  document: id,
  name: value.name,
  nameVersions: versions['name'] ?? [],
  purpose: { text: value.purpose, heads },
})

/** Keys of a document are what somebody wrote there: those that are no action's are passed over. */
export const actionIds = (doc: InitiativeDoc): readonly ActionId[] =>
  Object.keys(doc.actions).flatMap((key) => ActionId.parse(key) ?? [])

/** Shown for someone whose name is not known here. */
export const NAMELESS = 'Someone'

/** Finds people's names, each once: a thread names the same few thousands of times. */
export const createPersonFinder = ({ me, people, named }: PeopleFacts): ((id: MemberId) => Person) => {
  const found = new Map<MemberId, Person>()
  return (id) => {
    let person = found.get(id)
    if (person === undefined)
      found.set(id, (person = { id, name: people.get(id)?.name || named?.(id) || NAMELESS, me: id === me }))
    return person
  }
}

/** A short field with the versions it has, if any, and who wrote them. */
export const fieldOf = (value: string, versions: readonly Version[] | undefined, people: PeopleFacts): Field => {
  const personOf = createPersonFinder(people)
  return {
    value,
    versions: (versions ?? []).map(({ value, device, at }): FieldVersion => ({
      value,
      at,
      by: personOf(people.memberOf.get(device) ?? strangerOf(device)),
    })),
  }
}

/** A device nobody is known to own is somebody all the same: named after itself. */
const strangerOf = (device: DeviceId): MemberId => MemberId.fromBytes(DeviceId.toBytes(device))
