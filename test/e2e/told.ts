import { FoyerError } from '../../client/errors.ts'
import type { EditReply } from '../../client/room/part.ts'
import type { Json } from '../../shared/json.ts'
import { applyOperations } from '../../shared/room/apply.ts'
import type { Operation } from '../../shared/room/operations.ts'
import { RuleError } from '../../shared/rules.ts'
import type { Target } from '../client/random-edits.ts'
import type { RoomLog } from '../kit/room-log.ts'

/** A random edit with a mark that nothing else has, and what its user heard of it. */
export interface Told {
  name: string
  target: Target | undefined
  outcome: EditReply | FoyerError
}

export interface Played {
  user: string
  tried: readonly Told[]
  /** Whether it took edits back: what is done again has its mark again. */
  undoes: boolean
}

/** The operation that is an edit's mark, behind its others. */
export const markOf = (name: string): Operation => ({ op: 'set', path: `/marks/${name}`, value: name })

interface Place {
  seq: number
  /** The operations of its event before the mark, and the data that they were done to. */
  before: readonly Operation[]
  data: Json
}

/** What is wrong with what a user was told, by where the log has the marks; empty: nothing. */
export function lies({ user, tried, undoes }: Played, log: RoomLog): string[] {
  const places = placesOf(log)
  let last = 0
  return tried.flatMap(({ name, outcome, target }) => {
    const [place, ...others] = places.get(name) ?? []
    if (outcome instanceof FoyerError) return place === undefined ? [] : [`${name}: ${outcome.rule}, and yet done`]
    if (place?.seq !== outcome.version) return [`${name} was told of ${outcome.version}, and is at ${place?.seq}`]
    const isLate = place.seq < last
    last = place.seq
    return [
      ...(isLate ? [`${name} is before what ${user} did before it`] : []),
      ...(others.length > 0 && !undoes ? [`${name} is done twice`] : []),
      ...(target !== undefined && !isAt(target, place) ? [`${name} met another element than ${target.element}`] : []),
    ]
  })
}

function placesOf({ events }: RoomLog): Map<string, Place[]> {
  const places = new Map<string, Place[]>()
  let data: Json = null
  for (const event of events) {
    if (event.type === 'room.created') data = event.data
    if (event.type !== 'data.edited') continue
    for (const [nth, operation] of event.operations.entries()) {
      if (operation.op !== 'set' || !operation.path.startsWith('/marks/')) continue
      const name = operation.path.slice('/marks/'.length)
      const place = { seq: event.seq, before: event.operations.slice(0, nth), data }
      places.set(name, [...(places.get(name) ?? []), place])
    }
    data = done(data, event.operations)
  }
  return places
}

/** Right before the mark is the edit's own operation, unless it changed nothing: it is to be of the element that was meant. */
function isAt({ path, element, op }: Target, { before, data }: Place): boolean {
  const own = before.at(-1)
  if (own === undefined || own.op !== op || !('path' in own) || !own.path.startsWith(path)) return true
  // edge: the rooms of random edits have this shape all along
  const then = done(data, before.slice(0, -1)) as { list: string[]; items: { id: string }[] }
  if (path === '/items') return then.items[Number(own.path.split('/')[2])]?.id === element
  return !('at' in own) || !('index' in own.at) || then.list[own.at.index] === element
}

function done(data: Json, operations: readonly Operation[]): Json {
  const applied = applyOperations(data, operations)
  if (applied instanceof RuleError) throw applied
  return applied.data
}
