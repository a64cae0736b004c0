import type { AdmissionView, AnswerGiven, DecisionView, Person, ProposedAction, RuleView } from '@auzolan/core'
import { inSentence } from './people.ts'
import type { Words } from './Words.svelte.ts'

/** What the group is asked, as one sentence. */
export const decisionText = (words: Words, action: ProposedAction): string => {
  switch (action.is) {
    case 'remove':
      return words.say('decision.remove', { name: inSentence(words, action.person) })
    case 'votes':
      return votesText(words, action)
    case 'rename':
      return words.say('decision.rename', { name: action.name })
    case 'rule':
      return words.say('decision.rule', {
        thing: words.say(`thing.${action.thing}`),
        rule: ruleText(words, action.rule),
      })
    case 'admission':
      return words.say('decision.admission', { rule: admissionText(words, action.admission) })
    case 'admit':
      return words.say('decision.admit', { name: action.name })
    case 'readmit':
      return words.say(`decision.readmit.${action.from}`, { name: inSentence(words, action.person) })
    case 'moderator':
      return words.say(action.on ? 'decision.moderator' : 'decision.noModerator', {
        name: inSentence(words, action.person),
      })
    case 'rebind':
      return words.say('decision.rebind', { name: inSentence(words, action.person) })
    case 'other':
      return words.say('decision.other')
  }
}

/** What it takes. */
export const ruleText = (words: Words, rule: RuleView): string => {
  switch (rule.kind) {
    case 'unanimous':
      return words.say('rule.all')
    case 'threshold': {
      const known = shares.find(({ num, den }) => num * rule.den === den * rule.num)
      return known ? words.say(known.key) : words.say('rule.share', { num: rule.num, den: rule.den })
    }
    case 'majority':
      return words.say('rule.majority', { share: percent(words, rule) })
    case 'consent':
      return words.say('rule.consent', { share: percent(words, rule), objections: rule.objections })
    case 'advice':
      return words.say(rule.from ? `rule.advice.${rule.from}` : 'rule.advice', { least: rule.least })
    case 'sortition': {
      const inner = ruleText(words, rule.inner)
      return words.say('rule.sortition', {
        size: rule.size,
        inner: inner.charAt(0).toLocaleLowerCase(words.language) + inner.slice(1),
      })
    }
  }
}

/** "50%". */
export const percent = (words: Words, { num, den }: { readonly num: number; readonly den: number }): string =>
  new Intl.NumberFormat(words.forms, { style: 'percent' }).format(num / den)

const shares = [
  { num: 0, den: 1, key: 'rule.one' },
  { num: 1, den: 2, key: 'rule.half' },
  { num: 2, den: 3, key: 'rule.twoThirds' },
  { num: 3, den: 4, key: 'rule.threeQuarters' },
] as const

/** Yes votes it takes of so many people; `undefined`: not a matter of counting. */
export const neededOf = (rule: RuleView, of: number): number | undefined => {
  if (rule.kind === 'unanimous') return of
  return rule.kind === 'threshold' ? Math.floor((rule.num * of) / rule.den) + 1 : undefined
}

/** What a newcomer needs. */
export const admissionText = (words: Words, admission: AdmissionView): string =>
  admission.kind === 'sponsors'
    ? words.say('admission.sponsors', { count: admission.count })
    : words.say(`admission.${admission.kind}`)

const votesText = (words: Words, { gives, takes }: Extract<ProposedAction, { is: 'votes' }>): string => {
  const [giveNames, takeNames] = [namesOf(words, gives), namesOf(words, takes)]
  if (gives.length > 0 && takes.length > 0)
    return words.say('decision.givesAndTakes', { gives: giveNames, takes: takeNames })
  if (gives.length > 0) return words.say('decision.gives', { names: giveNames })
  return takes.length > 0 ? words.say('decision.takes', { names: takeNames }) : words.say('decision.sameVotes')
}

/** "1 of 2 yes votes needed · 1 no". */
export const progressText = (words: Words, { rule, yes, no, objections, of, needed, phase }: DecisionView): string => {
  if (rule.kind === 'advice') return words.say('decision.heardOf', { yes, no, of })
  const parts = [
    phase === 'open' && needed !== null
      ? words.say('decision.needed', { yes, needed })
      : words.say('decision.counts', { yes, of }),
    ...(no > 0 ? [words.say('decision.no', { no })] : []),
    ...(objections > 0 ? [words.say('decision.objections', { objections })] : []),
  ]
  return parts.join(' · ')
}

/** What a state means, for whoever meets it for the first time. Nothing while it is open. */
export const meaningText = (words: Words, { phase, why }: DecisionView): string | undefined => {
  if (phase === 'decided' || phase === 'confirmed' || phase === 'closing') return words.say(`decision.${phase}`)
  return why ? words.say(`decision.why.${why}`) : undefined
}

/** What may be answered. Of what the group consents to, either way is not the question. */
export const answerText = (words: Words, { rule }: DecisionView, answer: AnswerGiven): string => {
  const inner = rule.kind === 'sortition' ? rule.inner : rule
  if (answer === 'abstain') return words.say(inner.kind === 'consent' ? 'decision.abstain.consent' : 'decision.abstain')
  return words.say(answer === 'no' ? 'decision.noDo' : `decision.${answer}`)
}

/** "Ane, Beñat and you". */
export const namesOf = (words: Words, people: readonly Person[]): string =>
  new Intl.ListFormat(words.forms).format(people.map((person) => inSentence(words, person)))
