import { z } from 'zod'

/** What a rule looks at. */
export interface Outcome {
  /** A grade's share. */
  share: number | null
  /** As `tookMs` says; null: late. */
  tookMs: number | null
  /** null: no limit, and so no speed. */
  limitMs: number | null
  /** Right answers in a row before this one. */
  streak: number
}

interface ScoringRule {
  /** No outcome is worth less, or more. */
  min: number
  max: number
  /** Of an answer in time with a share over 0; `spent` is the part of the time that it took, from 0 to 1. */
  points: (share: number, spent: number, outcome: Outcome) => number
}

/** The most that an answer is worth, without a bonus. */
export const FULL_POINTS = 1_000
const STREAK_STEP = 100
const STREAK_CAP = 500
/** Kahoot's: nobody reads and taps faster, so it is worth no more. */
const INSTANT_MS = 500

/**
 * Rules by name and version. A game stores the names of its rules with it, and one that is changed gets a new version, so that old
 * games are scored again as they were. `streak@1` is a bonus, to be added to one of the others.
 */
export const SCORING_RULES = {
  /** Being right counts, being fast does not. */
  'accuracy@1': { min: 0, max: FULL_POINTS, points: (share) => FULL_POINTS * share },
  /** Half of the points for speed (support.kahoot.com, "How points work"): 2 s of 30 s are 967. */
  'kahoot@1': {
    min: 0,
    max: FULL_POINTS,
    points: (share, spent, { tookMs }) =>
      FULL_POINTS * share * (tookMs !== null && tookMs < INSTANT_MS ? 1 : 1 - spent / 2),
  },
  /** All of the points for speed: evenly down to 0 at the limit. */
  'linear@1': { min: 0, max: FULL_POINTS, points: (share, spent) => FULL_POINTS * share * (1 - spent) },
  /** 100 for each right answer in a row before this one, up to 500, if this one is wholly right. */
  'streak@1': {
    min: 0,
    max: STREAK_CAP,
    points: (share, _, { streak }) => (share === 1 ? Math.min(STREAK_CAP, STREAK_STEP * streak) : 0),
  },
} as const satisfies Record<string, ScoringRule>

export const scoringRuleSchema = z.enum(['accuracy@1', 'kahoot@1', 'linear@1', 'streak@1'])
export type ScoringRuleName = z.output<typeof scoringRuleSchema>

const isLate = (tookMs: number, limitMs: number | null) => limitMs !== null && tookMs > limitMs

/** The part of the time that was taken: none where there is no limit. */
const spentOf = (tookMs: number, limitMs: number | null) =>
  limitMs === null ? 0 : limitMs > 0 ? Math.min(1, Math.max(0, tookMs / limitMs)) : 1

/**
 * The whole points of an answer under a rule. Late, wrong and unscored ones are worth 0; nothing is ever worth less. Only arithmetic
 * that IEEE 754 fixes, so that scores from the log are the same on every machine.
 */
export function score(rule: ScoringRuleName, outcome: Outcome): number {
  const { share, tookMs, limitMs } = outcome
  if (share === null || share <= 0 || tookMs === null || isLate(tookMs, limitMs)) return 0
  return Math.round(SCORING_RULES[rule].points(share, spentOf(tookMs, limitMs), outcome))
}

/** The streak after an answer: what is not wholly right, or late, ends it; what is not scored leaves it. */
export function streakAfter({ share, tookMs, limitMs, streak }: Outcome): number {
  if (share === null) return streak
  return share === 1 && tookMs !== null && !isLate(tookMs, limitMs) ? streak + 1 : 0
}
