import { FoyerError } from '../../client/errors.ts'
import { applyOperations } from '../../shared/room/apply.ts'
import type { Operation } from '../../shared/room/operations.ts'
import { isEqual } from '../../shared/room/values.ts'
import { RuleError } from '../../shared/rules.ts'
import type { FakeServer } from './fake-room.ts'
import type { Target } from './random-edits.ts'
import type { Player, Tried } from './room-player.ts'

interface Found {
  version: number
  nth: number
  operations: readonly Operation[]
}

/** Where the log has each mark, and each sum by its number. */
function marksIn({ log }: FakeServer): Map<string | number, Found[]> {
  const marks = new Map<string | number, Found[]>()
  for (const [at, event] of log.entries()) {
    if (event.type !== 'data.edited') continue
    event.operations.forEach((operation, nth) => {
      const mark = markOf(operation)
      if (mark === null) return
      marks.set(mark, [...(marks.get(mark) ?? []), { version: at + 1, nth, operations: event.operations }])
    })
  }
  return marks
}

function markOf(operation: Operation): string | number | null {
  if (operation.op === 'increment' && operation.path === '/n') return operation.by
  const isMark = operation.op === 'set' && operation.path.startsWith('/marks/')
  return isMark && typeof operation.value === 'string' ? operation.value : null
}

/** What is wrong with a history, in words; empty: nothing is. */
export function faultsOf(server: FakeServer, players: readonly Player[]): string[] {
  const faults = players.flatMap((player) => player.faults)
  const marks = marksIn(server)
  const rest = new Map(players.map(({ name, redone }) => [name, redone]))
  for (const { name, room, tried } of players) {
    if (!isEqual(room.data, server.state.data)) faults.push(`${name} ends with ${JSON.stringify(room.data)}`)
    if (room.pending > 0) faults.push(`${name} still has ${room.pending} edits`)
    for (const one of tried) {
      const found = marks.get(one.by ?? one.name) ?? []
      // Each redo puts a mark again.
      const isDone = one.outcome === null || 'version' in one.outcome || one.outcome.rule === 'aborted'
      const again = isDone ? found.slice(1) : found
      rest.set(name, (rest.get(name) ?? 0) - again.length)
      faults.push(...faultsIn(one, found, server))
    }
    if ((rest.get(name) ?? 0) < 0)
      faults.push(`${name} did ${-(rest.get(name) ?? 0)} edits twice, or after it was told that they are refused`)
    const inLine = tried.filter(({ isTransaction }) => !isTransaction)
    if (!inOrder(inLine.map((one) => (marks.get(one.by ?? one.name) ?? [])[0])))
      faults.push(`the edits of ${name} are not in their order`)
  }
  return faults
}

function faultsIn({ name, outcome, by, target }: Tried, [first]: readonly Found[], server: FakeServer): string[] {
  if (outcome === null) return [`${name} heard nothing`]
  if (outcome instanceof FoyerError) return []
  if (first === undefined) return [`${name} was told of ${outcome.version}, and is not in the log`]
  const faults: string[] = []
  if (first.version !== outcome.version) faults.push(`${name} was told of ${outcome.version}, not ${first.version}`)
  if (by !== null && outcome.values[0] !== valueAfter(first, server))
    faults.push(`${name} was told that the number is ${outcome.values[0]}, not ${valueAfter(first, server)}`)
  if (target !== undefined && !isAt(target, first, server))
    faults.push(`${name} met another element than ${target.element}`)
  return faults
}

const before = (server: FakeServer, { version, operations, nth }: Found) => {
  const done = applyOperations(server.versions[version - 1] ?? null, operations.slice(0, nth))
  if (done instanceof RuleError) throw done
  // edge: the histories' rooms have this shape all along
  return done.data as { n: number; list: string[]; items: { id: string }[] }
}

const valueAfter = (found: Found, server: FakeServer) => before(server, { ...found, nth: found.nth + 1 }).n

/** The operation right before the mark is the edit's own, unless it changed nothing. */
function isAt({ path, element, op }: Target, found: Found, server: FakeServer): boolean {
  const own = found.operations[found.nth - 1]
  if (own === undefined || own.op !== op || !('path' in own) || !own.path.startsWith(path)) return true
  const data = before(server, { ...found, nth: found.nth - 1 })
  if (path === '/items') return data.items[Number(own.path.split('/')[2])]?.id === element
  return !('at' in own) || !('index' in own.at) || data.list[own.at.index] === element
}

function inOrder(found: readonly (Found | undefined)[]): boolean {
  const places = found.flatMap((one) => (one === undefined ? [] : [one.version * 1_000 + one.nth]))
  return places.every((place, at) => at === 0 || (places[at - 1] ?? 0) <= place)
}
