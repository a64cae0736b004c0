import type { Texts } from '../translations.ts'
import first from './eu/first.json'

export { first }
export const places = import.meta.glob<Texts>(['./eu/*.json', '!./eu/first.json'], { import: 'default' })
