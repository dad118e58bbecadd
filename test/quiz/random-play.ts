import type { Answer } from '../../shared/deck/answers.ts'
import type { QuizCommand } from '../../shared/quiz/commands.ts'
import type { Control } from '../../shared/quiz/controls.ts'
import type { QuizEvent } from '../../shared/quiz/events.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import type { Actor } from '../../shared/log/decider.ts'
import { Random } from '../room/random.ts'
import { type MemoryQuiz, user, WORKER } from './memory.ts'
import { conducted, deckOf, friends, hosted, payloadOf, spawned, text } from './rooms.ts'

const NAMES = ['ann', 'bob', 'cy', '__proto__', 'toString'] as const
/** What only its author may see before the reveal. */
export const OWN_WORDS = 'my own words'

/** Something that somebody may want of a quiz room, sensible or not. */
export function randomCommand(random: Random, { game, conductor }: QuizState): { command: QuizCommand; actor: Actor } {
  const name = random.of(NAMES)
  const at = { round: game?.round ?? 1, question: (game?.asked.length ?? 0) - (random.chance(0.9) ? 1 : 2) }
  const of = (command: QuizCommand) => ({ command, actor: user(name) })
  const facts = friends(...NAMES.filter(() => random.chance(0.7)))
  const epoch = conductor.epoch - (random.chance(0.1) ? 1 : 0)
  const others = NAMES.filter((other) => other !== name && random.chance(0.5))
  return random.of<() => { command: QuizCommand; actor: Actor }>([
    () => of({ type: 'answer', ...at, value: randomAnswer(random, name), facts: { receivedAt: random.below(90_000) } }),
    () => of({ type: 'answer', ...at, value: randomAnswer(random, name), facts: { receivedAt: 0 } }),
    () => of({ type: 'control', control: randomControl(random, at) }),
    () => of({ type: 'join', facts }),
    () => of({ type: 'join', facts }),
    () => of({ type: 'leave' }),
    () => of({ type: 'invite', user: random.of(NAMES), facts }),
    () => of({ type: 'message', ...text('words') }),
    () => of({ type: 'request', others, facts, ...text('again') }),
    () => of({ type: 'startConductor', payload: payloadOf({ lobbyMs: 0 }), facts: deckOf() }),
    () => of({ type: random.chance(0.2) ? 'terminate' : 'leave' }),
    () => of({ type: 'spawn', child: 'child', payload: payloadOf(), facts: deckOf() }),
    () => ({ command: { type: 'conductorStarted', epoch: epoch + 1, holder: random.of(['w1', 'w2']) }, actor: WORKER }),
    () => ({ command: { type: 'conductorReleased', epoch, why: random.of(['dormant', 'handover']) }, actor: WORKER }),
    () => ({
      command: { type: 'takeBack', as: 'parent', child: 'c', occupants: NAMES, reason: 'idle' },
      actor: WORKER,
    }),
    () => ({ command: { type: 'conduct', epoch, step: { type: 'kick', user: name, reason: 'host' } }, actor: WORKER }),
  ])()
}

function randomAnswer(random: Random, name: string): Answer {
  return random.of<Answer>([
    { type: 'single', choice: random.below(4) },
    { type: 'typed', text: `${OWN_WORDS} ${name}` },
    { type: 'ordering', order: [3, 1, 0, 2] },
    { type: 'poll', choice: 1 },
    { type: 'info' },
    { type: 'flash-card', grade: 'good' },
  ])
}

const randomControl = (random: Random, at: { round: number; question: number }): Control =>
  random.of<Control>([
    { name: 'start', round: at.round },
    { name: 'skip', ...at },
    { name: 'next', ...at },
    { name: 'pause' },
    { name: 'resume' },
    { name: 'resume' },
    { name: 'extend', ...at, ms: 100 },
    { name: 'accept', ...at, value: OWN_WORDS },
    { name: 'kick', user: random.of(NAMES) },
    { name: 'end', round: random.chance(0.2) ? at.round : 0 },
    { name: 'configure', payload: payloadOf({ lobbyMs: 0, lateJoin: random.of(['now', 'zero', 'spectator']) }) },
  ])

/** A room that many cards of all kinds were played in, by people who press everything. */
export function played(seed: number, commands = 250): MemoryQuiz {
  const random = new Random(seed)
  const settings = { lobbyMs: 0, questionMs: 3_000, revealMs: 1_000, endMs: 500, shuffle: true } as const
  const room = random.of([hosted, conducted, spawned])({ guests: ['bob'], settings })
  for (let i = 0; i < commands && room.it.ended === null; i++) {
    const { command, actor } = randomCommand(random, room.it)
    room.send(command, actor)
    room.now += random.below(1_500)
    if (room.it.conductor.holder === null || room.it.conductor.epoch === 0) continue
    const { step } = room.move()
    if (step !== null) room.conduct(step, room.it.conductor.epoch)
  }
  return room
}

export const eventAt = (room: MemoryQuiz, i: number): QuizEvent => JSON.parse(room.log[i] ?? 'null')
