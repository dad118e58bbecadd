import type { Json } from '../json.ts'
import { LIMITS } from '../limits.ts'
import { jsonBytes } from '../room/measure.ts'
import { RuleError } from '../rules.ts'
import type { DeckFacts } from './commands.ts'
import { isScoring } from './conductor/grader.ts'
import { limitReached, type Scene } from './decision.ts'
import type { QuizPayload } from './settings.ts'

/** A message says something and stays within its limits. */
export function messageFault({ text, proposal }: { text: string; proposal: Json }): RuleError | null {
  if (text.trim() === '') return new RuleError('bad-request', { issues: { text: ['is blank'] } })
  if (text.length > LIMITS.quiz.messageChars) return limitReached('messageChars')
  return jsonBytes(proposal) > LIMITS.quiz.proposalBytes ? limitReached('proposalBytes') : null
}

/** Who a group room is requested with: friends of the actor, nobody twice. */
export function othersFault(others: readonly string[], friends: readonly string[], { actor }: Scene): RuleError | null {
  if (others.includes(actor.user) || new Set(others).size < others.length) return new RuleError('bad-request')
  if (others.length >= LIMITS.quiz.groupOccupants) return limitReached('groupOccupants')
  return others.every((user) => friends.includes(user)) ? null : new RuleError('not-friend')
}

/** Whether a quizconductor as specified is legal (seed 4): the actor may play the deck, it has cards, the scoring rule exists. */
export function payloadFault(payload: QuizPayload, { deck }: DeckFacts): RuleError | null {
  if (deck === null || deck.id !== payload.deck || !deck.playable) return new RuleError('deck-unplayable')
  return scoringFault(payload)
}

export const scoringFault = ({ scoring }: QuizPayload): RuleError | null =>
  isScoring(scoring) ? null : new RuleError('bad-request', { issues: { scoring: ['is no scoring rule'] } })
