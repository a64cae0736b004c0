import type { GroupId } from '@auzolan/core'
import Calendar from '@lucide/svelte/icons/calendar'
import HandHelping from '@lucide/svelte/icons/hand-helping'
import MessagesSquare from '@lucide/svelte/icons/messages-square'
import PenLine from '@lucide/svelte/icons/pen-line'
import Sun from '@lucide/svelte/icons/sun'
import Users from '@lucide/svelte/icons/users'
import Wrench from '@lucide/svelte/icons/wrench'
import { to } from '../../routes.ts'
import type { GroupState } from '../../state/GroupState.svelte.ts'
import type { Key } from '../../words/Words.svelte.ts'

/** The places of a group, as dock and side navigation show them. */
export const places = (group: GroupId) =>
  [
    { key: 'today' satisfies Key, href: to.group(group), icon: Sun },
    { key: 'talk' satisfies Key, href: to.talk(group), icon: MessagesSquare },
    { key: 'needs' satisfies Key, href: to.needs(group), icon: HandHelping },
    { key: 'people' satisfies Key, href: to.people(group), icon: Users },
  ] as const

/** Where one goes less often: beside the places on a computer, in the group's menu on a phone. */
export const furtherPlaces = (group: GroupId) =>
  [
    { key: 'calendar' satisfies Key, href: to.calendar(group), icon: Calendar },
    { key: 'calls' satisfies Key, href: to.calls(group), icon: PenLine },
    { key: 'things' satisfies Key, href: to.things(group), icon: Wrench },
  ] as const

/** Whether `href` is the page shown, for `aria-current`. */
export const current = (href: string, pathname: string): 'page' | undefined =>
  href === `#${pathname}` ? 'page' : undefined

/** Messages of the group's own talk that this device has not read. */
export const unreadIn = ({ home, unread }: GroupState): number =>
  unread.current?.find(({ thread }) => thread === home.current?.document)?.messages ?? 0
