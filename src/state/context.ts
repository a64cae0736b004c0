import { createContext } from 'svelte'
import type { GroupState } from './GroupState.svelte.ts'
import type { Session } from './Session.svelte.ts'
import type { Settings } from './Settings.svelte.ts'

export const [useSession, provideSession] = createContext<Session>()
export const [useSettings, provideSettings] = createContext<Settings>()
export const [useGroup, provideGroup] = createContext<GroupState>()
