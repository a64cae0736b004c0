import { type Found, type FoundKind, foundKinds, type GroupRow, plainWords } from '@auzolan/core'
import { go, to } from '../../routes.ts'
import type { GroupState } from '../../state/GroupState.svelte.ts'
import type { Key } from '../../words/Words.svelte.ts'
import { furtherPlaces, places } from '../group/places.ts'

/** One line that can be chosen. */
export interface Choice {
  readonly key: string
  readonly title: string
  /** The words around what was found. */
  readonly text: string
  /** Where it is, when that is another group. */
  readonly group: string
  readonly choose: () => void
}
export interface Section {
  readonly title: Key
  readonly choices: readonly Choice[]
}

/** What can be done and gone to from here, of which the words begin like what was typed. */
export const commands = (group: GroupState, groups: readonly GroupRow[], typed: string): readonly Section[] => {
  const { words } = group.session
  const wanted = plainWords(typed).split(/\s+/).filter(Boolean)
  const fits = ({ title }: Choice) => {
    const own = plainWords(title).split(/\s+/)
    return wanted.every((word) => own.some((each) => each.startsWith(word)))
  }
  const line = (key: string, title: string, choose: () => void): Choice => ({ key, title, text: '', group: '', choose })
  const sheet = (is: 'invite' | 'status' | 'help' | 'devices' | 'rules', title: Key) =>
    line(is, words.say(title), () => (group.sheet = { is }))
  const address = (key: string, title: string, href: string) => line(key, title, () => go(href))
  const document = group.home.current?.document
  const doing: readonly Choice[] = [
    address('start', words.say('start.title'), to.startInitiative(group.id)),
    ...(document
      ? [line('listing', words.say('needs.add'), () => (group.sheet = { is: 'listing', place: document }))]
      : []),
    line('thing', words.say('things.do'), () => (group.sheet = { is: 'thing' })),
    line('call', words.say('calls.do'), () => (group.sheet = { is: 'call' })),
    sheet('invite', 'invite.title'),
    sheet('status', 'find.where'),
    sheet('devices', 'devices.title'),
    sheet('rules', 'rules.title'),
    sheet('help', 'help.title'),
  ]
  const going: readonly Choice[] = [
    ...[...places(group.id), ...furtherPlaces(group.id)].map(({ key, href }) => address(key, words.say(key), href)),
    address('network', words.say('find.connections'), to.network(group.id)),
    address('backup', words.say('find.backup'), to.backup),
  ]
  const others = groups.filter(({ id }) => id !== group.id).map(({ id, name }) => address(id, name, to.group(id)))
  const sections: readonly Section[] = [
    { title: 'find.do', choices: doing.filter(fits) },
    { title: 'find.goTo', choices: going.filter(fits) },
    { title: 'find.groups', choices: others.filter(fits) },
  ]
  return sections.filter(({ choices }) => choices.length > 0)
}

/** What was found, kind by kind. */
export const foundSections = (group: GroupState, found: readonly Found[]): readonly Section[] =>
  foundKinds
    .map((kind): Section => ({
      title: `find.${kind}` satisfies `find.${FoundKind}`,
      choices: found
        .filter((each) => each.kind === kind)
        .map((each) => ({
          key: `${each.group} ${each.kind} ${each.id}`,
          title: each.title,
          text: each.text,
          group: each.group === group.id ? '' : each.groupName,
          choose: () => open(group, each),
        })),
    }))
    .filter(({ choices }) => choices.length > 0)

const open = (here: GroupState, { kind, id, group, place }: Found): void => {
  const person = kind === 'person' && group === here.id && here.people.current?.people.find((each) => each.id === id)
  if (person) here.sheet = { is: 'person', person }
  else go(addressOf({ kind, id, group, place }))
}

const addressOf = ({ kind, id, group, place }: Pick<Found, 'kind' | 'id' | 'group' | 'place'>): string => {
  if (kind === 'message') return to.message(group, place, id as never)
  if (kind === 'call') return to.call(group, id as never)
  if (kind === 'thing') return to.thing(group, id as never)
  if (kind === 'person') return to.people(group)
  return place ? to.initiative(group, place) : to.needs(group)
}
