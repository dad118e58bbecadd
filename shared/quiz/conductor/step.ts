import type { Card } from '../../deck/cards.ts'
import { LIMITS } from '../../limits.ts'
import type { ConductorStep } from '../commands.ts'
import type { QuizPayload } from '../settings.ts'
import type { QuizState } from '../state.ts'
import { deadlineOf } from './clock.ts'
import { type Game, questionOf } from './game.ts'
import { nextCard, roundOrder } from './order.ts'
import { allAnswered } from './players.ts'
import { isAbandoned, silentOnes } from './silence.ts'

/** What the conductor sees beside its room's log. */
export interface World {
  /** ms by mongod's clock. */
  now: number
  /** The deck as it is now. */
  cards: readonly Card[]
  /** Random text, new for each call: at the beginning of a round it becomes its salt. Nobody else may know it. */
  salt: string
  /** Who has a connection; null: unknown, so that everybody in the room is waited for. */
  present: ReadonlySet<string> | null
}

/** What to do now, and when to look again if nothing happens before; null: only when something happens. */
export interface Move {
  step: ConductorStep | null
  wakeAt: number | null
}

/**
 * The quizconductor: pure, and without any memory but the room's log, so that any process goes on where another died. To be called
 * after every event of the room, every change of who is present, and at `wakeAt`. What it wants is sent as `conduct` under its epoch;
 * refused with version-conflict, it looks again; with stale-epoch or room-gone, it is over.
 */
export function step(state: QuizState, world: World): Move {
  const { game, conductor } = state
  if (game === null || conductor.payload === null || state.ended !== null) return { step: null, wakeAt: null }
  const view = { state, game, payload: conductor.payload, world }
  const [kicked] = game.kicks.filter((user) => state.occupants.includes(user))
  if (kicked !== undefined) return act({ type: 'kick', user: kicked, reason: 'host' })
  if (isAbandoned(state, world.now)) return abandon(game)
  const move = PHASES[game.phase](view)
  return move.step === null && state.kind === 'GroupEvanescent' ? { ...move, wakeAt: sooner(move, state) } : move
}

interface View {
  state: QuizState
  game: Game
  payload: QuizPayload
  world: World
}

const act = (step: ConductorStep): Move => ({ step, wakeAt: null })
const wait = (wakeAt: number | null): Move => ({ step: null, wakeAt })
const sooner = ({ wakeAt }: Move, { at }: QuizState) =>
  Math.min(wakeAt ?? Number.POSITIVE_INFINITY, at + LIMITS.quiz.evanescentIdleMs)

const PHASES: Record<Game['phase'], (view: View) => Move> = { lobby, question, reveal, scoreboard, end }

/** Over with an evanescent quiz that nobody goes on with. */
const abandon = ({ phase, round }: Game): Move =>
  act(phase === 'lobby' || phase === 'end' ? { type: 'end', reason: 'idle' } : { type: 'finish', round })

/** A phase that passes by time, or as a host wishes; not while paused. */
function passes({ game, world }: View, wishes: readonly Game['wish'][]): Move | 'now' {
  if (game.paused) return wait(null)
  if (wishes.includes(game.wish)) return 'now'
  const deadline = deadlineOf(game.clock)
  return deadline !== null && world.now >= deadline ? 'now' : wait(deadline)
}

function lobby(view: View): Move {
  const { state, game, payload, world } = view
  const pass = passes(view, ['start'])
  if (pass !== 'now') return pass
  if (state.occupants.length === 0) return wait(null)
  const { round } = game
  const order = roundOrder(world.cards, payload, world.salt)
  const next = nextCard(order, 0, world.cards)
  if (next !== null) return act({ type: 'begin', round, order, salt: world.salt, ...next })
  return act(
    state.kind === 'GroupEvanescent'
      ? { type: 'end', reason: 'no-cards' }
      : { type: 'lobby', round, reason: 'no-cards' },
  )
}

function question({ state, game, payload, world }: View): Move {
  const { round, wish, paused, clock, asked } = game
  if (wish === 'end') return act({ type: 'finish', round })
  if (paused) return wait(null)
  const absent = world.present === null ? [] : state.occupants.filter((user) => !world.present?.has(user))
  const reveal = { type: 'reveal', round, question: questionOf(game), absent: [] } as const
  if (wish === 'skip') return act({ ...reveal, why: 'skip' })
  if (!asked.at(-1)?.selfGraded && allAnswered(state, game, new Set(absent)))
    return act({ ...reveal, why: 'answered', absent })
  const deadline = deadlineOf(clock)
  if (deadline === null) return wait(null)
  const closes = deadline + payload.graceMs
  return world.now >= closes ? act({ ...reveal, why: 'deadline' }) : wait(closes)
}

/** Between two questions there is time to look who is still there. */
function reveal(view: View): Move {
  const { state, game } = view
  const { round, wish } = game
  if (wish === 'end') return act({ type: 'finish', round })
  const { toWarn, toKick } = silentOnes(state)
  const [kicked] = toKick
  if (kicked !== undefined) return act({ type: 'kick', user: kicked, reason: 'silent' })
  if (toWarn.length > 0) return act({ type: 'warn', users: toWarn })
  const pass = passes(view, ['next'])
  return pass === 'now' ? act({ type: 'scoreboard', round, question: questionOf(game) }) : pass
}

function scoreboard(view: View): Move {
  const { game, world } = view
  const { round, wish, order, position } = game
  if (wish === 'end') return act({ type: 'finish', round })
  const pass = passes(view, ['next'])
  if (pass !== 'now') return pass
  const next = nextCard(order, position, world.cards)
  return act(next === null ? { type: 'finish', round } : { type: 'open', round, after: questionOf(game), ...next })
}

function end(view: View): Move {
  const { state, game } = view
  const pass = passes(view, ['start'])
  if (pass !== 'now') return pass
  if (state.kind === 'GroupEvanescent') return act({ type: 'end', reason: 'finished' })
  return act({ type: 'lobby', round: game.round + 1, reason: 'again' })
}
