import { z } from 'zod'
import { nameSchema } from '../ids.ts'
import { LIMITS } from '../limits.ts'

const SECOND = 1_000
const time = (least: number, most: number, usual: number) => z.number().int().min(least).max(most).default(usual)

/**
 * What a quizconductor is made from (seed 4: "an appropriate payload"). All times are ms. Its shape is checked here; whether the deck
 * may be played and the scoring rule exists is checked where the command is decided.
 */
export const payloadSchema = z.strictObject({
  /** The deck's id. */
  deck: nameSchema,
  /** `own`: each phase passes by itself; `host`: lobby, reveal and scoreboard wait for a control command. Questions end by time in both. */
  pace: z.enum(['own', 'host']).default('own'),
  /** Scoring rules by name and version (shared/deck/scoring.ts), `+` between them where points are added. */
  scoring: z.string().min(1).max(64).default('kahoot@1'),
  /** For a card without a time of its own. */
  questionMs: time(SECOND, 3_600 * SECOND, 20 * SECOND),
  /** How long after the deadline an answer still counts: what its way takes. */
  graceMs: time(0, 5 * SECOND, 500),
  lobbyMs: time(0, 3_600 * SECOND, 10 * SECOND),
  revealMs: time(0, 3_600 * SECOND, 5 * SECOND),
  scoreboardMs: time(0, 3_600 * SECOND, 4 * SECOND),
  endMs: time(0, 3_600 * SECOND, 10 * SECOND),
  /**
   * Who joins in mid-round: `now` plays, and is measured by the questions from then on; `zero` plays, and has missed those before;
   * `spectator` looks on until the next round.
   */
  lateJoin: z.enum(['now', 'zero', 'spectator']).default('now'),
  /** Questions without an answer in a row until an occupant is warned; one more, and where the kind allows they are kicked. null: never. */
  silentAfter: z.number().int().min(1).max(100).nullable().default(3),
  /** The cards in an order that the round makes, else in the deck's. */
  shuffle: z.boolean().default(false),
  /** At most so many cards a round. */
  questions: z.number().int().min(1).max(LIMITS.quiz.questions).default(LIMITS.quiz.questions),
})

export type QuizPayload = z.output<typeof payloadSchema>
