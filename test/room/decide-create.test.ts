import { describe, expect, test } from 'bun:test'
import { LIMITS } from '../../shared/limits.ts'
import type { Json, JsonObject } from '../../shared/json.ts'
import type { RoomCommand } from '../../shared/room/state.ts'
import { MemoryRoom, opened, ROOM, service, user } from './memory.ts'

const creation = (fields: { capacity?: number; metadata?: JsonObject; data?: Json } = {}): RoomCommand => ({
  type: 'create',
  room: ROOM,
  capacity: 8,
  metadata: {},
  data: {},
  ...fields,
})
const create = (fields: Parameters<typeof creation>[0]) => new MemoryRoom().send(creation(fields), user('ann'))
const COMMANDS: RoomCommand[] = [
  { type: 'join' },
  { type: 'leave' },
  { type: 'delete', reason: '' },
  { type: 'kick', user: 'bob', reason: '' },
  { type: 'ban', user: 'bob', reason: '' },
  { type: 'unban', user: 'bob' },
  { type: 'transfer', to: 'bob' },
  { type: 'setMetadata', metadata: {} },
  { type: 'edit', operations: [{ op: 'set', path: '/a', value: 1 }] },
  { type: 'expire', idleSince: Number.MAX_SAFE_INTEGER },
]

describe('create', () => {
  test('makes a room whose creator is its owner and first occupant', () => {
    const room = new MemoryRoom()
    const made = room.send(creation({ data: { board: ['ä'] }, metadata: { name: 'x' }, capacity: 3 }), user('ann'))
    const event = { type: 'room.created', room: ROOM, owner: 'ann', capacity: 3, at: 1_000, by: 'ann' } as const
    expect(made).toEqual({
      events: [{ ...event, metadata: { name: 'x' }, data: { board: ['ä'] } }],
      result: null,
    })
    expect(room.it).toEqual({
      room: ROOM,
      seq: 1,
      at: 1_000,
      createdAt: 1_000,
      owner: 'ann',
      occupants: ['ann'],
      banned: [],
      capacity: 3,
      metadata: { name: 'x' },
      data: { board: ['ä'] },
      bytes: new TextEncoder().encode('{"board":["ä"]}').length,
      recent: [],
      forgotten: 0,
      deleted: null,
    })
  })

  test('is refused where there is a room, and tells its version', () => {
    const room = opened({ guests: ['bob'] })
    expect(room.send(creation(), user('bob'))).toEqual({ rule: 'version-conflict', version: 2 })
  })

  test.each([0, -1, Number.NaN, LIMITS.room.occupants + 1])('refuses a capacity of %d', (capacity) => {
    expect(create({ capacity })).toEqual({ rule: 'limit-reached', what: 'occupants', limit: LIMITS.room.occupants })
  })

  test('takes the capacities at both ends', () => {
    expect(create({ capacity: 1 })).toHaveProperty('events')
    expect(create({ capacity: LIMITS.room.occupants })).toHaveProperty('events')
  })

  const text = (bytes: number) => 'x'.repeat(bytes - 2)
  const nested = (depth: number): Json => Array.from({ length: depth }).reduce<Json>((inner) => [inner], 1)
  const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 0]))
  const list = (length: number) => Array.from({ length }, () => 0)
  const { bytes, depth, keyChars, listLength, metadataBytes, keys: most } = LIMITS.room
  test.each<[string, number, Json, Json]>([
    ['bytes', bytes, text(bytes), text(bytes + 1)],
    ['depth', depth, nested(depth), nested(depth + 1)],
    ['keyChars', keyChars, { ['k'.repeat(keyChars)]: 1 }, { ['k'.repeat(keyChars + 1)]: 1 }],
    ['keys', most, keys(most), keys(most + 1)],
    ['listLength', listLength, list(listLength), list(listLength + 1)],
  ])('holds the data to %s: %d', (what, limit, within, beyond) => {
    expect(create({ data: within })).toHaveProperty('events')
    expect(create({ data: beyond })).toEqual({ rule: 'limit-reached', what, limit })
  })

  test('holds the metadata to its bytes and its depth', () => {
    expect(create({ metadata: { m: 'x'.repeat(metadataBytes - 8) } })).toHaveProperty('events')
    const over = { rule: 'limit-reached', what: 'metadataBytes', limit: metadataBytes } as const
    expect(create({ metadata: { m: 'x'.repeat(metadataBytes - 7) } })).toEqual(over)
    expect(create({ metadata: { m: nested(depth) } })).toEqual({ rule: 'limit-reached', what: 'depth', limit: depth })
  })
})

describe('a room that there is not', () => {
  test.each(COMMANDS)('refuses $type with room-gone, also from a service', (command) => {
    const room = new MemoryRoom()
    expect(room.send(command, user('ann'))).toEqual({ rule: 'room-gone' })
    expect(room.send(command, service())).toEqual({ rule: 'room-gone' })
    expect(room.state).toBeNull()
  })
})

describe('a deleted room', () => {
  test.each([...COMMANDS, creation()])('refuses $type with room-gone, also from a service', (command) => {
    const room = opened({ guests: ['bob'] })
    room.does({ type: 'delete', reason: 'over' }, user('ann'))
    const before = room.state
    expect(room.send(command, user('ann'))).toEqual({ rule: 'room-gone' })
    expect(room.send(command, service('ann'))).toEqual({ rule: 'room-gone' })
    expect(room.state).toBe(before)
  })
})
