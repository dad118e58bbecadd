import { describe, expect, test } from 'bun:test'
import { LIMITS } from '../../shared/limits.ts'
import { opened, service, user } from './memory.ts'

const transfer = (to: string) => ({ type: 'transfer', to }) as const
const remove = { type: 'delete', reason: 'over' } as const
const setMetadata = (metadata: Record<string, string>) => ({ type: 'setMetadata', metadata }) as const

describe('transfer', () => {
  test('gives the room to an occupant, and the old owner keeps the seat but no rights', () => {
    const room = opened({ guests: ['bob'] })
    expect(room.send(transfer('bob'), user('ann'))).toEqual({
      events: [{ type: 'owner.changed', from: 'ann', to: 'bob', at: 1_000, by: 'ann' }],
      result: null,
    })
    expect(room.it).toMatchObject({ owner: 'bob', occupants: ['ann', 'bob'] })
    expect(room.send(remove, user('ann'))).toEqual({ rule: 'not-owner' })
    expect(room.does(remove, user('bob'))).toBe('room.deleted')
  })

  test('of two at once lets the first through only', () => {
    const room = opened({ guests: ['bob', 'cy'] })
    expect(room.does(transfer('bob'), user('ann'))).toBe('owner.changed')
    expect(room.send(transfer('cy'), user('ann'))).toEqual({ rule: 'not-owner' })
    expect(room.it.owner).toBe('bob')
  })

  test('to who is not in is refused', () => {
    const room = opened({ guests: ['bob'] })
    room.does({ type: 'leave' }, user('bob'))
    expect(room.send(transfer('bob'), user('ann'))).toEqual({ rule: 'no-such-occupant' })
  })

  test('to who has it is accepted and noted, in the room or not', () => {
    const room = opened()
    expect(room.does(transfer('ann'), user('ann'))).toBe('command.noted')
    room.does({ type: 'leave' }, user('ann'))
    expect(room.does(transfer('ann'), service())).toBe('command.noted')
  })

  test('is for the owner, also without a seat, and for a service', () => {
    const room = opened({ guests: ['bob', 'cy'] })
    expect(room.send(transfer('bob'), user('bob'))).toEqual({ rule: 'not-owner' })
    room.does({ type: 'leave' }, user('ann'))
    expect(room.does(transfer('bob'), user('ann'))).toBe('owner.changed')
    expect(room.does(transfer('cy'), service())).toBe('owner.changed')
  })
})

describe('setMetadata', () => {
  test('replaces all of it', () => {
    const room = opened()
    room.does(setMetadata({ name: 'a', colour: 'red' }), user('ann'))
    expect(room.send(setMetadata({ name: 'b' }), service())).toEqual({
      events: [{ type: 'metadata.changed', metadata: { name: 'b' }, at: 1_000, by: 'backend' }],
      result: null,
    })
    expect(room.it.metadata).toEqual({ name: 'b' })
  })

  test('is for the owner and a service', () => {
    const room = opened({ guests: ['bob'] })
    expect(room.send(setMetadata({}), user('bob'))).toEqual({ rule: 'not-owner' })
  })

  test('is held to its bytes', () => {
    const limit = LIMITS.room.metadataBytes
    const over = setMetadata({ m: 'x'.repeat(limit - 7) })
    expect(opened().send(over, user('ann'))).toEqual({ rule: 'limit-reached', what: 'metadataBytes', limit })
    expect(opened().does(setMetadata({ m: 'x'.repeat(limit - 8) }), user('ann'))).toBe('metadata.changed')
  })
})

describe('delete', () => {
  test('by the owner leaves a tombstone, and neither data nor occupants', () => {
    const room = opened({ guests: ['bob'], data: { secret: [1] } })
    room.does(setMetadata({ name: 'x' }), user('ann'))
    room.now = 2_000
    expect(room.send(remove, user('ann'))).toEqual({
      events: [{ type: 'room.deleted', reason: 'over', at: 2_000, by: 'ann' }],
      result: null,
    })
    expect(room.it).toMatchObject({
      seq: 4,
      occupants: [],
      data: null,
      bytes: 4,
      recent: [],
      deleted: { at: 2_000, by: 'ann', reason: 'over' },
    })
    expect(room.it.metadata).toEqual({})
  })

  test('by an owner who left, or a service, is the same', () => {
    const left = opened()
    left.does({ type: 'leave' }, user('ann'))
    expect(left.does(remove, user('ann'))).toBe('room.deleted')
    expect(opened().does(remove, service())).toBe('room.deleted')
  })

  test('by anybody else is refused', () => {
    const room = opened({ guests: ['bob'] })
    expect(room.send(remove, user('bob'))).toEqual({ rule: 'not-owner' })
    expect(room.send(remove, user('stranger'))).toEqual({ rule: 'not-owner' })
  })
})

describe('expire', () => {
  const expire = (idleSince: number) => ({ type: 'expire', idleSince }) as const

  test('closes a room whose newest event is not after that time', () => {
    const room = opened()
    room.now = 9_000
    expect(room.send(expire(1_000), service('worker'))).toEqual({
      events: [{ type: 'room.deleted', reason: 'idle', at: 9_000, by: 'worker' }],
      result: null,
    })
    expect(room.it.deleted).toEqual({ at: 9_000, by: 'worker', reason: 'idle' })
  })

  test('loses to whoever came back in the meantime', () => {
    const room = opened()
    room.now = 1_001
    room.does({ type: 'join' }, user('bob'))
    expect(room.send(expire(1_000), service('worker'))).toEqual({ rule: 'version-conflict', version: 2 })
  })

  test('is for a service only', () => {
    expect(opened().send(expire(Number.MAX_SAFE_INTEGER), user('ann'))).toEqual({ rule: 'forbidden' })
  })
})
