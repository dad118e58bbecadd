import type { Json } from '../json.ts'
import type { DecideContext } from '../log/decider.ts'
import { RuleError } from '../rules.ts'
import { applyOperations } from './apply.ts'
import { type Answer, type CommandOf, done, noted } from './decision.ts'
import type { Operation } from './operations.ts'
import { foresee } from './foreseen.ts'
import { locate } from './place.ts'
import { rebaseOperations } from './rebase.ts'
import { shiftsSince, UNKNOWN } from './recent.ts'
import type { RoomState } from './state.ts'

/**
 * Changes the data, all of the command or nothing. Only occupants edit (seed 2): a service for an occupant, its rights elsewhere do not
 * help. Operations that change nothing (a setIfAbsent that came late) are accepted and noted.
 *
 * The result is null, or where the command has any `increment` or `setIfAbsent`: `{ values }`, one for each of them in order.
 * Of an increment: the number that stands at its path after the command (null: none does, a later operation took it away). Of a
 * setIfAbsent: whether nothing stood at its path before the command, so that what stands there now is the command's own.
 *
 * Errors: not-occupant; version-conflict (`ifVersion` is not the room's version, `base` is of the future); stale-index; those of
 * applyOperations. All but the first have the room's `version`.
 */
export function edit(state: RoomState, command: CommandOf<'edit'>, context: DecideContext): Answer {
  if (!state.occupants.includes(context.actor.user)) return new RuleError('not-occupant')
  const operations = current(state, command)
  if (operations instanceof RuleError) return versioned(operations, state)
  const applied = applyOperations(state.data, operations, { bytes: state.bytes })
  if (applied instanceof RuleError) return versioned(applied, state)
  foresee(state.data, applied)
  const { events } = applied.changed
    ? done({ type: 'data.edited', operations: applied.operations }, state, context)
    : noted(state, context)
  return { events, result: resultOf(operations, state.data, applied.data) }
}

const versioned = ({ rule, details }: RuleError, { seq }: RoomState) =>
  new RuleError(rule, { ...details, version: seq })

/** The operations as they are to be done on the newest version. */
function current(state: RoomState, { operations, ifVersion, base = state.seq }: CommandOf<'edit'>) {
  if (base > state.seq || (ifVersion ?? state.seq) !== state.seq) return new RuleError('version-conflict')
  if (base === state.seq) return operations
  return rebaseOperations(operations, shiftsSince(state, base) ?? [UNKNOWN], state.data)
}

function resultOf(operations: readonly Operation[], before: Json, after: Json): Json {
  const values: Json[] = []
  for (const operation of operations) {
    if (operation.op === 'increment') values.push(valueAt(after, operation.path) ?? null)
    else if (operation.op === 'setIfAbsent') values.push(valueAt(before, operation.path) === undefined)
  }
  return values.length === 0 ? null : { values }
}

function valueAt(data: Json, path: string): Json | undefined {
  try {
    return locate(data, path).value
  } catch {
    return undefined
  }
}
