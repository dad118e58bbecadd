import { describe, expect, test } from 'bun:test'
import { LIMITS } from '../../shared/limits.ts'
import type { RoomState } from '../../shared/room/state.ts'
import { type MemoryRoom, opened, service, user } from './memory.ts'

const kick = (name: string) => ({ type: 'kick', user: name, reason: 'noise' }) as const
const ban = (name: string) => ({ type: 'ban', user: name, reason: 'spam' }) as const
const unban = (name: string) => ({ type: 'unban', user: name }) as const
const withBanned = (room: MemoryRoom, banned: RoomState['banned']) => {
  room.state = { ...room.it, banned }
  return room
}

describe('kick', () => {
  test('by the owner takes an occupant out, who may come back', () => {
    const room = opened({ guests: ['bob'] })
    expect(room.send(kick('bob'), user('ann'))).toEqual({
      events: [{ type: 'occupant.kicked', user: 'bob', reason: 'noise', at: 1_000, by: 'ann' }],
      result: null,
    })
    expect(room.it.occupants).toEqual(['ann'])
    expect(room.does({ type: 'join' }, user('bob'))).toBe('occupant.joined')
  })

  test('by a service does too, as itself or for somebody, also of the owner', () => {
    const room = opened({ guests: ['bob', 'cy'] })
    expect(room.does(kick('bob'), service())).toBe('occupant.kicked')
    expect(room.does(kick('ann'), service('cy'))).toBe('occupant.kicked')
    expect(room.it).toMatchObject({ owner: 'ann', occupants: ['cy'] })
  })

  test('by another occupant or a stranger is refused', () => {
    const room = opened({ guests: ['bob', 'cy'] })
    expect(room.send(kick('cy'), user('bob'))).toEqual({ rule: 'not-owner' })
    expect(room.send(kick('cy'), user('stranger'))).toEqual({ rule: 'not-owner' })
    expect(room.send(kick('bob'), user('bob'))).toEqual({ rule: 'not-owner' })
  })

  test('of who is not in is refused, a second one of the same user too', () => {
    const room = opened({ guests: ['bob'] })
    expect(room.send(kick('stranger'), user('ann'))).toEqual({ rule: 'no-such-occupant' })
    room.does(kick('bob'), user('ann'))
    expect(room.send(kick('bob'), user('ann'))).toEqual({ rule: 'no-such-occupant' })
  })

  test('of oneself is refused', () => {
    expect(opened().send(kick('ann'), user('ann'))).toEqual({ rule: 'forbidden' })
  })
})

describe('ban', () => {
  test('takes an occupant out and keeps them out', () => {
    const room = opened({ guests: ['bob'] })
    expect(room.send(ban('bob'), user('ann'))).toEqual({
      events: [{ type: 'occupant.banned', user: 'bob', reason: 'spam', at: 1_000, by: 'ann' }],
      result: null,
    })
    expect(room.it).toMatchObject({ occupants: ['ann'], banned: ['bob'] })
    expect(room.send({ type: 'join' }, user('bob'))).toEqual({ rule: 'banned' })
  })

  test('keeps out who was never in', () => {
    const room = opened()
    room.does(ban('bob'), service())
    expect(room.it).toMatchObject({ occupants: ['ann'], banned: ['bob'] })
  })

  test('a second time is accepted and noted', () => {
    const room = opened()
    room.does(ban('bob'), user('ann'))
    expect(room.does(ban('bob'), user('ann'))).toBe('command.noted')
    expect(room.it.banned).toEqual(['bob'])
  })

  test('by another occupant or a stranger is refused', () => {
    const room = opened({ guests: ['bob', 'cy'] })
    expect(room.send(ban('cy'), user('bob'))).toEqual({ rule: 'not-owner' })
    expect(room.send(ban('ann'), user('stranger'))).toEqual({ rule: 'not-owner' })
  })

  test('of oneself is refused, and of the owner from a service too', () => {
    const room = opened({ guests: ['bob'] })
    expect(room.send(ban('ann'), user('ann'))).toEqual({ rule: 'forbidden' })
    expect(room.send(ban('ann'), service())).toEqual({ rule: 'forbidden' })
    expect(room.send(ban('bob'), service('bob'))).toEqual({ rule: 'forbidden' })
  })

  test('of the owner before is possible once the room has another one', () => {
    const room = opened({ guests: ['bob'] })
    room.does({ type: 'transfer', to: 'bob' }, service())
    expect(room.does(ban('ann'), user('bob'))).toBe('occupant.banned')
  })

  test('is refused where the list is full, with its length', () => {
    const limit = LIMITS.room.banned
    const names = Array.from({ length: limit }, (_, i) => `guest ${i}`)
    expect(withBanned(opened(), names.slice(1)).does(ban('bob'), user('ann'))).toBe('occupant.banned')
    const full = withBanned(opened(), names)
    expect(full.send(ban('bob'), user('ann'))).toEqual({ rule: 'limit-reached', what: 'banned', limit })
    expect(full.does(ban('guest 7'), user('ann'))).toBe('command.noted')
  })
})

describe('unban', () => {
  test('lets a user join again, but does not bring them in', () => {
    const room = opened({ guests: ['bob'] })
    room.does(ban('bob'), user('ann'))
    expect(room.send(unban('bob'), user('ann'))).toEqual({
      events: [{ type: 'occupant.unbanned', user: 'bob', at: 1_000, by: 'ann' }],
      result: null,
    })
    expect(room.it).toMatchObject({ occupants: ['ann'], banned: [] })
    expect(room.does({ type: 'join' }, user('bob'))).toBe('occupant.joined')
  })

  test('of who is not banned is accepted and noted', () => {
    expect(opened().does(unban('bob'), user('ann'))).toBe('command.noted')
  })

  test('is for the owner and a service', () => {
    const room = opened({ guests: ['cy'] })
    room.does(ban('bob'), user('ann'))
    expect(room.send(unban('bob'), user('bob'))).toEqual({ rule: 'not-owner' })
    expect(room.send(unban('bob'), user('cy'))).toEqual({ rule: 'not-owner' })
    expect(room.does(unban('bob'), service())).toBe('occupant.unbanned')
  })
})
