import { createReturnedOf, insteadOfParent, returnId, takeBackOf } from '../../shared/quiz/follow.ts'
import type { QuizCommand } from '../../shared/quiz/commands.ts'
import { hasMoved } from '../../shared/quiz/decision.ts'
import type { QuizState, ReturnTo } from '../../shared/quiz/state.ts'
import { RuleError } from '../../shared/rules.ts'
import type { Claim, Claims } from './claims.ts'
import type { Groups } from './groups.ts'
import type { QuizRooms } from './open.ts'

/** Who does what follows from a log, as events name it. */
export const SERVICE = { user: 'foyer', service: true } as const

/**
 * Takes the occupants of an ended evanescent room to where its `room.ended` says (seed 4; room-log.md 13): a message there, under an
 * id that is the same for all who carry it out, then `room.returned` in the child. Any process may do it at any time, and again.
 */
export function createReturning({ rooms, groups, claims }: { rooms: QuizRooms; groups: Groups; claims: Claims }) {
  const send = (room: string, id: string, command: QuizCommand) =>
    rooms.send({ room, id, actor: SERVICE, command, hash: 'return' })

  /** true: they were taken there, by this call or before; false: never under this id. */
  const accepts = async (room: string, id: string, command: QuizCommand | null): Promise<boolean> => {
    if (command === null) return false
    try {
      return !hasMoved((await send(room, id, command)).result)
    } catch (error) {
      if (error instanceof RuleError && (error.rule === 'room-gone' || error.rule === 'version-conflict')) return false
      throw error
    }
  }

  const isThere = async ({ room, stamp }: Claim, child: QuizState): Promise<boolean> => {
    const id = `${returnId(child.room)} ${stamp}`
    const isVacant = (await rooms.read(room)) === null
    if (isVacant && (await accepts(room, id, createReturnedOf(child, room)))) return true
    return accepts(room, id, takeBackOf(child, 'exact'))
  }

  /**
   * The group room with exactly these occupants, found or made. Which one is claimed first: who goes on after a crash goes to the same,
   * even if its occupants have changed since the message arrived there. The claim moves on only where it never arrives any more.
   */
  const toGroup = async (child: QuizState, occupants: readonly string[]): Promise<string> => {
    const key = `return:${child.room}`
    for (let claim = await claims.read(key); ;) {
      if (claim !== null && (await isThere(claim, child))) return claim.room
      const looked = await groups.look(occupants)
      claim = await claims.move({ key, seen: claim, room: looked.found?.room ?? (await groups.propose(looked)) })
    }
  }

  /** The room to go to; null: the deck. */
  const destination = async (child: QuizState, returnTo: ReturnTo): Promise<string | null> => {
    if (returnTo.to === 'deck') return null
    if (returnTo.to === 'group') return toGroup(child, returnTo.occupants)
    const { room } = returnTo
    return (await accepts(room, returnId(child.room), takeBackOf(child, 'parent')))
      ? room
      : destination(child, insteadOfParent(child))
  }

  /** Done once `room.returned` is in the child's log. */
  return async (child: QuizState, returnTo: ReturnTo): Promise<void> => {
    if (child.ended === null || child.ended.returnedTo !== null) return
    const to = await destination(child, returnTo)
    await send(child.room, `${child.room}:returned`, { type: 'returned', to })
  }
}
