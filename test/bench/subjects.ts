import type { Subject } from './subject.ts'

const files = import.meta.glob<{ subject: Subject }>('./subjects/*.ts', { eager: true })

/** Name of our own subject, which the table compares with everyone else's. */
export const ours = 'Auzolan'

/** Every file in `subjects/`, ours first. */
export const subjects: readonly Subject[] = Object.values(files)
  .map(({ subject }) => subject)
  .sort((one, other) => Number(other.name === ours) - Number(one.name === ours) || one.name.localeCompare(other.name))

export const subjectNamed = (name: string): Subject => {
  const found = subjects.find((subject) => subject.name === name)
  if (!found) throw new Error(`no subject is named ${name}`)
  return found
}
