import { describe, expect, test } from 'bun:test'
import { opened, service, user } from './memory.ts'

const join = { type: 'join' } as const
const leave = { type: 'leave' } as const

describe('join', () => {
  test('adds a user at the end of the occupants', () => {
    const room = opened({ guests: ['bob'] })
    expect(room.send(join, user('cy'))).toEqual({
      events: [{ type: 'occupant.joined', user: 'cy', at: 1_000, by: 'cy' }],
      result: null,
    })
    expect(room.it.occupants).toEqual(['ann', 'bob', 'cy'])
  })

  test('a second time is accepted, noted, and changes nothing but the version', () => {
    const room = opened({ guests: ['bob'] })
    const before = room.it
    expect(room.does(join, user('bob'))).toBe('command.noted')
    expect(room.it).toEqual({ ...before, seq: 3 })
  })

  test('is refused where every seat is taken, with the number of seats', () => {
    const room = opened({ capacity: 2, guests: ['bob'] })
    expect(room.send(join, user('cy'))).toEqual({ rule: 'room-full', what: 'capacity', limit: 2 })
    expect(room.send(join, service('cy'))).toEqual({ rule: 'room-full', what: 'capacity', limit: 2 })
    expect(room.does(join, user('bob'))).toBe('command.noted')
  })

  test('takes a seat that somebody left', () => {
    const room = opened({ capacity: 2, guests: ['bob'] })
    room.does(leave, user('bob'))
    expect(room.does(join, user('cy'))).toBe('occupant.joined')
    expect(room.send(join, user('bob'))).toMatchObject({ rule: 'room-full' })
  })

  test('of the owner needs a seat as anybody`s', () => {
    const room = opened({ capacity: 1 })
    room.does(leave, user('ann'))
    room.does(join, user('bob'))
    expect(room.send(join, user('ann'))).toMatchObject({ rule: 'room-full' })
  })

  test('is refused to who is banned, before the seats are counted', () => {
    const room = opened({ capacity: 1 })
    room.does({ type: 'ban', user: 'bob', reason: '' }, user('ann'))
    expect(room.send(join, user('bob'))).toEqual({ rule: 'banned' })
    expect(room.send(join, service('bob'))).toEqual({ rule: 'banned' })
  })

  test('of 200 users gives exactly the 10 seats', () => {
    const room = opened({ capacity: 10 })
    const outcomes = Array.from({ length: 200 }, (_, i) => room.send(join, user(`guest ${i}`)))
    expect(outcomes.filter((outcome) => 'events' in outcome)).toHaveLength(9)
    expect(room.it.occupants).toHaveLength(10)
  })
})

describe('leave', () => {
  test('takes the user out, and the order of the others stays', () => {
    const room = opened({ guests: ['bob', 'cy'] })
    expect(room.send(leave, user('bob'))).toEqual({
      events: [{ type: 'occupant.left', user: 'bob', at: 1_000, by: 'bob' }],
      result: null,
    })
    expect(room.it.occupants).toEqual(['ann', 'cy'])
  })

  test('of who is not in is accepted and noted', () => {
    const room = opened()
    expect(room.does(leave, user('stranger'))).toBe('command.noted')
    expect(room.it.occupants).toEqual(['ann'])
  })

  test('of the owner leaves them the room', () => {
    const room = opened({ guests: ['bob'] })
    room.does(leave, user('ann'))
    expect(room.it).toMatchObject({ owner: 'ann', occupants: ['bob'] })
    expect(room.does({ type: 'kick', user: 'bob', reason: '' }, user('ann'))).toBe('occupant.kicked')
    expect(room.it.occupants).toEqual([])
    expect(room.does({ type: 'delete', reason: '' }, user('ann'))).toBe('room.deleted')
  })
})

describe('the time of an event', () => {
  test('is when the command came, but never before the newest event', () => {
    const room = opened()
    room.now = 5_000
    room.does(join, user('bob'))
    room.now = 4_000
    room.does(join, user('cy'))
    expect(room.log.map((text) => JSON.parse(text).at)).toEqual([1_000, 5_000, 5_000])
    expect(room.it).toMatchObject({ at: 5_000, createdAt: 1_000 })
  })
})
