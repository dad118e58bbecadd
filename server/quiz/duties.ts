import { type FollowUp, followUps } from '../../shared/quiz/follow.ts'
import type { QuizEvent } from '../../shared/quiz/events.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import type { Logged } from '../../shared/log/logged.ts'
import { RuleError } from '../../shared/rules.ts'
import type { Telling } from '../notifications.ts'
import { eventsOf } from '../rooms/fold.ts'
import type { EventDoc } from '../store/docs.ts'
import type { DutyStore } from '../store/duties.ts'
import type { Claims } from './claims.ts'
import type { Groups } from './groups.ts'
import type { QuizRooms } from './open.ts'
import { createReturning, SERVICE } from './returning.ts'

export interface DutyParts {
  rooms: QuizRooms
  groups: Groups
  claims: Claims
  duties: DutyStore
  /** Makes a room's lease what its log says: leasing.ts. */
  lease: (state: QuizState) => Promise<void>
  tell: (telling: Telling) => Promise<void>
}

/**
 * What follows, outside of its room, from what stands in a log (room-log.md 13; shared/quiz/follow.ts). The process that committed an
 * event does it at once, whoever finds it undone later does it again: each step is idempotent, and a document keeps its mark until all
 * that follows from it is done.
 */
export function createDuties({ rooms, groups, claims, duties, lease, tell }: DutyParts) {
  const giveBack = createReturning({ rooms, groups, claims })
  const running = new Map<string, { room: string; done: Promise<void> }>()

  const spawn = async (command: Extract<FollowUp, { type: 'spawn' }>['command']): Promise<void> => {
    const { room } = command
    try {
      await rooms.send({ room, id: `${room}:spawned`, actor: SERVICE, command, hash: command.type })
    } catch (error) {
      // It is there.
      if (!(error instanceof RuleError && error.rule === 'version-conflict')) throw error
    }
  }

  const one = async (duty: FollowUp, { state, id }: { state: QuizState; id: string }): Promise<void> => {
    const { room } = state
    if (duty.type === 'notify') {
      const kind = duty.why === 'added' ? 'room.added' : 'room.invited'
      return tell({ id: `${id} ${duty.user}`, user: duty.user, kind, from: duty.by, room })
    }
    if (duty.type === 'spawn') return spawn(duty.command)
    if (duty.type === 'return') return giveBack(state, duty.returnTo)
    if (duty.type === 'lease') return lease(state)
    if (state.kind === 'GroupPerpetual' && state.ended === null) return groups.point(state)
  }

  const carryOut = async (doc: EventDoc): Promise<void> => {
    const state = await rooms.read(doc.room)
    if (state === null) return
    const events = eventsOf<QuizEvent>(doc)
    const quiet = new Set(events.filter(({ type }) => type === 'evanescent.returned').map(({ command }) => command))
    for (const [i, event] of events.entries())
      for (const duty of followUps(event, state))
        if (!isQuiet(duty, event, quiet)) await one(duty, { state, id: `${doc.room} ${doc.seq + i}` })
    await duties.done(doc._id)
  }

  /** Does what follows from a document, once at a time. */
  const perform = (doc: EventDoc): Promise<void> => {
    const known = running.get(doc._id)
    if (known !== undefined) return known.done
    const done = carryOut(doc).finally(() => running.delete(doc._id))
    running.set(doc._id, { room: doc.room, done })
    return done
  }

  /** What this process does for a room at this moment, done or failed: for who replies to the command that it follows from. */
  const settled = async (room: string): Promise<void> => {
    await Promise.allSettled([...running.values()].filter((one) => one.room === room).map(({ done }) => done))
  }

  /** All that follows from a room's log and is not done yet, whoever began it. What fails keeps nothing else from being done. */
  const catchUp = async (room: string): Promise<void> => {
    const failures: unknown[] = []
    for (const doc of await duties.ofRoom(room)) await perform(doc).catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }

  return { perform, settled, catchUp }
}
export type Duties = ReturnType<typeof createDuties>

/** Who comes back from a quiz is led there by the room that ended, and not by a notification. */
const isQuiet = (duty: FollowUp, { command }: Logged<QuizEvent>, quiet: ReadonlySet<string>) =>
  duty.type === 'notify' && quiet.has(command)
