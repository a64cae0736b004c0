import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Identity, openIdentity } from '@auzolan/network/node'
import { type Secrets, StoreError } from '@auzolan/storage'
import { openFileSecrets, openLevelStore } from '@auzolan/storage/node'
import { openVerifier } from '@auzolan/trust'
import { Keeper } from '../keeper/keeper.ts'
import { groupsKey } from '../log/layout.ts'
import { systemClock, systemEntropy } from '../node.ts'
import { CliFault, exitCodes } from './say.ts'

/** This machine's folder, held by this process alone. */
export interface Home {
  readonly folder: string
  readonly identity: Identity
  readonly secrets: Secrets
}

/** Makes the folder, for this account only, where there is none. Another process that has it is named with its own exit code. */
export const openHome = async (folder: string): Promise<Home> => {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const secrets = await openFileSecrets(join(folder, 'secrets'))
    return { folder, secrets, identity: await openIdentity(secrets, systemEntropy) }
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'blocked')
      throw new CliFault(
        `${folder} is in use by another Auzolan on this machine. Stop that one, or give this one a folder of its own with --data-dir.`,
        exitCodes.inUse,
      )
    throw error
  }
}

/** How many groups this machine takes part in. */
export const countGroups = async ({ folder }: Home): Promise<number> => {
  const store = await openLevelStore(join(folder, 'store'))
  const groups = await store.range({ prefix: groupsKey })
  await store.close()
  return groups.length
}

export interface OpenKeeper {
  readonly keeper: Keeper
  close(): Promise<void>
}

/** What this machine keeps for others. */
export const openKeeper = async ({ folder }: Home): Promise<OpenKeeper> => {
  const store = await openLevelStore(join(folder, 'keeper'))
  const keeper = await Keeper.open({
    store,
    verifier: await openVerifier(),
    clock: systemClock,
    entropy: systemEntropy,
  })
  return { keeper, close: () => store.close() }
}

/** Follows a group's invitation to keep for it. */
export const keepFor = async (keeper: Keeper, invitation: string): Promise<string> => {
  const kept = await keeper.invite(invitation)
  if (kept.ok) return kept.value
  throw new CliFault(
    {
      'not an invitation':
        'this is no invitation to keep for a group. A member gets one in the app: the chip at the top right, “Ask a keeper”. It begins with k1.',
      'cut off': 'this invitation is cut off. Copy it whole.',
      'newer version': 'this invitation was made by a newer app. Update this program.',
      'too many groups': 'this machine keeps for as many groups as it can. See "auzolan keep --list".',
    }[kept.error.type],
    exitCodes.wrongUse,
  )
}
