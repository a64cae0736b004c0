import type { Subject } from './subject.ts'

const files = import.meta.glob<{ subject: Subject }>('./subjects/*.ts')

/** Name of our own subject, which the table compares with everyone else's. */
export const ours = 'Auzolan'

/** A subject and the name of its file, by which other processes and pages load it, and nothing of the others. */
export interface Entrant extends Subject {
  readonly file: string
}

export const loadSubject = async (file: string): Promise<Entrant> => {
  const load = files[`./subjects/${file}.ts`]
  if (!load) throw new Error(`there is no subjects/${file}.ts`)
  return { ...(await load()).subject, file }
}

/** Every file in `subjects/`, ours first. */
export const loadSubjects = async (): Promise<readonly Entrant[]> => {
  const all = await Promise.all(Object.keys(files).map((path) => loadSubject(path.replace(/^.*\/|\.ts$/g, ''))))
  return all.sort(
    (one, other) => Number(other.name === ours) - Number(one.name === ours) || one.name.localeCompare(other.name),
  )
}
