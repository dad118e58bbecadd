import { describe, expect, test } from 'bun:test'
import { type Admission, CONTROLS, type Control, type ControlName, type HostPhase } from '../../shared/quiz/controls.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import { card, RIGHT } from './cards.ts'
import { type MemoryQuiz, user } from './memory.ts'
import { conducted, friends, hosted, payloadOf, solo } from './rooms.ts'

const KINDS = { HostedPerpetual: hosted, GroupPerpetual: conducted, GroupEvanescent: solo } as const
type Kind = QuizState['kind']
const PHASES: HostPhase[] = ['lobby', 'question', 'reveal', 'scoreboard', 'end', 'pause']
const typed = (id: string) => card(id, { type: 'typed', accepted: ['Paris'], spelling: 'exact' })

/** A room of `ann` (its host), `bob` (inside) and of no stranger, in a phase; the pause is over an open question. */
function roomIn(kind: Kind, phase: HostPhase): MemoryQuiz {
  const room = KINDS[kind]({ guests: ['bob'], settings: { pace: 'host' }, cards: [typed('a'), typed('b')] })
  if (phase === 'lobby') return room
  room.control({ name: 'start', round: 1 })
  room.run()
  if (phase === 'question') return room
  if (phase === 'pause') {
    room.control({ name: 'pause' })
    return room
  }
  room.control({ name: 'skip', round: 1, question: 0 })
  room.run()
  if (phase === 'reveal') return room
  room.control(phase === 'end' ? { name: 'end', round: 1 } : { name: 'next', round: 1, question: 0 })
  room.run()
  return room
}

const CONTROL_OF: Record<ControlName, (phase: HostPhase) => Control> = {
  start: (phase) => ({ name: 'start', round: phase === 'end' ? 2 : 1 }),
  skip: () => ({ name: 'skip', round: 1, question: 0 }),
  next: () => ({ name: 'next', round: 1, question: 0 }),
  pause: () => ({ name: 'pause' }),
  resume: () => ({ name: 'resume' }),
  extend: () => ({ name: 'extend', round: 1, question: 0, ms: 1_000 }),
  end: () => ({ name: 'end', round: 1 }),
  accept: () => ({ name: 'accept', round: 1, question: 0, value: 'Paname' }),
  kick: () => ({ name: 'kick', user: 'bob' }),
  configure: () => ({ name: 'configure', payload: payloadOf({ pace: 'own' }) }),
}
const NAMES = Object.keys(CONTROLS).filter((name): name is ControlName => Object.hasOwn(CONTROLS, name))
const KIND_NAMES = ['HostedPerpetual', 'GroupPerpetual', 'GroupEvanescent'] as const

/** What a host may do when, written a second time: by phase as in PHASES; does, idle, or refused with wrong-phase. */
const MATRIX: Record<ControlName, string> = {
  start: 'D I I I D R',
  skip: 'I D I I I R',
  next: 'I R D D I R',
  pause: 'D D D D R I',
  resume: 'I I I I I D',
  extend: 'R D R R R D',
  end: 'I D D D I D',
  // Of the open question: it has to be revealed first.
  accept: 'R R D D D R',
  kick: 'D D D D D D',
  configure: 'D R R R D R',
}
const WORDS: Record<string, Admission> = { D: 'does', I: 'idle', R: 'refused' }

/** What must come of a host's control: the table's word, but for what a kind has none of. */
function expected(kind: Kind, name: ControlName, phase: HostPhase): Admission | 'wrong-kind' {
  if (name === 'kick' && kind !== 'HostedPerpetual') return 'wrong-kind'
  if (name === 'start' && phase === 'end' && kind === 'GroupEvanescent') return 'refused'
  return WORDS[MATRIX[name].split(' ')[PHASES.indexOf(phase)] ?? ''] ?? 'refused'
}

const seenAs = (outcome: ReturnType<MemoryQuiz['control']>) =>
  'rule' in outcome ? outcome.rule : outcome.events[0]?.type === 'command.noted' ? 'idle' : 'does'

