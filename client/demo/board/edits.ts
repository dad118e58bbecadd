import type { Room } from '../../room/types.ts'
import { toFoyerError } from '../../index.ts'
import { type BoardSchema, BOUNDS, type Stroke } from './data.ts'
import type { TableEdits } from './table/table.tsx'
import { boardWords } from './words.ts'

export type BoardRoom = Room<BoardSchema>

/** What one can do on a board, as edits of its room. What comes of them is heard by `rejected`. */
export function editsOf(room: BoardRoom) {
  const table: TableEdits = {
    add: (row) => void room.append('/rows', row),
    set: (id, column, value) => void room.set(`/rows/@${id}/${column}`, value),
    remove: (id) => void room.remove('/rows', id),
    move: (id, before) => void room.move('/rows', id, before === null ? 'end' : { before }),
  }
  return {
    table,
    draw: (stroke: Stroke) => void room.append('/strokes', stroke),
    clear: () => void room.set('/strokes', []),
    count: (by: number) => void room.increment('/count', by, BOUNDS),
  }
}

/** Leaves the own name for when one is away; a transaction, since nobody means to undo it. */
export async function leaveName(room: BoardRoom, name: string): Promise<void> {
  if (room.data.people[room.user] === name) return
  await room.transact((_, tx) => tx.merge('/people', { [room.user]: name }))
}

/** What is no edit: leaving, and what only the owner may do. `say` is told what comes to nothing. */
export function ruleOf(room: BoardRoom, say: (words: string) => void) {
  const attempt = (done: Promise<void>) => void done.catch((thrown: unknown) => say(boardWords(toFoyerError(thrown))))
  return {
    leave: () => attempt(room.leave()),
    destroy: () => attempt(room.destroy()),
    kick: (user: string) => attempt(room.kick(user)),
    transfer: (user: string) => attempt(room.transfer(user)),
  }
}
export type Rule = ReturnType<typeof ruleOf>
