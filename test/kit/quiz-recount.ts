import type { Card } from '../../shared/deck/cards.ts'
import type { Answer } from '../../shared/deck/answers.ts'
import { grade } from '../../shared/deck/grade.ts'
import { score, type ScoringRuleName, scoringRuleSchema } from '../../shared/deck/scoring.ts'
import type { QuizEvent } from '../../shared/quiz/events.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import { entriesOf } from '../../shared/quiz/table.ts'

interface Asked {
  card: Card
  openedAt: number
  limitMs: number
  accepted: string[]
  isRevealed: boolean
  answers: Map<string, { value: Answer; ms: number; late: boolean }>
}

/**
 * Counts every round again, from the cards and the answers in the log and from nothing else (no mark, no state of a player), and
 * compares with what the players were told: bit for bit.
 */
export function scoreFaults(lines: readonly { event: QuizEvent; state: QuizState; seq: number }[]): string[] {
  let asked: Asked[] = []
  return lines.flatMap(({ event, state, seq }) => {
    asked = next(asked, event)
    const isTold =
      event.type === 'question.revealed' || event.type === 'answer.accepted' || event.type === 'round.ended'
    return isTold ? differences(asked, state).map((words) => `${words} at ${seq}`) : []
  })
}

function next(asked: Asked[], event: QuizEvent): Asked[] {
  if (event.type === 'round.started') return []
  if (event.type === 'question.opened') {
    const { card, limitMs, at } = event
    return [...asked, { card, limitMs, openedAt: at, accepted: [], isRevealed: false, answers: new Map() }]
  }
  if (event.type === 'answer.accepted') asked[event.question]?.accepted.push(event.value)
  const open = asked.at(-1)
  if (open === undefined) return asked
  if (event.type === 'control.given' && event.control.name === 'extend') open.limitMs += event.control.ms
  if (event.type === 'question.revealed') open.isRevealed = true
  if (event.type === 'answer.given' && !open.answers.has(event.by)) {
    const { value, ms, late } = event
    open.answers.set(event.by, { value, ms, late: late || open.isRevealed })
  }
  return asked
}

function differences(asked: readonly Asked[], { game, conductor }: QuizState): string[] {
  if (game === null || conductor.payload === null) return []
  const rules = conductor.payload.scoring.split('+').map((rule) => scoringRuleSchema.parse(rule))
  return entriesOf(game.players).flatMap(([user, player]) => {
    const points = recounted(asked, { user, rules })
    return points === player.points ? [] : [`${user} has ${player.points} points, and not ${points}`]
  })
}

function recounted(
  asked: readonly Asked[],
  { user, rules }: { user: string; rules: readonly ScoringRuleName[] },
): number {
  let streak = 0
  let points = 0
  for (const { card, limitMs, accepted, isRevealed, answers } of asked) {
    if (!isRevealed) continue
    const answer = answers.get(user)
    const known = card.type === 'typed' ? { ...card, accepted: [...card.accepted, ...accepted] } : card
    const share = answer === undefined || answer.late ? 0 : grade(known, answer.value).share
    if (answer !== undefined && !answer.late) {
      const outcome = { share, tookMs: answer.ms, limitMs, streak }
      for (const rule of rules) points += score(rule, outcome)
    }
    streak = share === 1 ? streak + 1 : 0
  }
  return points
}
