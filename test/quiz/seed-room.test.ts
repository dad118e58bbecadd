import { describe, expect, test } from 'bun:test'
import { LIMITS } from '../../shared/limits.ts'
import { mayRead, viewOf } from '../../shared/quiz/view.ts'
import { user, WORKER } from './memory.ts'
import { CHILD, conducted, friends, group, hosted, solo, spawned, text } from './rooms.ts'

describe('The room object', () => {
  test('Is responsible for allowing / denying users joining the room', () => {
    const join = { type: 'join', facts: friends() } as const
    expect(hosted().does(join, user('stranger'))).toEqual(['occupant.joined'])
    expect(group('bob').refuses(join, user('stranger'))).toBe('not-friend')
    expect(spawned().refuses(join, user('stranger'))).toBe('not-invited')
    for (const room of [group('bob'), spawned(), hosted()]) {
      expect(mayRead(room.it, 'ann')).toBeNull()
      expect(mayRead(room.it, 'stranger')).toBe('not-occupant')
    }
  })

  test('Is responsible for publication of messages, and restricting those from users and quizconductors', () => {
    for (const room of [hosted(), conducted(), solo()]) {
      const message = { type: 'message', ...text('hi') } as const
      expect(room.refuses(message, user('stranger'))).toBe('not-occupant')
      expect(room.does(message, user('ann'))).toEqual(['message.published'])
      expect(room.conduct({ type: 'say', text: 'from the conductor' })).toMatchObject({ events: [{ epoch: 1 }] })
      expect(room.it.messages.at(-1)).toMatchObject({ by: null, text: 'from the conductor' })
      room.startConductor()
      expect(room.conduct({ type: 'say', text: 'from the old one' }, 1)).toEqual({ rule: 'stale-epoch' })
      expect(room.conduct({ type: 'say', text: 'from the next' }, 3)).toEqual({ rule: 'stale-epoch' })
      expect(room.send({ type: 'conduct', epoch: 2, step: { type: 'say', text: 'forged' } }, user('ann'))).toEqual({
        rule: 'forbidden',
      })
      expect(room.conduct({ type: 'say', text: 'from the new one' })).toMatchObject({ events: [{ epoch: 2 }] })
    }
  })

  test('Is responsible for creating / terminating: after the end there is nothing more', () => {
    const room = group()
    room.does({ type: 'leave' }, user('ann'))
    expect(room.refuses({ type: 'message', ...text('hm') }, user('ann'))).toBe('room-gone')
    expect(room.refuses({ type: 'conductorStarted', epoch: 9, holder: 'w' }, WORKER)).toBe('room-gone')
    const old = hosted()
    expect(old.refuses({ type: 'expire', idleSince: 0 }, WORKER)).toBe('version-conflict')
    expect(old.refuses({ type: 'expire', idleSince: 9_000 }, user('ann'))).toBe('forbidden')
    expect(old.does({ type: 'expire', idleSince: 9_000 }, WORKER)).toEqual(['room.ended'])
  })
})

describe('Consistency guarantees under improper termination', () => {
  test('Clients do not maintain more than X displayable messages in history; non-displayable ones push none out', () => {
    const room = group('bob')
    for (let i = 0; i < LIMITS.quiz.messages + 5; i++) {
      room.does({ type: 'message', ...text(`${i}`) }, user('ann'))
      room.does({ type: 'join', facts: friends() }, user('ann'))
    }
    const { messages } = viewOf(room.it, 'bob')
    expect(messages).toHaveLength(LIMITS.quiz.messages)
    expect(messages.at(0)?.text).toBe('5')
    expect(messages.at(-1)?.text).toBe('104')
  })

  test('For Evanescent rooms, quizconductors will not be recreated', () => {
    const room = spawned({ guests: ['bob'] })
    expect(room.refuses({ type: 'conductorStarted', epoch: 2, holder: 'w2' }, WORKER)).toBe('wrong-kind')
    // The process that has it may come back under a newer epoch, and may hand it over.
    expect(room.does({ type: 'conductorStarted', epoch: 2, holder: 'w1' }, WORKER)).toEqual(['conductor.started'])
    room.does({ type: 'conductorReleased', epoch: 2, why: 'handover' }, WORKER)
    expect(room.does({ type: 'conductorStarted', epoch: 3, holder: 'w2' }, WORKER)).toEqual(['conductor.started'])
  })

  test('Each instance on a very long timeout closes rooms without quizconductors', () => {
    const lost = spawned({ guests: ['bob'] })
    const reap = { type: 'reap', epoch: 1, reason: 'conductor-lost' } as const
    expect(lost.refuses(reap, user('ann'))).toBe('forbidden')
    expect(lost.refuses({ ...reap, epoch: 0 }, WORKER)).toBe('stale-epoch')
    expect(lost.does(reap, WORKER)).toEqual(['conductor.ended', 'room.ended'])
    expect(lost.it.ended).toMatchObject({ reason: 'conductor-lost', returnTo: { to: 'parent' } })
    expect(lost.conduct({ type: 'say', text: 'I live' })).toEqual({ rule: 'room-gone' })
    expect(hosted().refuses(reap, WORKER)).toBe('wrong-kind')
  })

  test('There may exist Evanescent rooms that never ran: they are closed, too', () => {
    const started = solo()
    expect(started.refuses({ type: 'reap', epoch: 1, reason: 'never-started' }, WORKER)).toBe('stale-epoch')
    const never = spawned()
    never.state = never.states[0] ?? null
    expect(never.it).toMatchObject({ room: CHILD, conductor: { epoch: 0 } })
    never.does({ type: 'reap', epoch: 0, reason: 'never-started' }, WORKER)
    expect(never.it.ended?.reason).toBe('never-started')
  })
})
