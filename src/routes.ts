import type { DocumentId, GroupId, StatementId } from '@auzolan/core'
import { tick } from 'svelte'
import { createRouter } from 'sv-router'
import NotFound from './views/NotFound.svelte'
import Welcome from './views/welcome/Welcome.svelte'
import { withTexts } from './words/translations.ts'

/** The router moves no focus and says nothing: the new heading gets both, unless the view begins with a field to type in. */
const arrive = async (): Promise<void> => {
  await tick()
  const heading = document.querySelector<HTMLElement>('main h1')
  const field = document.querySelector<HTMLElement>('main [autofocus]')
  ;(field ?? heading)?.focus({ preventScroll: true })
  const announcer = document.querySelector('#announcer')
  if (announcer && heading) announcer.textContent = heading.textContent
}

const router = createRouter({
  '/': Welcome,
  '/new': () => withTexts(() => import('./views/welcome/NewGroup.svelte')),
  '/join': () => withTexts(() => import('./views/join/EnterInvitation.svelte')),
  '/join/:link': () => withTexts(() => import('./views/join/Join.svelte')),
  '/recover': () => withTexts(() => import('./views/recover/GetBackIn.svelte')),
  '/recover/:link': () => withTexts(() => import('./views/recover/UseSheet.svelte')),
  '/near': () => withTexts(() => import('./views/near/Near.svelte')),
  '/near/:group': () => withTexts(() => import('./views/near/Near.svelte')),
  '/device/:link': () => withTexts(() => import('./views/device/UseLink.svelte')),
  '/backup': () => withTexts(() => import('./views/backup/Backup.svelte')),
  '/proof': () => withTexts(() => import('./views/proof/CheckProof.svelte')),
  '/g/:group': {
    layout: () => withTexts(() => import('./views/group/GroupLayout.svelte')),
    '/': () => withTexts(() => import('./views/today/Today.svelte')),
    '/start': () => withTexts(() => import('./views/initiative/Start.svelte')),
    '/i/:initiative': () => withTexts(() => import('./views/initiative/InitiativePage.svelte')),
    '/i/:initiative/:message': () => withTexts(() => import('./views/initiative/InitiativePage.svelte')),
    '/talk': () => withTexts(() => import('./views/talk/Talk.svelte')),
    '/talk/:message': () => withTexts(() => import('./views/talk/Talk.svelte')),
    '/needs': () => withTexts(() => import('./views/needs/Needs.svelte')),
    '/calendar': () => withTexts(() => import('./views/calendar/CalendarPage.svelte')),
    '/calls': () => withTexts(() => import('./views/calls/Calls.svelte')),
    '/calls/:call': () => withTexts(() => import('./views/calls/CallPage.svelte')),
    '/things': () => withTexts(() => import('./views/things/Things.svelte')),
    '/things/:thing': () => withTexts(() => import('./views/things/ThingPage.svelte')),
    '/people': () => withTexts(() => import('./views/people/People.svelte')),
    '/network': () => withTexts(() => import('./views/group/Network.svelte')),
    '/copy': () => withTexts(() => import('./views/group/MakeCopy.svelte')),
    '/family': () => withTexts(() => import('./views/lineage/Family.svelte')),
    '/past': () => withTexts(() => import('./views/lineage/Past.svelte')),
    '/news/:from': () => withTexts(() => import('./views/lineage/News.svelte')),
    '/difference/:from': () => withTexts(() => import('./views/lineage/Difference.svelte')),
    '/offer/:to': () => withTexts(() => import('./views/lineage/MakeOffer.svelte')),
    '/offered/:offer': () => withTexts(() => import('./views/lineage/Offered.svelte')),
  },
  '*': NotFound,
  hooks: { afterLoad: arrive },
})

/** The address shown, as the routes name its parts. */
export const route = router.route

/** Addresses to link to, relative to wherever the app is served from. */
export const to = {
  start: '#/',
  newGroup: '#/new',
  join: '#/join',
  invitation: (link: string): string => `#/join/${link}`,
  recover: '#/recover',
  sheet: (link: string): string => `#/recover/${link}`,
  near: (group?: GroupId): string => (group ? `#/near/${group}` : '#/near'),
  device: (link: string): string => `#/device/${link}`,
  proof: '#/proof',
  backup: '#/backup',
  group: (group: GroupId): string => `#/g/${group}`,
  talk: (group: GroupId): string => `#/g/${group}/talk`,
  /** A message where it was said; `within`: an initiative, or the group's talk. */
  message: (group: GroupId, within: DocumentId | null, message: StatementId): string =>
    `${within ? to.initiative(group, within) : to.talk(group)}/${message}`,
  needs: (group: GroupId): string => `#/g/${group}/needs`,
  calendar: (group: GroupId): string => `#/g/${group}/calendar`,
  calls: (group: GroupId): string => `#/g/${group}/calls`,
  call: (group: GroupId, call: StatementId): string => `#/g/${group}/calls/${call}`,
  things: (group: GroupId): string => `#/g/${group}/things`,
  thing: (group: GroupId, thing: StatementId): string => `#/g/${group}/things/${thing}`,
  people: (group: GroupId): string => `#/g/${group}/people`,
  startInitiative: (group: GroupId): string => `#/g/${group}/start`,
  network: (group: GroupId): string => `#/g/${group}/network`,
  copy: (group: GroupId): string => `#/g/${group}/copy`,
  family: (group: GroupId): string => `#/g/${group}/family`,
  past: (group: GroupId): string => `#/g/${group}/past`,
  news: (group: GroupId, from: GroupId): string => `#/g/${group}/news/${from}`,
  difference: (group: GroupId, from: GroupId): string => `#/g/${group}/difference/${from}`,
  makeOffer: (group: GroupId, other: GroupId): string => `#/g/${group}/offer/${other}`,
  offered: (group: GroupId, offer: StatementId): string => `#/g/${group}/offered/${offer}`,
  initiative: (group: GroupId, initiative: DocumentId): string => `#/g/${group}/i/${initiative}`,
}

/** Goes to one of the addresses of `to`. */
export const go = (address: string): void => {
  location.hash = address
}
