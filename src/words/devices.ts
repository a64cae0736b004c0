import type { OwnDevice } from '@auzolan/peer'
import type { Words } from './Words.svelte.ts'

/** What a person's device is called: as they called it, or by its place. */
export const deviceName = (words: Words, { label, current }: Pick<OwnDevice, 'label' | 'current'>): string => {
  if (current) return label ? words.say('devices.named', { label }) : words.say('devices.this')
  return label || words.say('devices.first')
}
