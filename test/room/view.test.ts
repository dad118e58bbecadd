import { describe, expect, test } from 'bun:test'
import type { RoomCommand, RoomEvent } from '../../shared/room/state.ts'
import { endsStream, listingOf, mayRead, newsOf } from '../../shared/room/view.ts'
import { type MemoryRoom, opened, ROOM, service, user } from './memory.ts'

/** ann's room with bob and cy; dan is banned. */
function shared(): MemoryRoom {
  const room = opened({ guests: ['bob', 'cy'], data: { a: [1] } })
  room.does({ type: 'ban', user: 'dan', reason: 'spam' }, user('ann'))
  return room
}
const listed = {
  room: ROOM,
  version: 4,
  at: 1_000,
  createdAt: 1_000,
  owner: 'ann',
  occupants: ['ann', 'bob', 'cy'],
  capacity: 8,
  metadata: {},
}
const tombstone = {
  status: 'deleted' as const,
  room: ROOM,
  version: 5,
  deleted: { at: 1_000, by: 'ann', reason: 'over' },
}
const remove: RoomCommand = { type: 'delete', reason: 'over' }

describe('what a viewer sees of a room', () => {
  test('is all that occupants share, and nothing of how it is kept', () => {
    expect(newsOf(shared().it, user('bob'))).toEqual({ status: 'live', ...listed, data: { a: [1] } })
  })

  test('has who is banned for the owner and a service', () => {
    for (const viewer of [user('ann'), service(), service('bob')])
      expect(newsOf(shared().it, viewer)).toEqual({ status: 'live', ...listed, data: { a: [1] }, banned: ['dan'] })
  })

  test('is the news of its deletion afterwards, for the owner too', () => {
    const room = shared()
    room.does(remove, user('ann'))
    expect(newsOf(room.it, user('bob'))).toEqual(tombstone)
    expect(newsOf(room.it, user('ann'))).toEqual(tombstone)
  })

  test('in a list is without the data', () => {
    expect(listingOf(shared().it)).toEqual(listed)
  })
})

describe('who may read a room', () => {
  test('occupants, the owner, and services', () => {
    const { it } = shared()
    for (const viewer of [user('ann'), user('bob'), service(), service('dan')]) expect(mayRead(it, viewer)).toBeNull()
  })

  test('the owner without a seat', () => {
    const room = shared()
    room.does({ type: 'leave' }, user('ann'))
    expect(mayRead(room.it, user('ann'))).toBeNull()
  })

  test('neither strangers, nor who left, nor who is banned', () => {
    const room = shared()
    room.does({ type: 'leave' }, user('bob'))
    expect(mayRead(room.it, user('stranger'))).toBe('not-occupant')
    expect(mayRead(room.it, user('bob'))).toBe('not-occupant')
    expect(mayRead(room.it, user('dan'))).toBe('banned')
  })

  test('whoever knows the id of a deleted one, but for the banned', () => {
    const room = shared()
    room.does(remove, user('ann'))
    for (const viewer of [user('ann'), user('bob'), user('stranger'), service()])
      expect(mayRead(room.it, viewer)).toBeNull()
    expect(mayRead(room.it, user('dan'))).toBe('banned')
  })
})

describe('a viewer`s stream', () => {
  const VIEWERS = ['ann', 'bob', 'cy'].map(user)
  /** By viewer: how the streams of ann, bob, cy and a backend end by the event of a command. */
  function ends(room: MemoryRoom, command: RoomCommand, by = 'ann') {
    room.does(command, user(by))
    const event: RoomEvent = JSON.parse(room.log.at(-1) ?? '')
    return [...VIEWERS, service()].map((viewer) => endsStream(event, viewer, room.it))
  }

  test('ends by leaving, for who left', () => {
    expect(ends(shared(), { type: 'leave' }, 'bob')).toEqual([null, 'not-occupant', null, null])
  })

  test('ends by a kick and by a ban, each with its rule, for whom it concerns', () => {
    expect(ends(shared(), { type: 'kick', user: 'bob', reason: '' })).toEqual([null, 'not-occupant', null, null])
    expect(ends(shared(), { type: 'ban', user: 'cy', reason: '' })).toEqual([null, null, 'banned', null])
  })

  test('ends by deletion, for everybody', () => {
    const all = ['room-gone', 'room-gone', 'room-gone', 'room-gone'] as const
    expect(ends(shared(), remove)).toEqual([...all])
  })

  test('goes on for an owner who leaves, and ends when they give the room away after that', () => {
    const room = shared()
    expect(ends(room, { type: 'leave' })).toEqual([null, null, null, null])
    expect(ends(room, { type: 'transfer', to: 'bob' })).toEqual(['not-occupant', null, null, null])
  })

  test('goes on over everything else', () => {
    const room = shared()
    const others: RoomCommand[] = [
      { type: 'edit', operations: [{ op: 'set', path: '/a', value: 1 }] },
      { type: 'setMetadata', metadata: {} },
      { type: 'ban', user: 'stranger', reason: '' },
      { type: 'unban', user: 'dan' },
      { type: 'join' },
      { type: 'transfer', to: 'bob' },
    ]
    for (const command of others) expect(ends(room, command)).toEqual([null, null, null, null])
  })
})
