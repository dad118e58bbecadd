import { describe, expect, test } from 'bun:test'
import { type ConductorStep, withoutFacts } from '../../shared/quiz/commands.ts'
import type { Phase } from '../../shared/quiz/conductor/game.ts'
import { controlSchema } from '../../shared/quiz/schema.ts'
import { payloadSchema } from '../../shared/quiz/settings.ts'
import { singles } from './cards.ts'
import { type MemoryQuiz, type Outcome, user, WORKER } from './memory.ts'
import { conducted, deckOf, friends, group, hosted, payloadOf, solo } from './rooms.ts'

const PHASES: readonly Phase[] = ['lobby', 'question', 'reveal', 'scoreboard', 'end']
const SETTINGS = { lobbyMs: 1_000, questionMs: 1_000, graceMs: 0, revealMs: 1_000, scoreboardMs: 1_000, endMs: 1_000 }
const [card] = singles(1)
if (card === undefined) throw new Error('there is one')
const next = { position: 0, card }

/** Each step as it would be right in one phase, and in which. */
const STEPS: readonly (readonly [ConductorStep, readonly Phase[]])[] = [
  [{ type: 'begin', round: 1, order: ['q0'], salt: 's', ...next }, ['lobby']],
  [{ type: 'reveal', round: 1, question: 0, why: 'deadline', absent: [] }, ['question']],
  [{ type: 'scoreboard', round: 1, question: 0 }, ['reveal']],
  [{ type: 'open', round: 1, after: 0, ...next }, ['scoreboard']],
  [{ type: 'finish', round: 1 }, ['question', 'reveal', 'scoreboard']],
  [{ type: 'lobby', round: 2, reason: 'again' }, ['end']],
  [{ type: 'lobby', round: 1, reason: 'no-cards' }, ['lobby']],
]

const epochsOf = (outcome: Outcome) => ('rule' in outcome ? [] : [...new Set(outcome.events.map(({ epoch }) => epoch))])
const NAMED = STEPS.map(([step, phases]) => [step.type, step, phases] as const)

/** A room in a phase; its time is over, so that whatever is due is. */
function roomIn(phase: Phase): MemoryQuiz {
  const room = hosted({ settings: { ...SETTINGS, silentAfter: null }, cards: singles(1) })
  for (const at of PHASES.slice(0, PHASES.indexOf(phase))) {
    expect(room.game.phase).toBe(at)
    room.pass(1_000)
  }
  room.now += 1_000
  return room
}

describe('a step of the conductor', () => {
  for (const phase of PHASES)
    test.each(NAMED)(`in the phase ${phase}: %s is taken only if it was decided on it`, (_, step, phases) => {
      const room = roomIn(phase)
      const before = room.it
      const outcome = room.conduct(step)
      if (phases.includes(phase)) expect(epochsOf(outcome)).toEqual([1])
      else {
        expect(outcome).toMatchObject({ rule: 'version-conflict' })
        expect(room.it).toBe(before)
      }
    })

  test.each(NAMED)('%s acts once: a second conductor of the same thought is refused', (_, step, phases) => {
    const [phase] = phases
    if (phase === undefined || (step.type === 'lobby' && step.reason === 'no-cards')) return
    const room = roomIn(phase)
    room.conduct(step)
    expect(room.conduct(step)).toMatchObject({ rule: 'version-conflict' })
  })

  test.each(NAMED)('%s under an old epoch, or a coming one, is nothing', (_, step) => {
    for (const phase of PHASES) {
      const room = roomIn(phase)
      room.startConductor('w2')
      for (const epoch of [0, 1, 3, Number.NaN]) expect(room.conduct(step, epoch)).toEqual({ rule: 'stale-epoch' })
    }
  })

  test('a question does not end before deadline and grace, or unskipped, or with somebody missing', () => {
    const room = conducted({ guests: ['bob'], settings: { ...SETTINGS, lobbyMs: 0 }, cards: singles(1) })
    room.run()
    room.now += 999
    const reveal = { type: 'reveal', round: 1, question: 0, absent: [] } as const
    for (const why of ['deadline', 'skip', 'answered'] as const)
      expect(room.conduct({ ...reveal, why })).toMatchObject({ rule: 'version-conflict' })
    room.control({ name: 'extend', round: 1, question: 0, ms: 500 })
    room.now += 1
    expect(room.conduct({ ...reveal, why: 'deadline' })).toMatchObject({ rule: 'version-conflict' })
    room.now += 500
    expect(room.conduct({ ...reveal, why: 'deadline' })).toMatchObject({ events: [{ type: 'question.revealed' }] })
  })
})

