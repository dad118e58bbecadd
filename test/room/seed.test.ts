import { describe, expect, test } from 'bun:test'
import type { Json } from '../../shared/json.ts'
import type { Operation } from '../../shared/room/operations.ts'
import { newsOf } from '../../shared/room/view.ts'
import { MemoryRoom, opened, ROOM, service, user } from './memory.ts'

const ann = user('ann')
const bob = user('bob')
const join = { type: 'join' } as const
const leave = { type: 'leave' } as const
const remove = { type: 'delete', reason: '' } as const
const edit = (...operations: Operation[]) => ({ type: 'edit', operations }) as const
const dataOf = (room: MemoryRoom) => room.it.data

describe('seed 2, the entities', () => {
  test('1. a room, a UUID that the service makes: a creator cannot choose another`s room', () => {
    expect(opened().it.room).toBe(ROOM)
    const again = opened().send({ type: 'create', room: ROOM, capacity: 2, metadata: {}, data: 1 }, bob)
    expect(again).toEqual({ rule: 'version-conflict', version: 1 })
  })

  test('2. users, IDs that the integrator supplies: any text is one', () => {
    const room = opened()
    for (const id of ['42', 'Анна', '__proto__', 'a@b.c', 'toString']) room.does(join, user(id))
    expect(room.it.occupants).toEqual(['ann', '42', 'Анна', '__proto__', 'a@b.c', 'toString'])
  })

  test.each<[string, Json]>([
    ['1. a match in a game', { score: { red: 1, blue: 2 }, clock: 90, paused: false }],
    [
      '2. drawings as polygons or lists of lines',
      [
        {
          id: 'p1',
          points: [
            [0, 0],
            [1, 0.5],
          ],
        },
        { id: 'l1', lines: [[0, 1]] },
      ],
    ],
    ['3. cells of an online table', { A1: '=B2', B2: 7, 'Лист 1!C3': null }],
  ])('a room holds users and session data of any shape: %s', (_, data) => {
    const room = opened({ data, guests: ['bob'] })
    expect(newsOf(room.it, bob)).toMatchObject({ occupants: ['ann', 'bob'], data })
  })
})

describe('seed 2, the functions', () => {
  test('1. create a room', () => {
    const room = new MemoryRoom()
    expect(room.does({ type: 'create', room: ROOM, capacity: 2, metadata: {}, data: {} }, ann)).toBe('room.created')
    expect(room.it).toMatchObject({ room: ROOM, owner: 'ann', occupants: ['ann'] })
  })

  test('2. delete a room, if there is one, else an error', () => {
    const room = opened()
    expect(new MemoryRoom().send(remove, ann)).toEqual({ rule: 'room-gone' })
    expect(room.does(remove, ann)).toBe('room.deleted')
    expect(room.send(remove, ann)).toEqual({ rule: 'room-gone' })
  })

  test('3. enter a room, if not yet in', () => {
    const room = opened()
    expect(room.does(join, bob)).toBe('occupant.joined')
    expect(room.it.occupants).toEqual(['ann', 'bob'])
  })

  test('4. leave a room, if not yet out', () => {
    const room = opened({ guests: ['bob'] })
    expect(room.does(leave, bob)).toBe('occupant.left')
    expect(room.it.occupants).toEqual(['ann'])
  })

  test('5. edit data: set', () => {
    const room = opened()
    room.does(edit({ op: 'set', path: '/board', value: { size: 3 } }), ann)
    room.does(edit({ op: 'set', path: '/board/size', value: 4 }), ann)
    expect(dataOf(room)).toEqual({ board: { size: 4 } })
    room.does(edit({ op: 'set', path: '', value: 'all of it' }), ann)
    expect(dataOf(room)).toBe('all of it')
  })

  test('5. edit data: update, for lists', () => {
    const room = opened({ data: ['b'] })
    room.does(edit({ op: 'append', path: '', values: ['c', { id: 'x' }] }), ann)
    room.does(edit({ op: 'insert', path: '', at: { index: 0 }, value: 'a' }), ann)
    room.does(edit({ op: 'replace', path: '', at: { id: 'x' }, value: { id: 'x', n: 1 } }), ann)
    room.does(edit({ op: 'move', path: '', at: { id: 'x' }, to: 1 }, { op: 'remove', path: '', at: { index: 3 } }), ann)
    expect(dataOf(room)).toEqual(['a', { id: 'x', n: 1 }, 'b'])
  })

  test('5. edit data: update, for dictionaries', () => {
    const room = opened({ data: { cells: { A1: 1, A2: 2 } } })
    room.does(edit({ op: 'merge', path: '/cells', value: { A2: 'two', A3: 3 } }), ann)
    expect(dataOf(room)).toEqual({ cells: { A1: 1, A2: 'two', A3: 3 } })
  })

  test('5. edit data: delete', () => {
    const room = opened({ data: { cells: { A1: 1, A2: 2 }, list: ['a', 'b'] } })
    room.does(edit({ op: 'delete', path: '/cells/A1' }, { op: 'delete', path: '/list/0' }), ann)
    expect(dataOf(room)).toEqual({ cells: { A2: 2 }, list: ['b'] })
  })

  test('5. edit data, if the user is in the room, else an error', () => {
    const room = opened({ data: { a: 1 } })
    expect(room.send(edit({ op: 'set', path: '/a', value: 2 }), bob)).toEqual({ rule: 'not-occupant' })
    expect(dataOf(room)).toEqual({ a: 1 })
  })
})

