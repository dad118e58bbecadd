import type { Remark } from '../events.ts'
import { entriesOf, entryOf } from '../table.ts'
import { type Asked, type Game, type Given, type Mark, type Player, questionOf } from './game.ts'
import { creditOf, pointsOf } from './grader.ts'

/** What an answer is scored by: a named, versioned rule, so that the same answers make the same points for ever. */
interface Situation {
  scoring: string
  /** Right answers in a row before it. */
  streak: number
}

/** What an answer is worth. Late: stored, and worth nothing; never less than nothing. */
export function markOf(asked: Asked, { value, ms, late }: Given, { scoring, streak }: Situation): Mark {
  const kept = asked.regradable ? { value } : {}
  const grade = asked.scored ? creditOf(asked.card, value, asked.accepted) : null
  const credit = late && grade !== null ? 0 : grade
  const points = pointsOf(scoring, { credit, ms, limitMs: asked.limitMs, streak })
  return { credit, points, ms, late, ...kept }
}

/** A right answer lengthens the streak, a wrong, late or missing one ends it; what is not scored leaves it. */
export const streakAfter = (streak: number, { scored }: Asked, mark: Mark | null) =>
  !scored ? streak : mark?.credit === 1 ? streak + 1 : 0

/** The marks of all who answered the newest question. */
export function marksOf(game: Game, scoring: string): (readonly [string, Mark])[] {
  const asked = game.asked[questionOf(game)]
  if (asked === undefined) return []
  return entriesOf(game.given).map(([user, given]) => {
    const streak = entryOf(game.players, user)?.streak ?? 0
    return [user, markOf(asked, given, { scoring, streak })] as const
  })
}

/** What changes if one more answer to a question is right: that question's marks, and later ones where a streak counts. */
export function remarksOf(game: Game, accept: { question: number; value: string }, scoring: string): Remark[] {
  const questions = game.asked.map((asked, i) =>
    i === accept.question ? { ...asked, accepted: [...asked.accepted, accept.value] } : asked,
  )
  return entriesOf(game.players).flatMap(([user, player]) => {
    const marks = rescored(player, questions, { scoring, from: accept.question })
    return marks.flatMap((mark, question) => {
      const before = player.marks[question] ?? null
      if (mark === null || before === null) return []
      if (mark.credit === before.credit && mark.points === before.points) return []
      return [{ user, question, credit: mark.credit, points: mark.points }]
    })
  })
}

/** A player's marks with the questions as they are now. Only from `from` on is anything graded or scored again. */
function rescored(
  { marks }: Player,
  questions: readonly Asked[],
  { scoring, from }: { scoring: string; from: number },
) {
  let streak = 0
  return marks.map((mark, question) => {
    const asked = questions[question]
    if (asked === undefined) return mark
    const now = question < from || mark === null ? mark : again(asked, mark, { scoring, streak })
    streak = streakAfter(streak, asked, now)
    return now
  })
}

function again(asked: Asked, mark: Mark, situation: Situation): Mark {
  if (mark.value !== undefined) return markOf(asked, { ...mark, value: mark.value }, situation)
  if (mark.credit === null || mark.late) return mark
  const { credit, ms } = mark
  return {
    ...mark,
    points: pointsOf(situation.scoring, { credit, ms, limitMs: asked.limitMs, streak: situation.streak }),
  }
}
