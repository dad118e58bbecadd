import type { Actor } from '../../shared/log/decider.ts'
import type { RoomCommand, RoomState } from '../../shared/room/state.ts'
import { ROOM, service, user } from './memory.ts'
import { type Random, randomJson } from './random.ts'
import { Operations } from './random-operations.ts'

const NAMES = ['ann', 'bob', 'cy', 'dan', 'eve', 'fay'] as const

/** Users, most often; some commands come from a backend for one of them, or for itself. */
export const randomActor = (random: Random): Actor =>
  random.chance(0.1) ? service(random.of([...NAMES, 'backend'])) : user(random.of(NAMES))

/** Anything that somebody may want of a room of few seats, sensible or not; seldom its end. */
export function randomCommand(random: Random, state: RoomState): RoomCommand {
  if (random.chance(0.5)) return randomEdit(random, state)
  const name = random.of(NAMES)
  return random.of<() => RoomCommand>([
    () => ({ type: 'join' }),
    () => ({ type: 'join' }),
    () => ({ type: 'join' }),
    () => ({ type: 'leave' }),
    () => ({ type: 'kick', user: name, reason: 'kicked' }),
    () => ({ type: 'ban', user: name, reason: '' }),
    () => ({ type: 'unban', user: name }),
    () => ({ type: 'transfer', to: name }),
    () => ({ type: 'setMetadata', metadata: { note: randomJson(random, 1) } }),
    () => ({ type: 'create', room: ROOM, capacity: 9, metadata: {}, data: null }),
    () => ({ type: 'expire', idleSince: state.at - 1 }),
    () => (random.chance(0.02) ? { type: 'delete', reason: 'over' } : { type: 'leave' }),
  ])()
}

function randomEdit(random: Random, { data, seq }: RoomState): RoomCommand {
  const operations = Array.from({ length: 1 + random.below(3) }, () => new Operations(random, data).operation())
  return {
    type: 'edit',
    operations,
    ...(random.chance(0.5) ? { base: Math.max(0, seq + 1 - random.below(30)) } : {}),
    ...(random.chance(0.1) ? { ifVersion: seq - random.below(2) } : {}),
  }
}