describe('seed 2, the table', () => {
  test('delete a room: the ID exists and you are its owner, else an error', () => {
    const room = opened({ guests: ['bob'] })
    expect(room.send(remove, bob)).toEqual({ rule: 'not-owner' })
    expect(room.send(remove, user('stranger'))).toEqual({ rule: 'not-owner' })
    expect(room.does(remove, ann)).toBe('room.deleted')
  })

  test('enter a room: idempotent; adds the user to the visitors', () => {
    const room = opened()
    for (const event of ['occupant.joined', 'command.noted', 'command.noted'] as const)
      expect(room.does(join, bob)).toBe(event)
    expect(room.it.occupants).toEqual(['ann', 'bob'])
  })

  test('leave a room: idempotent', () => {
    const room = opened({ guests: ['bob'] })
    for (const event of ['occupant.left', 'command.noted', 'command.noted'] as const)
      expect(room.does(leave, bob)).toBe(event)
    expect(room.it.occupants).toEqual(['ann'])
  })

  test('edit data: is it idempotent? Not by itself, so each accepted command, even an idle one, uses up its id', () => {
    const room = opened({ data: { n: 0 } })
    const twice = edit({ op: 'increment', path: '/n', by: 1 })
    expect([room.send(twice, ann), room.send(twice, ann)]).toMatchObject([
      { result: { values: [1] }, events: { length: 1 } },
      { result: { values: [2] }, events: { length: 1 } },
    ])
    expect(room.send(edit({ op: 'test', path: '/n', value: 2 }), ann)).toMatchObject({ events: { length: 1 } })
  })

  test('edit data: the user is in the room, else an error; being its owner is not enough, nor is a service', () => {
    const room = opened({ guests: ['bob'] })
    room.does(leave, ann)
    const set = edit({ op: 'set', path: '/a', value: 1 })
    for (const actor of [ann, service(), user('stranger')])
      expect(room.send(set, actor)).toEqual({ rule: 'not-occupant' })
    expect(room.does(set, bob)).toBe('data.edited')
  })
})

describe('seed 2, the process of work', () => {
  test('1. your backend connects and disconnects at any moment: only `leave` leaves, and it acts for any user', () => {
    const room = opened()
    room.does(join, service('bob'))
    room.does(edit({ op: 'set', path: '/a', value: 1 }), service('bob'))
    expect(room.it).toMatchObject({ occupants: ['ann', 'bob'], data: { a: 1 } })
    room.does(leave, service('bob'))
    expect(room.it.occupants).toEqual(['ann'])
  })

  test('2. single commands are answered with the full snapshot, or the news of the deletion', () => {
    const room = opened({ data: { a: 1 } })
    room.does(join, bob)
    expect(newsOf(room.it, bob)).toMatchObject({
      status: 'live',
      version: 2,
      data: { a: 1 },
      occupants: ['ann', 'bob'],
    })
    room.does(remove, ann)
    expect(newsOf(room.it, bob)).toMatchObject({ status: 'deleted', version: 3, deleted: { by: 'ann' } })
  })

  test('what if two edit the same thing? The second is decided on what the first left', () => {
    const room = opened({ data: { n: 1, list: ['a', 'b'] }, guests: ['bob'] })
    const raise: Operation = { op: 'compareAndSet', path: '/n', expect: 1, value: 2 }
    expect(room.does(edit(raise), ann)).toBe('data.edited')
    expect(room.send(edit(raise), bob)).toMatchObject({ rule: 'test-failed', version: 3 })
    const drop: Operation = { op: 'remove', path: '/list', at: { index: 0 } }
    room.edits({ operations: [drop], base: 3 }, ann)
    expect(room.send({ ...edit(drop), base: 3 }, bob)).toMatchObject({ rule: 'stale-index', version: 4 })
    expect(dataOf(room)).toEqual({ n: 2, list: ['b'] })
  })
})
