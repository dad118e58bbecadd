import type { Actor } from '../../shared/log/decider.ts'
import type { RoomState } from '../../shared/room/state.ts'
import { mayRead } from '../../shared/room/view.ts'
import { RuleError } from '../../shared/rules.ts'
import type { Account } from '../accounts.ts'

/**
 * The user for whom an account acts: a service for any whom it names, with that user's rights and no more; as itself it has an
 * owner's rights in every room. A user acts for itself. Error: forbidden.
 */
export function actorOf(account: Account, as: string | undefined): Actor {
  const isService = account.role === 'service'
  if (!isService && as !== undefined && as !== account.id) throw new RuleError('forbidden')
  return { user: as ?? account.id, service: isService && as === undefined }
}

/** The room, for who may read it. Errors: room-gone (there never was one), not-occupant, banned. */
export function readable(state: RoomState | null, viewer: Actor): RoomState {
  if (state === null) throw new RuleError('room-gone')
  const refusal = mayRead(state, viewer)
  if (refusal !== null) throw new RuleError(refusal)
  return state
}
