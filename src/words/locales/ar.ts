import type { Texts } from '../translations.ts'
import first from './ar/first.json'

export { first }
export const places = import.meta.glob<Texts>(['./ar/*.json', '!./ar/first.json'], { import: 'default' })
