import { describe, expect, test } from 'bun:test'
import { createReturnedOf, followUps, insteadOfParent, takeBackOf } from '../../shared/quiz/follow.ts'
import { viewOf } from '../../shared/quiz/view.ts'
import { singles } from './cards.ts'
import { MemoryQuiz, user, WORKER } from './memory.ts'
import { add, CHILD, DECK, deckOf, friends, group, hosted, payloadOf, playOut, ROOM, solo, spawned } from './rooms.ts'

const short = { cards: singles(2), settings: { lobbyMs: 0, questionMs: 1_000, revealMs: 0, scoreboardMs: 0, endMs: 0 } }

describe('GroupEvanescent', () => {
  test('There are only two ways to create one: from a deck`s page, for its user alone', () => {
    const create = { type: 'createSolo', room: CHILD, payload: payloadOf(), facts: deckOf() } as const
    const room = new MemoryQuiz()
    expect(room.refuses({ ...create, facts: deckOf('ann', false) }, user('bob'))).toBe('deck-unplayable')
    room.does(create, user('bob'))
    expect(room.it).toMatchObject({ kind: 'GroupEvanescent', occupants: ['bob'], parent: null, deck: DECK })
  })

  test('The other way is from a GroupPerpetual room: no user does it past that room, and no other kind spawns', () => {
    const payload = payloadOf()
    const create = { type: 'createSpawned', room: CHILD, parent: ROOM, occupants: ['ann', 'bob'], payload } as const
    expect(new MemoryQuiz().refuses(create, user('ann'))).toBe('forbidden')
    const spawn = { type: 'spawn', child: CHILD, payload, facts: deckOf() } as const
    for (const room of [hosted(), solo()]) expect(room.refuses(spawn, user('ann'))).toBe('wrong-kind')
  })

  test('The parent GroupPerpetual room is remembered, but this information is hidden from clients', () => {
    const room = spawned({ guests: ['bob'], ...short })
    expect(room.it.parent).toBe(ROOM)
    playOut(room)
    expect(room.it.ended?.returnTo).toMatchObject({ to: 'parent', room: ROOM })
    for (const state of room.states) expect(JSON.stringify(viewOf(state, 'bob'))).not.toContain(ROOM)
    room.does({ type: 'returned', to: ROOM }, WORKER)
    expect(viewOf(room.it, 'bob').ended?.returnTo).toEqual({ to: 'room', room: ROOM })
  })

  test('It is NOT possible to leave; as such, all GroupEvanescent rooms have at least one occupant', () => {
    const room = spawned({ guests: ['bob'] })
    for (const name of ['bob', 'ann', 'stranger'])
      expect(room.refuses({ type: 'leave' }, user(name))).toBe('cannot-leave')
    expect(room.conduct({ type: 'kick', user: 'bob', reason: 'silent' })).toEqual({ rule: 'wrong-kind' })
    expect(room.control({ name: 'kick', user: 'bob' })).toEqual({ rule: 'wrong-kind' })
    expect(room.it.occupants).toEqual(['ann', 'bob'])
  })

  test('It is always associated with a single quizconductor', () => {
    const room = spawned()
    expect(room.it.conductor.payload).toEqual(payloadOf())
    const start = { type: 'startConductor', payload: payloadOf(), facts: deckOf() } as const
    expect(room.refuses(start, user('ann'))).toBe('wrong-kind')
    expect(room.refuses({ type: 'terminate' }, user('ann'))).toBe('wrong-kind')
    expect(room.refuses({ type: 'conductorReleased', epoch: 1, why: 'dormant' }, WORKER)).toBe('wrong-kind')
  })

  test('One may join by being invited by an occupant, but it is not possible to independently join', () => {
    const room = solo()
    const join = { type: 'join', facts: friends('ann') } as const
    expect(room.refuses(join, user('bob'))).toBe('not-invited')
    const invite = { type: 'invite', user: 'bob', facts: friends('bob') } as const
    expect(room.refuses(invite, user('cy'))).toBe('not-occupant')
    expect(room.refuses({ ...invite, facts: friends() }, user('ann'))).toBe('not-friend')
    room.does(invite, user('ann'))
    expect(room.it.occupants).toEqual(['ann'])
    expect(room.does(join, user('bob'))).toEqual(['occupant.joined'])
    expect(room.refuses(join, user('cy'))).toBe('not-invited')
  })

  test('Any occupant can send control commands to the quizconductor of the room', () => {
    const room = spawned({ guests: ['bob'] })
    expect(room.control({ name: 'pause' }, 'bob')).toMatchObject({ events: [{ type: 'control.given' }] })
    expect(room.control({ name: 'resume' }, 'ann')).toMatchObject({ events: [{ type: 'control.given' }] })
    expect(room.control({ name: 'pause' }, 'stranger')).toEqual({ rule: 'not-occupant' })
  })

  test('The quizconductor is expected to have a finite lifespan, eventually terminating, also where no host ever goes on', () => {
    const own = spawned(short)
    playOut(own)
    expect(own.it.ended).toMatchObject({ reason: 'finished' })
    const stuck = spawned({ ...short, settings: { pace: 'host' } })
    stuck.control({ name: 'start', round: 1 })
    stuck.run()
    stuck.control({ name: 'pause' })
    stuck.pass(1_900_000)
    expect(stuck.game.phase).toBe('end')
    playOut(stuck)
    expect(stuck.it.ended).not.toBeNull()
  })

  test('When the quizconductor self-terminates, the room is terminated', () => {
    const room = solo(short)
    playOut(room)
    expect(room.events.slice(-2).map(({ type }) => type)).toEqual(['conductor.ended', 'room.ended'])
    expect(room.refuses({ type: 'message', text: 'hm', proposal: null }, user('ann'))).toBe('room-gone')
    expect(room.conduct({ type: 'say', text: 'hm' })).toEqual({ rule: 'room-gone' })
  })

  test('With a parent, and no addition in occupants, all are returned to that parent; who had left it is added again', () => {
    const room = spawned({ guests: ['bob', 'cy'], ...short })
    playOut(room)
    expect(room.it.ended?.returnTo).toEqual({ to: 'parent', room: ROOM, occupants: ['ann', 'bob', 'cy'] })
    const parent = group('bob', 'cy')
    parent.does({ type: 'leave' }, user('bob'))
    const back = takeBackOf(room.it, 'parent')
    if (back === null) throw new Error('nobody goes back')
    expect(parent.refuses(back, user('ann'))).toBe('forbidden')
    expect(parent.does(back, WORKER)).toEqual(['occupant.added', 'evanescent.returned'])
    expect(parent.it.occupants.toSorted()).toEqual(['ann', 'bob', 'cy'])
    expect(parent.it.messages.at(-1)?.about).toEqual({ type: 'returned', child: CHILD, reason: 'finished' })
  })

  test('Otherwise a GroupPerpetual room is requested that contains exactly the current occupants, with a message of the reason', () => {
    const room = spawned({ guests: ['bob'], ...short })
    add(room, 'cy')
    playOut(room)
    expect(room.it.ended?.returnTo).toEqual({ to: 'group', occupants: ['ann', 'bob', 'cy'] })
    const back = takeBackOf(room.it, 'exact')
    const make = createReturnedOf(room.it, 'room-3')
    if (back === null || make === null) throw new Error('nobody goes back')
    // Retrieved: bob and cy are no friends, and nobody asks.
    expect(group('cy', 'bob').does(back, WORKER)).toEqual(['evanescent.returned'])
    expect(group('bob').send(back, WORKER)).toMatchObject({ result: { moved: true } })
    const made = new MemoryQuiz()
    expect(made.does(make, WORKER)).toEqual(['room.created', 'evanescent.returned'])
    expect(made.it).toMatchObject({ kind: 'GroupPerpetual', occupants: ['ann', 'bob', 'cy'] })
    expect(made.it.messages).toMatchObject([{ by: null, about: { type: 'returned', reason: 'finished' } }])
  })

  test('The same for occupants without a parent, and for a parent that closed meanwhile, which counts as none', () => {
    const room = solo({ guests: ['bob'], ...short })
    playOut(room)
    expect(room.it.ended?.returnTo).toEqual({ to: 'group', occupants: ['ann', 'bob'] })
    const child = spawned({ guests: ['bob'], ...short })
    playOut(child)
    const parent = group()
    parent.does({ type: 'leave' }, user('ann'))
    const back = takeBackOf(child.it, 'parent')
    if (back === null) throw new Error('nobody goes back')
    expect(parent.refuses(back, WORKER)).toBe('room-gone')
    expect(insteadOfParent(child.it)).toEqual({ to: 'group', occupants: ['ann', 'bob'] })
  })

  test('If this is a solo room, the occupant is returned to the deck that it was serving', () => {
    const room = solo(short)
    playOut(room)
    expect(room.it.ended?.returnTo).toEqual({ to: 'deck', deck: DECK, occupants: ['ann'] })
    expect(viewOf(room.it, 'ann').ended?.returnTo).toEqual({ to: 'deck', deck: DECK })
    const alone = spawned(short)
    playOut(alone)
    expect(insteadOfParent(alone.it)).toMatchObject({ to: 'deck', deck: DECK })
  })

  test('Its occupants are returned once, whoever does it', () => {
    const room = spawned({ guests: ['bob'], ...short })
    expect(room.refuses({ type: 'returned', to: ROOM }, WORKER)).toBe('wrong-phase')
    playOut(room)
    const event = room.events.at(-1)
    if (event === undefined) throw new Error('nothing happened')
    expect(followUps(event, room.it)).toMatchObject([{ type: 'lease', desired: 'off' }, { type: 'return' }])
    expect(room.refuses({ type: 'returned', to: ROOM }, user('ann'))).toBe('forbidden')
    expect(room.does({ type: 'returned', to: ROOM }, WORKER)).toEqual(['room.returned'])
    expect(room.send({ type: 'returned', to: 'other' }, WORKER)).toMatchObject({
      events: [{ type: 'command.noted' }],
      result: { to: ROOM },
    })
  })
})
