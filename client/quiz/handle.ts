import { remaining } from '../../shared/quiz/conductor/clock.ts'
import type { QuizCalls } from './calls.ts'
import type { QuizClock } from './clock.ts'
import { commandsOf } from './commands.ts'
import type { Core } from './core.ts'
import type { Quiz } from './types.ts'

export interface HandleParts {
  room: string
  user: string
  calls: QuizCalls
  clock: QuizClock
  core: Core
}

/** What the application holds of an open quiz room. */
export function handleOf({ room, user, calls, clock, core }: HandleParts): Quiz {
  const { shown } = core
  return {
    ...commandsOf(core, calls, user),
    id: room,
    user,
    get snapshot() {
      return shown.snapshot
    },
    get view() {
      return shown.snapshot.view
    },
    get counts() {
      return shown.snapshot.counts
    },
    get state() {
      return shown.snapshot.state
    },
    get move() {
      return shown.snapshot.move
    },
    get end() {
      return shown.snapshot.end
    },
    now: clock.now,
    remainingMs: () => {
      const { game } = shown.snapshot.view
      return game === null ? null : remaining(game.clock, clock.now())
    },
    on: shown.on,
    subscribe: shown.subscribe,
    close: () => core.end({ why: 'closed' }),
  }
}
