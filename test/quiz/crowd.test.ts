import { describe, expect, test } from 'bun:test'
import { quizDecider } from '../../shared/quiz/decider.ts'
import type { QuizCommand } from '../../shared/quiz/commands.ts'
import type { QuizEvent } from '../../shared/quiz/events.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import { entriesOf, sizeOf } from '../../shared/quiz/table.ts'
import { changeOf } from '../../shared/quiz/view-frame.ts'
import { RuleError } from '../../shared/rules.ts'
import type { Actor } from '../../shared/log/decider.ts'
import { RIGHT, singles, WRONG } from './cards.ts'
import { user, WORKER } from './memory.ts'
import { deckOf, friends, payloadOf, ROOM } from './rooms.ts'

/** A big room, folded as its committer folds it: without copies that only tests make. */
class Hall {
  state: QuizState | null = null
  seq = 0
  events: readonly QuizEvent[] = []

  send(command: QuizCommand, actor: Actor): void {
    const decision = quizDecider.decide(this.state, command, { now: 1_000, actor })
    if (decision instanceof RuleError) throw decision
    this.events = decision.events
    for (const event of decision.events) this.state = quizDecider.evolve(this.state, event, ++this.seq)
  }

  get game() {
    const game = this.state?.game
    if (game === undefined || game === null) throw new Error('there is no game')
    return game
  }
}

/** `ann`'s room with 1,000 players in an open question. */
function hall(): Hall {
  const room = new Hall()
  const payload = payloadOf({ lobbyMs: 0 })
  room.send({ type: 'createHosted', room: ROOM, payload, facts: deckOf() }, user('ann'))
  for (let i = 1; i < 1_000; i++) room.send({ type: 'join', facts: friends() }, user(`player-${i}`))
  room.send({ type: 'conductorStarted', epoch: 1, holder: 'w1' }, WORKER)
  const [card] = singles(1)
  if (card === undefined) throw new Error('there is one')
  const step = { type: 'begin', round: 1, order: [card.id], salt: 'salt', position: 0, card } as const
  room.send({ type: 'conduct', epoch: 1, step }, WORKER)
  return room
}

const answer = (value: typeof RIGHT) =>
  ({ type: 'answer', round: 1, question: 0, value, facts: { receivedAt: 1_000 } }) as const

describe('1,000 players', () => {
  test('who all tap twice, with a conductor that dies meanwhile, have one answer each, and none is lost', () => {
    const room = hall()
    for (const name of room.state?.occupants ?? []) {
      room.send(answer(RIGHT), user(name))
      room.send(answer(WRONG), user(name))
      if (name === 'player-500') room.send({ type: 'conductorStarted', epoch: 2, holder: 'w2' }, WORKER)
    }
    const step = { type: 'reveal', round: 1, question: 0, why: 'answered', absent: [] } as const
    room.send({ type: 'conduct', epoch: 2, step }, WORKER)
    expect(sizeOf(room.game.given)).toBe(1_000)
    expect(entriesOf(room.game.players).every(([, { points }]) => points === 1_000)).toBe(true)
    // One document of the log is at most 1 MB (room-log.md 6).
    expect(JSON.stringify(room.events).length).toBeLessThan(200_000)
  })

  test('answer at a rate that no server reaches: an answer costs under 0.2 ms, on a busy machine too', () => {
    const room = hall()
    const names = room.state?.occupants ?? []
    const start = performance.now()
    for (const name of names) room.send(answer(RIGHT), user(name))
    expect((performance.now() - start) / names.length).toBeLessThan(0.2)
  })

  test('come and go with frames of a size that does not grow with the room', () => {
    const room = hall()
    room.send({ type: 'leave' }, user('player-9'))
    const [event] = room.events
    const { state } = room
    if (event === undefined || state === null) throw new Error('nothing happened')
    expect(JSON.stringify(changeOf(event, state, 'ann')).length).toBeLessThan(200)
  })

  test('each get a frame of the reveal with their own rank, of a size that does not grow with the room', () => {
    const room = hall()
    for (const name of room.state?.occupants ?? []) room.send(answer(RIGHT), user(name))
    const step = { type: 'reveal', round: 1, question: 0, why: 'answered', absent: [] } as const
    room.send({ type: 'conduct', epoch: 1, step }, WORKER)
    const [event] = room.events
    const { state } = room
    if (event === undefined || state === null) throw new Error('nothing happened')
    const frames = state.occupants.map((name) => JSON.stringify(changeOf(event, state, name)))
    expect(Math.max(...frames.map((frame) => frame.length))).toBeLessThan(4_000)
  })
})
