import { keepFor, openHome, openKeeper } from './home.ts'
import { answer, CliFault, exitCodes, say } from './say.ts'

export interface KeepOptions {
  readonly dataDir: string
  readonly json?: boolean
  readonly forget?: string
}

/** Changes or lists what this machine keeps for others; `run` then does it. */
export const keep = async (
  invitation: string | undefined,
  { dataDir, json = false, forget }: KeepOptions,
): Promise<void> => {
  const home = await openHome(dataDir)
  const kept = await openKeeper(home)
  const { keeper } = kept
  try {
    if (forget !== undefined && !(await keeper.forget(forget)))
      throw new CliFault(`nothing is kept under the name ${forget}. See "auzolan keep".`, exitCodes.wrongUse)
    if (invitation !== undefined) await keepFor(keeper, invitation)
    const { shelves } = keeper
    if (json) answer(JSON.stringify(shelves))
    else
      for (const { name, packs, bytes, since } of shelves)
        answer([name, packs, bytes, since === undefined ? '-' : new Date(since).toISOString()].join('\t'))
    if (shelves.length === 0) say('Nothing is kept for anybody.')
    else if (!json) say('Name, packs, bytes, and when the oldest came. "auzolan run" hands them to members.')
  } finally {
    await kept.close()
    await home.secrets.close()
  }
}
