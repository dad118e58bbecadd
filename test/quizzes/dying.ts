import type { Foyer } from '../../server/foyer.ts'
import { createClaims } from '../../server/quiz/claims.ts'
import { createDuties } from '../../server/quiz/duties.ts'
import { createGroups } from '../../server/quiz/groups.ts'
import { createLeasing } from '../../server/quiz/leasing.ts'
import { openQuizRooms, type QuizRooms } from '../../server/quiz/open.ts'
import type { CommandOf, QuizCommand } from '../../shared/quiz/commands.ts'
import { until } from '../kit/until.ts'

class Killed extends Error {}

/**
 * The quiz rooms of a process that dies at one of its writes: it does all before it and nothing from it on. What it commits has marks, as
 * what kill -9 leaves has. `writes`: how many it did or would have done.
 */
export function dyingAt(foyer: Foyer, write = Number.POSITIVE_INFINITY) {
  const { store, log, metrics, notifications } = foyer
  let writes = 0
  const lives =
    <A extends unknown[], R>(action: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      if (writes >= write) throw new Killed()
      writes++
      return action(...given)
    }
  const whole = openQuizRooms({ store, log, metrics, onDuty: () => {} })
  const rooms: QuizRooms = { ...whole, send: lives(whole.send) }
  const known = createClaims(store)
  const claims = { ...known, point: lives(known.point), move: lives(known.move) }
  const groups = createGroups({ quiz: store.quiz, claims, rooms })
  const leases = { want: lives(store.leases.want), off: lives(store.leases.off) }
  const duties = createDuties({
    ...{ rooms, groups, claims },
    lease: createLeasing({ rooms, leases }),
    duties: { ...store.duties, done: lives(store.duties.done) },
    tell: lives(notifications.tell),
  })
  return {
    duties,
    writes: () => writes,
    /** Commits a command; nobody does what follows from it. */
    commit: (room: string, command: QuizCommand, user: string, service = false) =>
      whole.send({ room, id: Bun.randomUUIDv7(), actor: { user, service }, command, hash: command.type }),
    /** Does what follows from a room's log, until it dies. */
    catchUp: (room: string) =>
      duties.catchUp(room).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error
      }),
    [Symbol.asyncDispose]: whole.close,
  }
}

/** What ends an evanescent room that has no conductor. */
export const REAP: CommandOf<'reap'> = { type: 'reap', epoch: 0, reason: 'never-started' }

/** A process ends the room and dies, so that where it goes is left to others. */
export async function endsAndDies(foyer: Foyer, room: string) {
  await using dying = dyingAt(foyer)
  await dying.commit(room, REAP, 'worker', true)
}

/** Everything that follows from a room's log is done. */
export const isSettled = ({ store }: Foyer, room: string) =>
  until(async () => (await store.duties.ofRoom(room)).length === 0, { what: `all that follows from ${room}` })
