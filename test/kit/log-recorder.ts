import type { Json } from '../../shared/json.ts'
import { RuleError } from '../../shared/rules.ts'
import type { Done } from '../../server/rooms/room.ts'
import type { EventDoc } from '../../server/store/docs.ts'
import type { Call } from './history.ts'
import { logFaults } from './log-checker.ts'
import { type Tally, type TallyCommand, tallyDecider, TESTER } from './tally.ts'

/** A log, or whatever takes its place in a control. */
export interface Sender {
  send: (room: string, command: TallyCommand, id?: string) => Promise<Pick<Done<Tally>, 'seq' | 'result' | 'replayed'>>
}
export type Told = { seq: number; result: Json; replayed: boolean } | { rule: string }

/** Records what the callers of one room ask and hear, and lets the checker judge it with the log. */
export function recorder(room: string = crypto.randomUUID()) {
  const calls: Call<TallyCommand>[] = []
  const seen: Tally[] = []
  /** Sends a command through a log; an error that is no rule's is recorded as `failed`. */
  const ask = async (to: Sender, command: TallyCommand, id: string = Bun.randomUUIDv7()): Promise<Told> => {
    const began = performance.now()
    const record = (outcome: Call<TallyCommand>['outcome']) =>
      void calls.push({ id, actor: TESTER, command, began, ended: performance.now(), outcome })
    try {
      const { seq, result, replayed } = await to.send(room, command, id)
      record({ version: seq, result })
      return { seq, result, replayed }
    } catch (error) {
      const rule = error instanceof RuleError ? error.rule : 'failed'
      record({ rule })
      return { rule }
    }
  }
  const add = (to: Sender, by = 1, id?: string) => ask(to, { type: 'add', by }, id)
  /** Reads the room through a log, and notes what it was. */
  const look = async (through: { read: (room: string) => Promise<Tally | null> }): Promise<Tally | null> => {
    const state = await through.read(room)
    if (state !== null) seen.push(state)
    return state
  }
  const faults = (docs: readonly EventDoc[]) => logFaults({ decider: tallyDecider, docs, calls, seen })
  return { room, calls, seen, ask, add, look, faults }
}