describe.each(KIND_NAMES)('in a %s room', (kind) => {
  test.each(PHASES)('the room for the phase %s is in it', (phase) => {
    const { game } = roomIn(kind, phase)
    expect(game.paused ? 'pause' : game.phase).toBe(phase)
  })

  for (const phase of PHASES)
    test.each(NAMES)(`in the phase ${phase}, the host's %s does what the table says`, (name) => {
      const room = roomIn(kind, phase)
      const seen = seenAs(room.control(CONTROL_OF[name](phase)))
      const word = expected(kind, name, phase)
      expect(seen).toBe(word === 'refused' ? 'wrong-phase' : word)
    })

  test.each(NAMES)('nobody but a host may %s, in any phase', (name) => {
    for (const phase of PHASES) {
      const room = roomIn(kind, phase)
      const control = CONTROL_OF[name](phase)
      const outsider = kind === 'HostedPerpetual' ? 'not-owner' : 'not-occupant'
      expect(room.control(control, 'stranger')).toEqual({ rule: outsider })
      const inside = seenAs(room.control(control, 'bob'))
      if (kind === 'HostedPerpetual') expect(inside).toBe('not-owner')
      else expect(inside).not.toBe('not-occupant')
    }
  })

  test.each(NAMES.filter((name) => name !== 'extend' && name !== 'configure'))(
    'a second %s of the same meaning changes nothing',
    (name) => {
      for (const phase of PHASES) {
        const room = roomIn(kind, phase)
        const control = CONTROL_OF[name](phase)
        if (seenAs(room.control(control)) !== 'does') continue
        const before = JSON.stringify({ ...room.it, seq: 0, at: 0 })
        expect(seenAs(room.control(control))).toBe('idle')
        expect(JSON.stringify({ ...room.it, seq: 0, at: 0 })).toBe(before)
      }
    },
  )
})

describe('host commands', () => {
  test('mean the question that the host saw: of two hosts who press `next`, one is too late', () => {
    const room = roomIn('GroupPerpetual', 'scoreboard')
    const next = { name: 'next', round: 1, question: 0 } as const
    room.control(next)
    room.run()
    expect(room.game).toMatchObject({ phase: 'question', asked: { length: 2 } })
    room.control({ name: 'skip', round: 1, question: 1 }, 'bob')
    room.run()
    expect(seenAs(room.control(next, 'bob'))).toBe('idle')
    expect(room.game.phase).toBe('reveal')
  })

  test('outlive the conductor: a wish is found by its successor', () => {
    const room = roomIn('HostedPerpetual', 'lobby')
    room.control({ name: 'start', round: 1 })
    room.startConductor('w2')
    room.run()
    expect(room.game.phase).toBe('question')
  })

  test('kick by way of the conductor; whoever was kicked answers no more, and may come back with their points', () => {
    const room = roomIn('HostedPerpetual', 'question')
    room.answer('bob', { type: 'typed', text: 'Paris' })
    room.control({ name: 'kick', user: 'bob' })
    expect(room.it.occupants).toContain('bob')
    room.run()
    expect(room.it.occupants).toEqual(['ann'])
    expect(room.answer('bob', RIGHT)).toEqual({ rule: 'not-occupant' })
    expect(room.control({ name: 'kick', user: 'ann' })).toEqual({ rule: 'forbidden' })
    expect(room.control({ name: 'kick', user: 'bob' })).toEqual({ rule: 'no-such-occupant' })
    room.does({ type: 'join', facts: friends() }, user('bob'))
    room.control({ name: 'skip', round: 1, question: 0 })
    room.run()
    expect(room.game.players.flat().find(([name]) => name === 'bob')?.[1].points).toBe(1_000)
  })

  test('configure rounds to come, on the same deck and by a rule that exists', () => {
    const room = roomIn('HostedPerpetual', 'lobby')
    const configure = (settings: object) => room.control({ name: 'configure', payload: payloadOf(settings) })
    expect(configure({ deck: 'other' })).toEqual({ rule: 'deck-unplayable' })
    expect(configure({ scoring: 'kahoot@1+kahoot@1' })).toMatchObject({ rule: 'bad-request' })
    configure({ scoring: 'linear@1' })
    expect(room.it.conductor.payload?.scoring).toBe('linear@1')
  })
})
