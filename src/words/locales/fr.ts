import type { Texts } from '../translations.ts'
import first from './fr/first.json'

export { first }
export const places = import.meta.glob<Texts>(['./fr/*.json', '!./fr/first.json'], { import: 'default' })
