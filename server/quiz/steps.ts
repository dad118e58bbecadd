import { evolve } from '../../shared/quiz/evolve.ts'
import type { QuizEvent } from '../../shared/quiz/events.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import { eventsOf } from '../rooms/fold.ts'
import type { EventDoc } from '../store/docs.ts'

/** An event with the state right after it. */
export interface Step {
  event: QuizEvent
  state: QuizState
}

/** A document of a quiz room, taken apart once for all who watch: 1,000 of them must not each fold 100 answers. */
export interface Steps {
  /** What everybody hears of. */
  common: readonly Step[]
  /** Answers, by who gave them: nobody else hears of one, but as a count (room-log.md 17). */
  answers: ReadonlyMap<string, readonly Step[]>
  /** Whether there may be other counts now: of who has answered, or of how many are asked. */
  recounts: boolean
}

const RECOUNTED: ReadonlySet<QuizEvent['type']> = new Set([
  'answer.given',
  'occupant.joined',
  'occupant.added',
  'occupant.left',
  'occupant.kicked',
])

const known = new WeakMap<EventDoc, Steps>()

/** `before`: the state that the document follows. */
export function stepsOf(doc: EventDoc, before: QuizState | null): Steps {
  const found = known.get(doc)
  if (found !== undefined) return found
  const common: Step[] = []
  const answers = new Map<string, Step[]>()
  let state = before
  let { seq } = doc
  let recounts = false
  for (const event of eventsOf<QuizEvent>(doc)) {
    state = evolve(state, event, seq++)
    recounts ||= RECOUNTED.has(event.type)
    if (event.type === 'answer.given') answers.set(event.by, [...(answers.get(event.by) ?? []), { event, state }])
    else if (event.type !== 'command.noted') common.push({ event, state })
  }
  const steps = { common, answers, recounts }
  known.set(doc, steps)
  return steps
}

/** What one viewer hears of, in its order. */
export function stepsFor({ common, answers }: Steps, user: string): readonly Step[] {
  const own = answers.get(user)
  return own === undefined ? common : [...common, ...own].sort((a, b) => a.state.seq - b.state.seq)
}
