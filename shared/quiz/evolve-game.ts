import { clockFrom, frozen, thawed } from './conductor/clock.ts'
import { type Game, lobbyOf, type RoundRecord } from './conductor/game.ts'
import { firstPlayer, isRunning, latePlayer } from './conductor/players.ts'
import type { Control } from './controls.ts'
import { evolveQuestion, isUnsettled } from './evolve-question.ts'
import type { EventOf, QuizEvent } from './events.ts'
import type { QuizPayload } from './settings.ts'
import type { QuizState } from './state.ts'
import { EMPTY, entryOf, type Table, withEntry } from './table.ts'

/** The conductor's part after an event. `before` is the room without it, `room` with it, but for the game. */
export function evolveGame(before: QuizState, room: QuizState, event: QuizEvent): Game | null {
  const { payload } = room.conductor
  const { game } = before
  // An evanescent room keeps its results for its occupants, beyond its end.
  if (payload === null) return room.kind === 'GroupEvanescent' ? game : null
  if (event.type === 'room.created' || event.type === 'conductor.wanted')
    return lobbyOf(1, clockFrom(event.at, lobbyMs(payload)), null)
  return game === null ? null : changed(game, event, { room, payload })
}

interface Around {
  room: QuizState
  payload: QuizPayload
}

function changed(game: Game, event: QuizEvent, around: Around): Game {
  switch (event.type) {
    case 'conductor.started':
      return game.paused ? game : { ...game, clock: thawed(game.clock, event.at) }
    case 'conductor.released':
      return event.why === 'dormant' ? { ...game, clock: frozen(game.clock, event.at) } : game
    case 'occupant.joined':
    case 'occupant.added':
      return joined(game, event.user, around)
    case 'occupant.kicked':
      return { ...game, kicks: game.kicks.filter((user) => user !== event.user) }
    case 'occupant.left':
      return game.kicks.includes(event.user)
        ? { ...game, kicks: game.kicks.filter((user) => user !== event.user) }
        : game
    case 'message.published':
      return event.epoch === undefined ? alive(game, event.by) : game
    case 'control.given':
      return controlled(alive(game, event.by), event.control, event.at)
    case 'lobby.opened':
      return reopened(game, event, around)
    case 'round.started':
      return started(game, event, around)
    case 'round.ended':
      return ended(game, event.at, around)
    default:
      return evolveQuestion(game, event, around)
  }
}

const lobbyMs = ({ pace, lobbyMs: ms }: QuizPayload) => (pace === 'own' ? ms : null)

/** Who comes back mid-round has what they had, and is not silent: else a kick would meet them at the door. */
function joined(game: Game, user: string, { payload }: Around): Game {
  if (!isRunning(game) || entryOf(game.players, user) !== null) return alive(game, user)
  return { ...game, players: withEntry(game.players, user, latePlayer(game, payload.lateJoin)) }
}

/** A sign of life: whoever gives one is not silent. */
function alive(game: Game, user: string): Game {
  const player = entryOf(game.players, user)
  if (player === null || (player.silent === 0 && !player.warned)) return game
  return { ...game, players: withEntry(game.players, user, { ...player, silent: 0, warned: false }) }
}

function controlled(game: Game, control: Control, at: number): Game {
  switch (control.name) {
    case 'pause':
      return { ...game, paused: true, clock: frozen(game.clock, at) }
    case 'resume':
      return { ...game, paused: false, clock: thawed(game.clock, at) }
    case 'extend':
      return extended(game, control.ms)
    case 'kick':
      return { ...game, kicks: [...game.kicks, control.user] }
    case 'start':
    case 'skip':
    case 'next':
    case 'end':
      return { ...game, wish: control.name }
    default:
      return game
  }
}

/** All answers to a question are measured by the same time, those from before too. */
function extended(game: Game, ms: number): Game {
  const { clock } = game
  const asked = game.asked.map((each, i) =>
    i === game.asked.length - 1 ? { ...each, limitMs: each.limitMs + ms } : each,
  )
  return { ...game, asked, clock: { ...clock, ms: clock.ms === null ? null : clock.ms + ms } }
}

/** A lobby without cards waits for a host: nothing would come of trying again by itself. */
function reopened(game: Game, { at, round, reason }: EventOf<'lobby.opened'>, { payload }: Around): Game {
  const previous = reason === 'again' ? recordOf(game) : game.previous
  const lobby = lobbyOf(round, clockFrom(at, reason === 'again' ? lobbyMs(payload) : null), previous)
  // The host who did not wait for the lobby wants the round.
  return { ...lobby, kicks: game.kicks, wish: reason === 'again' && game.wish === 'start' ? 'start' : null }
}

const recordOf = ({ round, salt, asked, players }: Game): RoundRecord => ({ round, salt, asked, players })

function started(game: Game, { order, salt }: EventOf<'round.started'>, { room }: Around): Game {
  const players = room.occupants.reduce<Table<ReturnType<typeof firstPlayer>>>(
    (table, user) => withEntry(table, user, firstPlayer()),
    EMPTY,
  )
  return { ...game, order, salt, players, wish: null, position: 0 }
}

/** A question that was not scored yet counts for nobody. An evanescent end passes by itself, whoever hosts: its conductor is finite. */
function ended(game: Game, at: number, { room, payload }: Around): Game {
  const isTimed = payload.pace === 'own' || room.kind === 'GroupEvanescent'
  const left = isUnsettled(game) ? { asked: game.asked.slice(0, -1), given: EMPTY } : {}
  const clock = clockFrom(at, isTimed ? payload.endMs : null)
  return { ...game, phase: 'end', paused: false, wish: null, ...left, clock }
}
