import { describe, expect, test } from 'bun:test'
import { quizDecider } from '../../shared/quiz/decider.ts'
import { followUps } from '../../shared/quiz/follow.ts'
import { RuleError } from '../../shared/rules.ts'
import { singles } from './cards.ts'
import { MemoryQuiz, user, WORKER } from './memory.ts'
import { DECK, deckOf, friends, hosted, payloadOf, ROOM } from './rooms.ts'

const kick = (name: string) => ({ type: 'kick', user: name, reason: 'host' }) as const

describe('HostedPerpetual', () => {
  test('To each deck, there are 0 or 1 hosted perpetual rooms; each room is associated with a particular deck', () => {
    const room = hosted()
    expect(room.it).toMatchObject({ kind: 'HostedPerpetual', deck: DECK, owner: 'ann' })
    // The second request meets the room itself; that all requests have one id is the claim's matter.
    const again = { type: 'createHosted', room: ROOM, payload: payloadOf(), facts: deckOf() } as const
    expect(room.refuses(again, user('ann'))).toBe('version-conflict')
    const other = new MemoryQuiz()
    expect(other.refuses(again, user('bob'))).toBe('not-owner')
    expect(other.refuses({ ...again, facts: { deck: null } }, user('ann'))).toBe('deck-unplayable')
  })

  test('The room is always associated with a single quizconductor, which may be dormant if nobody is actively using the room', () => {
    const room = new MemoryQuiz()
    room.does({ type: 'createHosted', room: ROOM, payload: payloadOf(), facts: deckOf() }, user('ann'))
    expect(room.it.conductor).toMatchObject({ payload: { deck: DECK }, holder: null })
    const second = { type: 'startConductor', payload: payloadOf(), facts: deckOf() } as const
    expect(room.refuses(second, user('ann'))).toBe('wrong-kind')
    room.startConductor()
    expect(room.does({ type: 'conductorReleased', epoch: 1, why: 'dormant' }, WORKER)).toEqual(['conductor.released'])
    expect(room.it.conductor).toMatchObject({ payload: { deck: DECK }, holder: null, epoch: 1 })
    room.startConductor('w2')
    expect(room.it.conductor).toMatchObject({ holder: 'w2', epoch: 2 })
    room.does({ type: 'leave' }, user('ann'))
    expect(room.it).toMatchObject({ occupants: [], ended: null, conductor: { payload: { deck: DECK } } })
  })

  test('Only the deck owner is able to send control commands to the quizconductor of the room', () => {
    const room = hosted({ guests: ['bob'] })
    const pause = { type: 'control', control: { name: 'pause' } } as const
    expect(room.refuses(pause, user('bob'))).toBe('not-owner')
    expect(room.refuses(pause, user('stranger'))).toBe('not-owner')
    expect(room.refuses(pause, { user: 'bob', service: true })).toBe('not-owner')
    expect(room.does(pause, user('ann'))).toEqual(['control.given'])
    room.does({ type: 'leave' }, user('ann'))
    expect(room.does({ type: 'control', control: { name: 'resume' } }, user('ann'))).toEqual(['control.given'])
  })

  test('Anybody can join or leave a HostedPerpetual room at any time', () => {
    const room = hosted({ settings: { lobbyMs: 0 } })
    const join = { type: 'join', facts: friends() } as const
    expect(room.does(join, user('stranger'))).toEqual(['occupant.joined'])
    room.run()
    expect(room.game.phase).toBe('question')
    expect(room.does(join, user('bob'))).toEqual(['occupant.joined'])
    expect(room.does(join, user('bob'))).toEqual(['command.noted'])
    for (const name of ['stranger', 'bob', 'ann'])
      expect(room.does({ type: 'leave' }, user(name))).toEqual(['occupant.left'])
    expect(room.it).toMatchObject({ occupants: [], ended: null })
    expect(room.does({ type: 'leave' }, user('ann'))).toEqual(['command.noted'])
  })

  test('Any occupant can invite their friends at any time; the invited friend is sent a notification, and joins through it', () => {
    const room = hosted({ guests: ['bob'] })
    const invite = { type: 'invite', user: 'cy', facts: friends('cy') } as const
    expect(room.refuses(invite, user('stranger'))).toBe('not-occupant')
    expect(room.refuses({ ...invite, facts: friends() }, user('bob'))).toBe('not-friend')
    const [event] = room.does(invite, user('bob')) && room.events.slice(-1)
    if (event === undefined) throw new Error('nothing happened')
    expect(followUps(event, room.it)).toEqual([{ type: 'notify', user: 'cy', why: 'invited', by: 'bob' }])
    expect(room.it).toMatchObject({ occupants: ['ann', 'bob'], invited: ['cy'] })
    expect(room.does(invite, user('ann'))).toEqual(['command.noted'])
    room.does({ type: 'join', facts: friends() }, user('cy'))
    expect(room.it).toMatchObject({ occupants: ['ann', 'bob', 'cy'], invited: [] })
  })

  test('The quizconductor can tell the room to kick any occupant (but for the owner) at any time, and the room will do it', () => {
    const room = hosted({ guests: ['bob', 'cy'] })
    expect(room.conduct(kick('bob'))).toMatchObject({ events: [{ type: 'occupant.kicked', user: 'bob' }] })
    expect(room.conduct(kick('ann'))).toMatchObject({ rule: 'forbidden' })
    expect(room.conduct(kick('bob'))).toMatchObject({ rule: 'version-conflict' })
    expect(room.it.occupants).toEqual(['ann', 'cy'])
    room.does({ type: 'join', facts: friends() }, user('bob'))
    expect(room.it.occupants).toEqual(['ann', 'cy', 'bob'])
  })

  test('This is to handle people leaving the room silently: they are warned, then kicked; whoever shows life stays', () => {
    const room = hosted({
      guests: ['bob', 'cy'],
      settings: { lobbyMs: 0, silentAfter: 2, questionMs: 1_000, revealMs: 0, scoreboardMs: 0, graceMs: 0 },
      cards: singles(5),
    })
    const kicked = () => room.events.filter(({ type }) => type === 'occupant.kicked')
    room.pass(2_000)
    expect(room.events.find(({ type }) => type === 'occupant.warned')).toMatchObject({ users: ['bob', 'cy'] })
    expect(kicked()).toEqual([])
    room.does({ type: 'message', text: 'still here', proposal: null }, user('cy'))
    room.pass(1_000)
    expect(kicked()).toMatchObject([{ user: 'bob', reason: 'silent', epoch: 1 }])
    expect(room.it.occupants).toEqual(['ann', 'cy'])
  })

  test('It is not possible to request that the quizconductor be terminated', () => {
    const room = hosted()
    expect(room.refuses({ type: 'terminate' }, user('ann'))).toBe('wrong-kind')
    expect(room.conduct({ type: 'end', reason: 'finished' })).toMatchObject({ rule: 'wrong-kind' })
    const decision = quizDecider.decide(room.it, { type: 'terminate' }, { now: 1, actor: WORKER })
    expect(decision).toBeInstanceOf(RuleError)
  })
})
