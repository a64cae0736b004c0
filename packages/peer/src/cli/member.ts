import type { GroupId, GroupRow } from '@auzolan/core'
import { openNodePeer } from '../node.ts'
import { addressOfLink } from '../origin-address.ts'
import type { Answer, Peer, Query } from '../peer.ts'
import { type Home, openHome } from './home.ts'
import { answer, CliFault, exitCodes, say } from './say.ts'

export interface Options {
  readonly dataDir: string
  readonly json?: boolean
}

/** Opens this machine's peer for one command, and closes it whatever happens. */
export const withPeer = async (
  { dataDir, host = '127.0.0.1' }: { readonly dataDir: string; readonly host?: string },
  act: (peer: Peer, home: Home) => Promise<void>,
): Promise<void> => {
  const home = await openHome(dataDir)
  const { peer } = await openNodePeer({ folder: dataDir, listen: { host, tcpPort: 0 } })
  try {
    await act(peer, home)
  } finally {
    await peer.close()
    await home.secrets.close()
  }
}

const until = <Q extends Query>(peer: Peer, query: Q, enough: (answer: Answer<Q>) => boolean): Promise<Answer<Q>> =>
  new Promise((resolve) => {
    const stop = peer.watch(query, (told) => {
      if (!enough(told)) return
      queueMicrotask(() => stop())
      resolve(told)
    })
  })

/** What is known now. */
export const firstAnswer = <Q extends Query>(peer: Peer, query: Q): Promise<Answer<Q>> => until(peer, query, () => true)

const groupsOf = (peer: Peer): Promise<readonly GroupRow[]> => firstAnswer(peer, { view: 'groups' })

/** The group of this id or name; without one, the only one there is. */
export const groupNamed = async (peer: Peer, wanted: string | undefined): Promise<GroupRow> => {
  const groups = await groupsOf(peer)
  const found =
    wanted === undefined ? groups : groups.filter(({ id, name }) => id.startsWith(wanted) || name === wanted)
  const [group] = found
  if (group && found.length === 1) return group
  throw new CliFault(
    groups.length === 0
      ? 'this machine takes part in no group. Join one: auzolan join LINK.'
      : 'say which group: its name, or the first letters of its id. See "auzolan status".',
    exitCodes.wrongUse,
  )
}

/** Makes this machine's key, so that others can be told of it before it runs. */
export const init = async ({ dataDir, json = false }: Options): Promise<void> => {
  const { identity, secrets } = await openHome(dataDir)
  answer(json ? JSON.stringify({ dataDir, peer: identity.peer }) : identity.peer)
  say(`Everything of this machine lies in ${dataDir}. Next: auzolan run, or auzolan join LINK.`)
  await secrets.close()
}

export const status = ({ dataDir, json = false }: Options): Promise<void> =>
  withPeer({ dataDir }, async (peer) => {
    const groups = await groupsOf(peer)
    const rows = await Promise.all(
      groups.map(async ({ id, name, standing, members }) => {
        const known = standing === 'member'
        const { onlyHere, copies } = known
          ? await firstAnswer(peer, { view: 'status', group: id })
          : { onlyHere: 0, copies: [] }
        return {
          id,
          name,
          standing,
          members,
          onlyHere,
          heldBy: copies.filter(({ behind, asOf }) => behind === 0 && asOf !== null).length,
        }
      }),
    )
    if (json) return answer(JSON.stringify({ groups: rows }))
    for (const { id, name, standing, members, onlyHere, heldBy } of rows)
      answer(
        `${id.slice(0, SHORT)}\t${name}\t${standing}\t${members} members\t${onlyHere} only here\t${heldBy} other devices have everything`,
      )
    if (rows.length === 0) say('This machine takes part in no group.')
  })

export const invite = (
  wanted: string | undefined,
  { dataDir, json = false, uses }: Options & { readonly uses: number },
): Promise<void> =>
  withPeer({ dataDir }, async (peer) => {
    const group = await groupNamed(peer, wanted)
    const made = await peer.invite(group.id, { uses })
    if (!made.ok) throw new CliFault(`no invitation: ${made.error.type}.`)
    answer(json ? JSON.stringify({ group: group.id, link: made.value.link }) : made.value.link)
    say('Whoever has this can ask to come in while somebody of the group is there to let them.')
  })

export const join = (
  link: string,
  { dataDir, json = false, name, wait }: Options & { readonly name: string; readonly wait: number },
): Promise<void> =>
  withPeer({ dataDir, host: '0.0.0.0' }, async (peer) => {
    // Whoever gave the link may be found at the machine it leads to: pages that came from there are.
    const address = addressOfLink(link)
    if (address) await peer.addHelper(address)
    const joined = await peer.join(link, { name })
    if (!joined.ok) throw new CliFault(`not joined: ${joined.error.type}.`)
    const group: GroupId = joined.value
    answer(json ? JSON.stringify({ group }) : group)
    say('Asking to be let in …')
    const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), wait * 1000).unref())
    const over = until(peer, { view: 'join', group }, ({ step }) => step === 'done' || step === 'refused')
    const step = await Promise.race([over, late])
    if (step?.step === 'done') say('In. "auzolan run" keeps this machine in the group.')
    else if (step?.step === 'refused') throw new CliFault(`the group said no: ${step.why}.`)
    else say('Nobody of the group was met yet. The request is kept: "auzolan run" goes on asking.')
  })

const SHORT = 8
