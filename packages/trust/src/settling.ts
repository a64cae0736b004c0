import { settingOf, type Action } from './actions.ts'
import { covers } from './control-graph.ts'
import type { Enacted } from './decisions.ts'
import type { ProposalFacts } from './fact-shapes.ts'
import { getOr } from './maps.ts'

/** A proposal that was enacted, once or in several places apart. */
export interface Decision {
  readonly proposal: ProposalFacts
  readonly action: Action
  readonly enacts: readonly Enacted[]
  /** Most yes votes of electors that one of them counted. */
  readonly yes: number
}

/** Of enactments that stand, those that hold; what is in force is kept by setting: of those that know of no later one, the one with most yes votes. */
export const settle = (enacted: readonly Enacted[], inForce: Map<string, Decision>): readonly Decision[] => {
  const bySetting = new Map<string, Map<ProposalFacts, Enacted[]>>()
  for (const one of enacted) {
    const proposals = getOr(
      bySetting,
      settingOf(one.proposal.control.action),
      () => new Map<ProposalFacts, Enacted[]>(),
    )
    getOr(proposals, one.proposal, () => []).push(one)
  }
  const holding: Decision[] = []
  for (const [setting, proposals] of bySetting) {
    const decisions = [...proposals].map(([proposal, enacts]) => decisionOf(proposal, enacts))
    const newest = decisions.filter((one) => !decisions.some((other) => isSuperseded(one, other)))
    const [winner, ...lost] = newest.sort(
      (left, right) => right.yes - left.yes || (left.proposal.node.id < right.proposal.node.id ? -1 : 1),
    )
    if (winner) inForce.set(setting, winner)
    holding.push(...decisions.filter((decision) => !lost.includes(decision)))
  }
  return holding
}

const decisionOf = (proposal: ProposalFacts, enacts: readonly Enacted[]): Decision => ({
  proposal,
  action: proposal.control.action,
  enacts,
  yes: Math.max(...enacts.map(({ yes }) => yes)),
})

/** Whether `other` was decided by people who knew of `one`, and not the other way round. */
const isSuperseded = (one: Decision, other: Decision): boolean => knows(other, one) && !knows(one, other)

const knows = (later: Decision, earlier: Decision): boolean =>
  later !== earlier &&
  later.enacts.some(({ node }) => earlier.enacts.some((before) => covers(node.parents, before.node)))
