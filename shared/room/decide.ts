import type { DecideContext } from '../log/decider.ts'
import { RuleError } from '../rules.ts'
import type { Answer } from './decision.ts'
import { edit } from './edit.ts'
import { ban, join, kick, leave, unban } from './membership.ts'
import { create, expire, remove, setMetadata, transfer } from './ownership.ts'
import type { RoomCommand, RoomState } from './state.ts'

/**
 * What a command does to a room, by seed 2's rules. Errors, returned and not thrown: room-gone (there never was such a room, or it
 * was deleted), version-conflict for the creation of a room that there is, and those of each command (membership.ts, ownership.ts,
 * edit.ts). A refused command changes nothing and may be sent again.
 */
export function decide(state: RoomState | null, command: RoomCommand, context: DecideContext): Answer {
  if (state === null) return command.type === 'create' ? create(command, context) : new RuleError('room-gone')
  if (state.deleted !== null) return new RuleError('room-gone')
  switch (command.type) {
    case 'edit':
      return edit(state, command, context)
    case 'join':
      return join(state, context)
    case 'leave':
      return leave(state, context)
    case 'kick':
      return kick(state, command, context)
    case 'ban':
      return ban(state, command, context)
    case 'unban':
      return unban(state, command, context)
    case 'transfer':
      return transfer(state, command, context)
    case 'setMetadata':
      return setMetadata(state, command, context)
    case 'delete':
      return remove(state, command, context)
    case 'expire':
      return expire(state, command, context)
    case 'create':
      // Only a forged id or a bug leads here: a repeat is told by its command id. Whoever creates expects version 0.
      return new RuleError('version-conflict', { version: state.seq })
  }
}
