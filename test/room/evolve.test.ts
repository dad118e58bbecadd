import { describe, expect, test } from 'bun:test'
import { LIMITS } from '../../shared/limits.ts'
import { decide } from '../../shared/room/decide.ts'
import { evolve } from '../../shared/room/evolve.ts'
import type { Operation } from '../../shared/room/operations.ts'
import type { RoomEvent } from '../../shared/room/state.ts'
import { RuleError } from '../../shared/rules.ts'
import { deepFrozen, opened, ROOM, replayed, user } from './memory.ts'

const stamp = { at: 7_000, by: 'ann' }
const EVENTS: RoomEvent[] = [
  { ...stamp, type: 'room.deleted', reason: '' },
  { ...stamp, type: 'occupant.joined', user: 'bob' },
  { ...stamp, type: 'occupant.left', user: 'bob' },
  { ...stamp, type: 'occupant.kicked', user: 'bob', reason: '' },
  { ...stamp, type: 'occupant.banned', user: 'bob', reason: '' },
  { ...stamp, type: 'occupant.unbanned', user: 'bob' },
  { ...stamp, type: 'owner.changed', from: 'ann', to: 'bob' },
  { ...stamp, type: 'metadata.changed', metadata: { a: 1 } },
  { ...stamp, type: 'data.edited', operations: [{ op: 'set', path: '/a', value: 1 }] },
  { ...stamp, type: 'command.noted' },
]

describe('evolve', () => {
  test.each(EVENTS)('of $type takes the event`s own seq and time, and leaves the state before as it was', (event) => {
    const { it } = opened({ guests: ['bob'], data: { a: 0 } })
    const before = deepFrozen(it)
    expect(evolve(before, deepFrozen(event), 3)).toMatchObject({ room: ROOM, seq: 3, at: 7_000, createdAt: 1_000 })
    expect(before.seq).toBe(2)
  })

  test.each(EVENTS)('of $type folds from nothing, too: a fold never throws', (event) => {
    const state = evolve(null, deepFrozen(event), 41)
    expect(state).toMatchObject({ seq: 41, at: 7_000 })
    expect(Object.keys(state).toSorted()).toEqual(Object.keys(opened().it).toSorted())
  })

  test('leaves the data alone where operations do not apply, which no log that was decided has', () => {
    const { it } = opened({ data: { a: 0 } })
    const foreign: RoomEvent = { ...stamp, type: 'data.edited', operations: [{ op: 'delete', path: '/none' }] }
    expect(evolve(it, foreign, 2)).toEqual({ ...it, seq: 2, at: 7_000 })
  })

  test('passes over an event of a later version', () => {
    const { it } = opened({ data: { a: 0 } })
    const event: RoomEvent = JSON.parse(JSON.stringify({ ...stamp, type: 'room.painted', colour: 'red' }))
    expect(evolve(it, event, 2)).toEqual({ ...it, seq: 2, at: 7_000 })
  })

  test('looks at no limit: events fold after a limit was lowered', () => {
    const room = opened({ data: { a: '' } })
    const long = 'x'.repeat(LIMITS.room.bytes + 1)
    const set: RoomEvent = { ...stamp, type: 'data.edited', operations: [{ op: 'set', path: '/a', value: long }] }
    expect(evolve(room.it, set, 2).bytes).toBe(LIMITS.room.bytes + 9)
    const created = JSON.parse(room.log[0] ?? '')
    expect(evolve(null, { ...created, capacity: 1e6, data: long }, 1)).toMatchObject({ capacity: 1e6, data: long })
  })

  test('makes no one an occupant or banned twice', () => {
    const { it } = opened({ guests: ['bob'] })
    const once = evolve(it, { ...stamp, type: 'occupant.banned', user: 'bob', reason: '' }, 3)
    expect(once).toMatchObject({ occupants: ['ann'], banned: ['bob'] })
    expect(evolve(once, { ...stamp, type: 'occupant.unbanned', user: 'bob' }, 4)).toMatchObject({ banned: [] })
  })

  test('of an event on other data than it was decided on does its operations there, and not what was foreseen', () => {
    const operations: Operation[] = [{ op: 'increment', path: '/n', by: 1 }]
    const { it } = opened({ data: { n: 1 } })
    const context = { now: 1, actor: user('ann') }
    const decided = decide(it, { type: 'edit', operations }, context)
    const [event] = decided instanceof RuleError ? [] : decided.events
    if (event === undefined) throw new Error('it was refused')
    expect(evolve({ ...it, data: { n: 41 } }, event, 2).data).toEqual({ n: 42 })
    expect(evolve(it, event, 2).data).toEqual({ n: 2 })
  })

  test('shares with the state before what an event does not touch', () => {
    const { it } = opened({ data: { big: { table: 1 }, n: 0 }, guests: ['bob'] })
    const edited = evolve(
      it,
      { ...stamp, type: 'data.edited', operations: [{ op: 'increment', path: '/n', by: 1 }] },
      3,
    )
    expect(edited.occupants).toBe(it.occupants)
    expect(edited.recent).toBe(it.recent)
    const big = (data: unknown) => (data instanceof Object && 'big' in data ? data.big : null)
    expect(big(edited.data)).toBe(big(it.data))
  })

  test('of an event`s text keeps every key, `__proto__` and the empty one too', () => {
    const room = opened({ data: JSON.parse('{"__proto__":{"":[{"$x":1}]},"a.b":{"/":"~"}}') })
    room.does(
      {
        type: 'edit',
        operations: [{ op: 'set', path: '/__proto__//0/__proto__', value: JSON.parse('{"__proto__":2}') }],
      },
      user('ann'),
    )
    room.does({ type: 'setMetadata', metadata: JSON.parse('{"__proto__":{"polluted":1}}') }, user('ann'))
    const text = '{"__proto__":{"":[{"$x":1,"__proto__":{"__proto__":2}}]},"a.b":{"/":"~"}}'
    expect(JSON.stringify(room.it.data)).toBe(text)
    expect(JSON.stringify(room.it.metadata)).toBe('{"__proto__":{"polluted":1}}')
    expect(JSON.stringify(replayed(room.log))).toBe(JSON.stringify(room.it))
    expect('polluted' in {}).toBe(false)
  })
})
