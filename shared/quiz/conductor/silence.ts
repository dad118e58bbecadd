import { LIMITS } from '../../limits.ts'
import type { QuizState } from '../state.ts'
import { entryOf } from '../table.ts'

/** Seed 4: anybody but the owner, and only where the kind lets the conductor kick. */
export const mayBeKicked = ({ kind, owner }: QuizState, user: string) => kind === 'HostedPerpetual' && user !== owner

/**
 * Occupants who left without saying so: some questions in a row without an answer, a message or a control. First they are warned; one
 * more question, and they are kicked. Nobody while the quiz is paused, no spectator, never the owner, and in no group.
 */
export function silentOnes(state: QuizState): { toWarn: string[]; toKick: string[] } {
  const { game, conductor, occupants } = state
  const after = conductor.payload?.silentAfter ?? null
  if (game === null || game.paused || after === null) return { toWarn: [], toKick: [] }
  const silent = occupants.filter((user) => {
    const player = entryOf(game.players, user)
    return mayBeKicked(state, user) && player !== null && !player.spectator && player.silent >= after
  })
  const isWarned = (user: string) => entryOf(game.players, user)?.warned ?? false
  return {
    toWarn: silent.filter((user) => !isWarned(user)),
    toKick: silent.filter((user) => isWarned(user) && (entryOf(game.players, user)?.silent ?? 0) > after),
  }
}

/** A room that cannot be left and has an end must come to it, also where no host says so. */
export const isAbandoned = ({ kind, at }: Pick<QuizState, 'kind' | 'at'>, now: number) =>
  kind === 'GroupEvanescent' && now >= at + LIMITS.quiz.evanescentIdleMs