describe('a pause that the conductor has not seen yet', () => {
  const phases = PHASES.filter((phase) => phase !== 'end')

  test.each(phases)('in the phase %s holds off what it would do', (phase) => {
    const room = roomIn(phase)
    const { step } = room.move()
    if (step === null) throw new Error('it wants nothing')
    room.control({ name: 'pause' })
    expect(room.conduct(step)).toMatchObject({ rule: 'version-conflict' })
    expect(room.move().step).toBeNull()
  })
})

describe('epochs', () => {
  test('only grow, whole numbers, over terminations and new conductors', () => {
    const room = conducted()
    const started = (epoch: number) => room.send({ type: 'conductorStarted', epoch, holder: 'w9' }, WORKER)
    for (const epoch of [1, 0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(started(epoch)).toEqual({ rule: 'stale-epoch' })
    expect(started(5)).toMatchObject({ events: [{ epoch: 5, holder: 'w9' }] })
    room.does({ type: 'terminate' }, user('ann'))
    expect(started(6)).toEqual({ rule: 'no-conductor' })
    room.does({ type: 'startConductor', payload: payloadOf(), facts: deckOf() }, user('ann'))
    expect(started(5)).toEqual({ rule: 'stale-epoch' })
    expect(started(6)).toMatchObject({ events: [{ epoch: 6 }] })
  })

  test('are a service`s to bring: no user starts, conducts, releases or reaps', () => {
    const room = solo()
    for (const command of [
      { type: 'conductorStarted', epoch: 9, holder: 'ann' },
      { type: 'conduct', epoch: 1, step: { type: 'end', reason: 'finished' } },
      { type: 'conductorReleased', epoch: 1, why: 'handover' },
      { type: 'reap', epoch: 1, reason: 'conductor-lost' },
      { type: 'expire', idleSince: 9_999 },
    ] as const)
      expect(room.refuses(command, user('ann'))).toBe('forbidden')
    const back = { type: 'takeBack', as: 'parent', child: 'c', occupants: ['eve'], reason: 'finished' } as const
    expect(group('bob').refuses(back, user('bob'))).toBe('forbidden')
  })

  test('a released one does nothing more', () => {
    const room = hosted()
    room.does({ type: 'conductorReleased', epoch: 1, why: 'handover' }, WORKER)
    expect(room.conduct({ type: 'say', text: 'still me' })).toEqual({ rule: 'stale-epoch' })
    expect(room.refuses({ type: 'conductorReleased', epoch: 1, why: 'handover' }, WORKER)).toBe('stale-epoch')
  })
})

describe('input', () => {
  test('looked up by the service is no part of what a repeat is recognised by', () => {
    const join = { type: 'join', facts: friends('bob') } as const
    expect(withoutFacts(join)).toEqual({ type: 'join' })
    expect(withoutFacts({ type: 'leave' })).toEqual({ type: 'leave' })
  })

  test('of a payload has defaults, and bounds', () => {
    expect(payloadSchema.parse({ deck: 'd' })).toMatchObject({ pace: 'own', graceMs: 500, silentAfter: 3 })
    for (const wrong of [
      {},
      { deck: '' },
      { deck: 'd', questionMs: 10 },
      { deck: 'd', pace: 'x' },
      { deck: 'd', x: 1 },
    ])
      expect(payloadSchema.safeParse(wrong).success).toBe(false)
  })

  test('of a control is one of the table`s', () => {
    expect(controlSchema.safeParse({ name: 'next', round: 1, question: 0 }).success).toBe(true)
    for (const wrong of [{ name: 'next' }, { name: 'explode' }, { name: 'extend', round: 1, question: 0, ms: -1 }])
      expect(controlSchema.safeParse(wrong).success).toBe(false)
  })
})
