import { describe, expect, test } from 'bun:test'
import { followUps } from '../../shared/quiz/follow.ts'
import { MemoryQuiz, user, WORKER } from './memory.ts'
import { conducted, deckOf, friends, group, payloadOf, ROOM, text } from './rooms.ts'

const join = (...names: string[]) => ({ type: 'join', facts: friends(...names) }) as const
const leave = { type: 'leave' } as const
const request = (others: string[], known = others) =>
  ({ type: 'request', others, facts: friends(...known), ...text('again?') }) as const
const start = { type: 'startConductor', payload: payloadOf(), facts: deckOf() } as const
const last = (room: MemoryQuiz) => {
  const event = room.events.at(-1)
  if (event === undefined) throw new Error('nothing happened')
  return event
}

describe('GroupPerpetual', () => {
  test('Each such room has at least one occupant', () => {
    const room = group('bob')
    expect(room.does(leave, user('bob'))).toEqual(['occupant.left'])
    expect(room.does(leave, user('ann'))).toEqual(['occupant.left', 'room.ended'])
    expect(room.it.ended).toMatchObject({ reason: 'empty', returnTo: null })
    expect(room.refuses(join('ann'), user('ann'))).toBe('room-gone')
  })

  test('At any time, any occupant can invite any friend, who is immediately an occupant of the room', () => {
    const room = group('bob')
    const invite = { type: 'invite', user: 'cy', facts: friends('cy') } as const
    expect(room.refuses(invite, user('stranger'))).toBe('not-occupant')
    expect(room.refuses({ ...invite, facts: friends('dan') }, user('bob'))).toBe('not-friend')
    expect(room.does(invite, user('bob'))).toEqual(['occupant.added'])
    expect(room.it.occupants).toEqual(['ann', 'bob', 'cy'])
    expect(room.does(invite, user('ann'))).toEqual(['command.noted'])
  })

  test('The invited friend is also sent a notification', () => {
    const room = group('bob')
    room.does({ type: 'invite', user: 'cy', facts: friends('cy') }, user('bob'))
    expect(followUps(last(room), room.it)).toContainEqual({ type: 'notify', user: 'cy', why: 'added', by: 'bob' })
    const [created] = group('bob').events
    if (created === undefined) throw new Error('nothing happened')
    expect(followUps(created, group('bob').it)).toEqual([
      { type: 'notify', user: 'bob', why: 'added', by: 'ann' },
      { type: 'claim', occupants: ['ann', 'bob'] },
    ])
  })

  test('At any time, anyone can join a GroupPerpetual room containing a friend', () => {
    const room = group('bob')
    expect(room.refuses(join(), user('cy'))).toBe('not-friend')
    expect(room.refuses(join('dan'), user('cy'))).toBe('not-friend')
    expect(room.does(join('bob', 'dan'), user('cy'))).toEqual(['occupant.joined'])
    // The friend by whom somebody came in may have left by the time of the append.
    room.does(leave, user('bob'))
    expect(room.refuses(join('bob'), user('eve'))).toBe('not-friend')
  })

  test('Any occupant can send control commands to the quizconductor of the room, if it exists', () => {
    const pause = { type: 'control', control: { name: 'pause' } } as const
    expect(group('bob').refuses(pause, user('bob'))).toBe('no-conductor')
    const room = conducted({ guests: ['bob'] })
    expect(room.refuses(pause, user('stranger'))).toBe('not-occupant')
    expect(room.does(pause, user('bob'))).toEqual(['control.given'])
  })

  test('Any occupant can choose to leave at any time', () => {
    const room = conducted({ guests: ['bob', 'cy'], settings: { lobbyMs: 0 } })
    expect(room.does(leave, user('cy'))).toEqual(['occupant.left'])
    room.run()
    expect(room.game.phase).toBe('question')
    expect(room.does(leave, user('ann'))).toEqual(['occupant.left'])
    expect(room.does(leave, user('ann'))).toEqual(['command.noted'])
  })

  test('Any user can request a room together with other friends, and a message must be simultaneously sent', () => {
    const create = { type: 'createGroup', room: ROOM, others: ['bob'], facts: friends('bob'), ...text('hi') } as const
    const room = new MemoryQuiz()
    expect(room.refuses({ ...create, ...text('  ') }, user('ann'))).toBe('bad-request')
    expect(room.refuses({ ...create, facts: friends() }, user('ann'))).toBe('not-friend')
    expect(room.refuses({ ...create, others: ['bob', 'bob'] }, user('ann'))).toBe('bad-request')
    expect(room.does(create, user('ann'))).toEqual(['room.created', 'message.published'])
    expect(room.it).toMatchObject({ occupants: ['ann', 'bob'], messages: [{ by: 'ann', text: 'hi' }] })
  })

  test('If no room exists with these occupants, a new one is created; a found one that has others now is none', () => {
    const room = group('bob')
    expect(room.send(request(['bob', 'cy']), user('ann'))).toMatchObject({ result: { moved: true } })
    room.does({ type: 'invite', user: 'dan', facts: friends('dan') }, user('ann'))
    expect(room.send(request(['bob']), user('ann'))).toMatchObject({ result: { moved: true } })
  })

  test('If rooms exist with these occupants, the most recent one is returned, and has the message', () => {
    const room = group('bob', 'cy')
    expect(room.does(request(['cy', 'ann'], ['cy', 'ann']), user('bob'))).toEqual(['message.published'])
    expect(room.it.messages.map(({ by }) => by)).toEqual(['ann', 'bob'])
    expect(room.refuses(request(['cy', 'ann'], ['cy']), user('bob'))).toBe('not-friend')
    // Its set of occupants is what a claim points from (room-log.md 14).
    room.does(leave, user('cy'))
    expect(followUps(last(room), room.it)).toEqual([{ type: 'claim', occupants: ['ann', 'bob'] }])
  })

  test('The room is associated with zero or one quizconductor', () => {
    const room = group('bob')
    const epochs: number[] = []
    for (let i = 0; i < 3; i++) {
      expect(room.it.conductor.payload).toBeNull()
      expect(room.does(start, user('bob'))).toEqual(['conductor.wanted'])
      expect(room.refuses(start, user('ann'))).toBe('conductor-running')
      room.startConductor()
      epochs.push(room.it.conductor.epoch)
      expect(room.does({ type: 'terminate' }, user('ann'))).toEqual(['conductor.ended'])
      expect(room.it.game).toBeNull()
    }
    expect(epochs).toEqual([1, 2, 3])
    // A conductor that was terminated does nothing any more, nor does its epoch come back.
    expect(room.conduct({ type: 'say', text: 'hm' })).toEqual({ rule: 'stale-epoch' })
    room.does(start, user('bob'))
    expect(room.conduct({ type: 'say', text: 'hm' })).toEqual({ rule: 'stale-epoch' })
    expect(room.refuses({ type: 'conductorStarted', epoch: 3, holder: 'w1' }, WORKER)).toBe('stale-epoch')
  })

  test('With zero quizconductors, it supports publication of informative messages', () => {
    const room = group('bob')
    const proposal = { deck: 'deck-1', pace: 'host' }
    room.does({ type: 'message', text: 'this one?', proposal }, user('bob'))
    expect(room.it.messages.at(-1)).toMatchObject({ by: 'bob', about: { type: 'proposal', proposal } })
    expect(room.refuses({ type: 'message', ...text('me too') }, user('stranger'))).toBe('not-occupant')
  })

  test('Any occupant can transition a room from zero to one quizconductor with an appropriate payload: it is checked to be legal', () => {
    const room = group('bob')
    expect(room.refuses(start, user('stranger'))).toBe('not-occupant')
    expect(room.refuses({ ...start, facts: deckOf('ann', false) }, user('bob'))).toBe('deck-unplayable')
    expect(room.refuses({ ...start, facts: { deck: null } }, user('bob'))).toBe('deck-unplayable')
    expect(room.refuses({ ...start, payload: payloadOf({ deck: 'other' }) }, user('bob'))).toBe('deck-unplayable')
    expect(room.refuses({ ...start, payload: payloadOf({ scoring: 'magic@1' }) }, user('bob'))).toBe('bad-request')
    expect(room.does(start, user('bob'))).toEqual(['conductor.wanted'])
    expect(followUps(last(room), room.it)).toEqual([{ type: 'lease', desired: 'on' }])
  })

  test('The room will not honor requests from the quizconductor to kick occupants', () => {
    const room = conducted({ guests: ['bob'] })
    expect(room.conduct({ type: 'kick', user: 'bob', reason: 'host' })).toEqual({ rule: 'wrong-kind' })
    expect(room.control({ name: 'kick', user: 'bob' })).toEqual({ rule: 'wrong-kind' })
    expect(room.it.occupants).toEqual(['ann', 'bob'])
  })

  test('It is possible to request that the quizconductor be terminated', () => {
    const room = conducted({ guests: ['bob'] })
    expect(room.refuses({ type: 'terminate' }, user('stranger'))).toBe('not-occupant')
    expect(room.does({ type: 'terminate' }, user('bob'))).toEqual(['conductor.ended'])
    expect(followUps(last(room), room.it)).toEqual([{ type: 'lease', desired: 'off' }])
    expect(room.refuses({ type: 'terminate' }, user('bob'))).toBe('no-conductor')
    expect(room.it.ended).toBeNull()
  })

  test('It is possible to request the creation of a GroupEvanescent room with its current occupants; a message indicates it', () => {
    const room = group('bob', 'cy')
    room.does(leave, user('cy'))
    const spawn = { type: 'spawn', child: 'room-2', payload: payloadOf(), facts: deckOf() } as const
    expect(room.refuses(spawn, user('cy'))).toBe('not-occupant')
    expect(room.refuses({ ...spawn, facts: { deck: null } }, user('bob'))).toBe('deck-unplayable')
    expect(room.does(spawn, user('bob'))).toEqual(['evanescent.spawned'])
    expect(room.it.messages.at(-1)).toMatchObject({ by: 'bob', about: { type: 'spawned', child: 'room-2' } })
    const follows = followUps(last(room), room.it)
    const command = {
      type: 'createSpawned',
      room: 'room-2',
      parent: ROOM,
      occupants: ['ann', 'bob'],
      payload: payloadOf(),
    }
    expect(follows).toMatchObject([{ type: 'spawn', command }])
    const [follow] = follows
    const child = new MemoryQuiz()
    if (follow?.type === 'spawn') child.does(follow.command, WORKER)
    expect(child.it).toMatchObject({ kind: 'GroupEvanescent', parent: ROOM, occupants: ['ann', 'bob'] })
  })
})
