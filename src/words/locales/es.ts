import type { Texts } from '../translations.ts'
import first from './es/first.json'

export { first }
export const places = import.meta.glob<Texts>(['./es/*.json', '!./es/first.json'], { import: 'default' })
