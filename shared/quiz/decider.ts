import type { Decider } from '../log/decider.ts'
import type { QuizCommand } from './commands.ts'
import { decide } from './decide.ts'
import type { QuizEvent } from './events.ts'
import { evolve } from './evolve.ts'
import type { QuizState } from './state.ts'

/** The rules of quiz rooms (seed 4) for the room log. */
export const quizDecider: Decider<QuizState, QuizCommand, QuizEvent> = { decide, evolve }
