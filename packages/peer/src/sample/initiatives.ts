import { monthlySessions, outsideSessions, projectTexts } from './initiative-texts.ts'
import type { Language } from './people.ts'

export interface InitiativeText {
  readonly language: Language
  readonly title: string
  readonly when: string
  readonly where: string
  readonly why: string
  readonly plan: readonly string[]
  /** Title and places; none for sessions, which have shifts. */
  readonly actions: readonly (readonly [string, number])[]
}

const initiativesIn = (text: string): readonly InitiativeText[] =>
  text
    .trim()
    .split(/\n\n+/)
    .map((block) => {
      const [head = '', why = '', ...lines] = block.split('\n')
      const [language, title = '', when = '', where = ''] = head.split('·').map((part) => part.trim())
      return {
        language: language as Language,
        title,
        when,
        where,
        why,
        plan: lines.filter((line) => line.startsWith('- ')).map((line) => line.slice(2)),
        actions: lines.flatMap((line) => {
          const [, places, action] = /^(\d+) (.+)$/.exec(line) ?? []
          return action === undefined ? [] : [[action, Number(places)] as const]
        }),
      }
    })

export const monthly = initiativesIn(monthlySessions)
export const outside = initiativesIn(outsideSessions)
export const projects = initiativesIn(projectTexts)
