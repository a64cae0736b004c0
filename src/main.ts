import { mount } from 'svelte'
import App from './App.svelte'
import { missingFeatures } from './state/features.ts'
import { Notices } from './state/Notices.svelte.ts'
import { openPeer } from './state/openPeer.ts'
import { Session } from './state/Session.svelte.ts'
import { Settings } from './state/Settings.svelte.ts'
import { Words } from './words/Words.svelte.ts'

const readStorage = (): Storage | undefined => {
  try {
    return localStorage
  } catch {
    return undefined
  }
}

const settings = new Settings(document.documentElement, readStorage())
const words = new Words()
const session = new Session(words, new Notices())
const missing = missingFeatures(globalThis)
const start = () => void session.start(openPeer)

// Opening the app, as opposed to a link into it, goes back to the group last looked at.
const atStart = location.hash === '' || location.hash === '#/'
if (atStart && settings.lastGroup) history.replaceState(null, '', `#/g/${settings.lastGroup}`)
// Who comes back to a group waits for what is in it; who comes first gets the first picture before the engine is fetched.
const comesBack = location.hash.startsWith('#/g/')
if (comesBack && missing.length === 0) start()

await words.choose(settings.language ? [settings.language] : navigator.languages)
const target = document.querySelector('#app')
if (!target) throw new Error('index.html has no #app')
mount(App, { target, props: { session, settings, missing, start } })
if (!comesBack && missing.length === 0) requestAnimationFrame(() => setTimeout(start))
