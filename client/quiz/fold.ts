import type { QuizView } from '../../shared/quiz/view.ts'
import { changed } from '../../shared/quiz/view-frame.ts'
import type { QuizFrame } from '../../shared/quiz/wire.ts'
import type { QuizCounts } from './types.ts'

type Changes = Extract<QuizFrame, { kind: 'changes' }>
type Counts = Extract<QuizFrame, { kind: 'counts' }>

/** A viewer's room, folded from what the server sends. Each says whether the view or the counts are others now. */
export function createFold(first: QuizView) {
  let view = first
  /** Not all that happens changes the view, so this may be past its version. */
  let at = first.version
  /** Of the newest thing that told of the game, and so of counts. */
  let gameAt = first.version
  let told: Counts | null = null
  let counts = countsIn(first)

  const recount = (): boolean => {
    const before = counts
    const shown = countsIn(view)
    const next = told !== null && isOf(told, shown) && told.version >= gameAt ? countsOf(told) : shown
    if (!isSame(before, next)) counts = next
    return counts !== before
  }

  return {
    get view() {
      return view
    },
    /** The version to which it has come. */
    get at() {
      return at
    },
    get counts() {
      return counts
    },
    /** All of the room, unless more is known already. */
    reset: (next: QuizView): boolean => {
      if (next.version <= view.version || next.version < at) return false
      view = next
      at = gameAt = next.version
      recount()
      return true
    },
    /** What happened, in its order. What was known before is passed over. */
    fold: ({ version, changes }: Changes): boolean => {
      const before = view
      for (const change of changes) {
        if (change.version <= view.version) continue
        view = changed(view, change)
        if (change.parts.game !== undefined) gameAt = change.version
      }
      at = Math.max(at, version, view.version)
      return recount() || view !== before
    },
    count: (frame: Counts): boolean => {
      at = Math.max(at, frame.version)
      told = frame
      return recount()
    },
  }
}
export type Fold = ReturnType<typeof createFold>

function countsIn({ game }: QuizView): QuizCounts | null {
  if (game === null || game.asked === null) return null
  const { round, question, asked } = game
  return { round, question, answered: asked.answered, of: asked.of }
}

const countsOf = ({ round, question, answered, of }: Counts): QuizCounts => ({ round, question, answered, of })
const isOf = (one: Pick<QuizCounts, 'round' | 'question'>, other: QuizCounts | null) =>
  one.round === other?.round && one.question === other.question
const isSame = (a: QuizCounts | null, b: QuizCounts | null) =>
  a === null ? b === null : isOf(a, b) && a.answered === b?.answered && a.of === b.of
