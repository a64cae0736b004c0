import { checkName, err, ok, type Result, type TextFault } from '@auzolan/core'
import type { Refusal } from '../peer.ts'

/** A checked text, or the refusal that names its field. */
export const lineOf = (field: string, checked: Result<string, TextFault>): Result<string, Refusal> => {
  if (checked.ok) return checked
  const { error } = checked
  return err(error.type === 'empty' ? { type: 'empty', field } : { type: 'too long', field, limit: error.limit })
}

/** A group's or an initiative's name: as short as a person's, and never empty. */
export const groupNameOf = (name: string): Result<string, Refusal> => {
  const checked = lineOf('name', checkName(name))
  return checked.ok && checked.value === '' ? err({ type: 'empty', field: 'name' }) : checked
}

/** Text that has no field of its own check: within its limit, or refused by name. */
export const within = (field: string, text: string, limit: number): Result<string, Refusal> =>
  text.length > limit ? err({ type: 'too long', field, limit }) : ok(text)
