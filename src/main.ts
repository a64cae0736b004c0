import { mount } from 'svelte'
import App from './App.svelte'
import { Notices } from './state/Notices.svelte.ts'
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
await words.choose(navigator.languages)

// Opening the app, as opposed to a link into it, goes back to the group last looked at.
const atStart = location.hash === '' || location.hash === '#/'
if (atStart && settings.lastGroup) history.replaceState(null, '', `#/g/${settings.lastGroup}`)

const session = new Session(words, new Notices())
const target = document.querySelector('#app')
if (!target) throw new Error('index.html has no #app')
mount(App, { target, props: { session, settings } })
