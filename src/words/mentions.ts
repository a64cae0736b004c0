import type { MemberId, Person } from '@auzolan/core'

/** Part of a message: plain words, or somebody called by name. */
export interface Piece {
  readonly text: string
  readonly person?: Person
}

/** Names of people who can be called; whoever gave none cannot. */
export const callable = <P extends Person & { readonly left: boolean }>(people: readonly P[]): readonly P[] =>
  people.filter(({ name, left, me }) => name !== '' && !left && !me)

/** What stands between an `@` and the caret; `undefined`: nobody is being called there. */
export const callAt = (text: string, caret: number): string | undefined =>
  /(?:^|\s)@([^\s@][^@\n]{0,39})?$/u.exec(text.slice(0, caret))?.[0].trimStart().slice(1)

/** People whose name, or a word of it, begins so; at most as many as a small phone shows above its keyboard. */
export const matching = <P extends Person>(people: readonly P[], call: string, language: string): readonly P[] => {
  const wanted = call.toLocaleLowerCase(language)
  return people
    .filter(({ name }) => {
      const known = name.toLocaleLowerCase(language)
      return known.startsWith(wanted) || known.split(/\s+/).some((word) => word.startsWith(wanted))
    })
    .slice(0, SHOWN)
}
const SHOWN = 5

/** Puts the name where somebody was being called. */
export const withName = (
  text: string,
  caret: number,
  name: string,
): { readonly text: string; readonly caret: number } => {
  const call = callAt(text, caret) ?? ''
  const before = `${text.slice(0, caret - call.length - 1)}@${name} `
  return { text: before + text.slice(caret).trimStart(), caret: before.length }
}

/** Who is called in a text: whoever was chosen and still stands there, and whoever else alone bears a name that does. */
export const calledIn = (
  text: string,
  people: readonly Person[],
  chosen: ReadonlySet<MemberId>,
): readonly MemberId[] => {
  const standing = people.filter(({ name }) => text.includes(`@${name}`))
  return standing
    .filter(
      ({ id, name }) =>
        chosen.has(id) ||
        standing.every((other) => other.id === id || (other.name !== name && !other.name.startsWith(name))),
    )
    .map(({ id }) => id)
}

/** The text cut up around the people it calls, longest name first. */
export const pieces = (text: string, called: readonly Person[]): readonly Piece[] => {
  const [person, ...others] = [...called].sort((left, right) => right.name.length - left.name.length)
  if (!person) return text === '' ? [] : [{ text }]
  return text.split(`@${person.name}`).flatMap((part, at) => {
    const rest = pieces(part, others)
    return at === 0 ? rest : [{ text: `@${person.name}`, person }, ...rest]
  })
}
