export type Theme = 'system' | 'day' | 'night'

/** Small choices of this browser: looks, keys, the language, the group last looked at. Nothing of a group's content. */
export class Settings {
  readonly #storage: Storage | undefined
  readonly #root: HTMLElement
  #theme = $state<Theme>('system')
  #shortcuts = $state(true)

  constructor(root: HTMLElement, storage: Storage | undefined) {
    this.#root = root
    this.#storage = storage
    const theme = this.#read('theme')
    this.theme = theme === 'day' || theme === 'night' ? theme : 'system'
    this.#shortcuts = this.#read('shortcuts') !== 'off'
  }

  get theme(): Theme {
    return this.#theme
  }
  set theme(theme: Theme) {
    this.#theme = theme
    if (theme === 'system') delete this.#root.dataset.theme
    else this.#root.dataset.theme = theme
    this.#write('theme', theme)
  }

  /** Single-key shortcuts can be switched off (WCAG 2.2 SC 2.1.4). */
  get shortcuts(): boolean {
    return this.#shortcuts
  }
  set shortcuts(on: boolean) {
    this.#shortcuts = on
    this.#write('shortcuts', on ? 'on' : 'off')
  }

  /** The language chosen on this device, a BCP 47 tag; `undefined`: none, so the browser's are followed. */
  get language(): string | undefined {
    return this.#read('language')
  }
  set language(tag: string | undefined) {
    this.#write('language', tag ?? '')
  }

  /** What waits, the newest first. */
  get newestWaiting(): boolean {
    return this.#read('waiting') === 'newest'
  }
  set newestWaiting(newest: boolean) {
    this.#write('waiting', newest ? 'newest' : 'longest')
  }

  get lastGroup(): string | undefined {
    return this.#read('lastGroup')
  }
  set lastGroup(group: string | undefined) {
    this.#write('lastGroup', group ?? '')
  }

  /** Groups listed when the app was last used; tells a first visit from a return before the peer is open. */
  get groupsBefore(): number {
    return Number(this.#read('groups') ?? (this.lastGroup ? 1 : 0)) || 0
  }
  set groupsBefore(count: number) {
    this.#write('groups', String(count))
  }

  /** A choice that holds for one group. */
  of(
    group: string,
    name:
      | 'order'
      | 'needsOrder'
      | 'thingsOrder'
      | 'callsOrder'
      | 'calendarLook'
      | 'calendarFilter'
      | 'sheetLater'
      | 'cameBackSeen'
      | 'newcomerSeen',
  ): { value: string | undefined } {
    const [read, write] = [() => this.#read(`${name}.${group}`), (to = '') => this.#write(`${name}.${group}`, to)]
    return {
      get value() {
        return read()
      },
      set value(to) {
        write(to)
      },
    }
  }

  #read(name: string): string | undefined {
    return this.#storage?.getItem(`auzolan.${name}`) || undefined
  }

  #write(name: string, value: string): void {
    try {
      this.#storage?.setItem(`auzolan.${name}`, value)
    } catch {
      // A full or blocked storage only costs the choice.
    }
  }
}
