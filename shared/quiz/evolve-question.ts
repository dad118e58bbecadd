import { clockFrom } from './conductor/clock.ts'
import { type Asked, type Game, type Mark, type Player, questionOf } from './conductor/game.ts'
import { streakAfter } from './conductor/marks.ts'
import { plays } from './conductor/players.ts'
import type { EventOf, QuizEvent, Remark } from './events.ts'
import type { QuizPayload } from './settings.ts'
import type { QuizState } from './state.ts'
import { EMPTY, entryOf, mapped, withEntry } from './table.ts'

interface Around {
  room: QuizState
  payload: QuizPayload
}

/** A quiz after an event of a question. */
export function evolveQuestion(game: Game, event: QuizEvent, around: Around): Game {
  switch (event.type) {
    case 'question.opened':
      return opened(game, event)
    case 'answer.given':
      return answered(game, event)
    case 'question.revealed':
      return revealed(game, event, around)
    case 'scoreboard.shown':
      return scoreboard(game, event, around)
    case 'answer.accepted':
      return accepted(game, event)
    case 'occupant.warned':
      return { ...game, players: mapped(game.players, (player, user) => warned(player, event.users.includes(user))) }
    default:
      return game
  }
}

/** Whether the newest question has no marks yet: before its reveal, and a flash card's before its scoreboard. */
export const isUnsettled = ({ phase, asked }: Game) =>
  phase === 'question' || (phase === 'reveal' && (asked.at(-1)?.selfGraded ?? false))

const warned = (player: Player, isNow: boolean): Player => (isNow ? { ...player, warned: true } : player)

function opened(game: Game, { at, card, position, limitMs, traits }: EventOf<'question.opened'>): Game {
  return {
    ...game,
    phase: 'question',
    wish: kept(game),
    clock: clockFrom(at, limitMs),
    position: position + 1,
    asked: [...game.asked, { card, limitMs, ...traits, accepted: [] }],
    given: EMPTY,
  }
}

/** A wish is done with the phase that it was for; the end of all is wanted until it comes. */
const kept = ({ wish }: Game) => (wish === 'end' ? wish : null)

/** After the marks were given a late answer is one of them, worth nothing. */
function answered(game: Game, { by, value, ms, late }: EventOf<'answer.given'>): Game {
  const given = withEntry(game.given, by, { value, ms, late })
  const player = entryOf(game.players, by)
  const asked = game.asked.at(-1)
  if (player === null || asked === undefined || isUnsettled(game)) return { ...game, given }
  const mark: Mark = { credit: asked.scored ? 0 : null, points: 0, ms, late }
  const marks = [...upTo(player.marks, questionOf(game)), mark]
  return { ...game, given, players: withEntry(game.players, by, { ...player, marks, silent: 0, warned: false }) }
}

function revealed(game: Game, { at, marks }: EventOf<'question.revealed'>, around: Around): Game {
  const asked = game.asked.at(-1)
  const settled = asked?.selfGraded ? game : settle(game, marks, around)
  // Whoever grades themselves needs the card's time for it.
  const ms = asked?.selfGraded ? asked.limitMs : around.payload.revealMs
  const clock = clockFrom(at, around.payload.pace === 'own' ? ms : null)
  return { ...settled, phase: 'reveal', wish: kept(game), clock }
}

function scoreboard(game: Game, { at, marks }: EventOf<'scoreboard.shown'>, around: Around): Game {
  const settled = isUnsettled(game) ? settle(game, marks, around) : game
  const clock = clockFrom(at, around.payload.pace === 'own' ? around.payload.scoreboardMs : null)
  return { ...settled, phase: 'scoreboard', wish: kept(game), clock }
}

/** The marks of the newest question: every player of the round has one more, or none for it. */
function settle(game: Game, marks: readonly (readonly [string, Mark])[], { room }: Around): Game {
  const asked = game.asked.at(-1)
  if (asked === undefined) return game
  const question = questionOf(game)
  const byUser = new Map(marks)
  const present = new Set(room.occupants)
  const players = mapped(game.players, (player, user) => {
    const mark = byUser.get(user) ?? null
    const isSilent = mark === null && asked.answerable && present.has(user) && plays(player, question)
    return marked(player, mark, { asked, question, isSilent })
  })
  return { ...game, players }
}

/** The marks before a question; none for those of which a late player knows nothing. */
const upTo = (marks: Player['marks'], question: number): (Mark | null)[] =>
  Array.from({ length: question }, (_, i) => marks[i] ?? null)

interface Settling {
  asked: Asked
  question: number
  isSilent: boolean
}

function marked(player: Player, mark: Mark | null, { asked, question, isSilent }: Settling): Player {
  return {
    ...player,
    points: player.points + (mark?.points ?? 0),
    streak: player.spectator ? 0 : streakAfter(player.streak, asked, mark),
    silent: mark !== null ? 0 : player.silent + (isSilent ? 1 : 0),
    warned: mark === null && player.warned,
    marks: [...upTo(player.marks, question), mark],
  }
}

function accepted(game: Game, { question, value, marks }: EventOf<'answer.accepted'>): Game {
  const asked = game.asked.map((each, i) => (i === question ? { ...each, accepted: [...each.accepted, value] } : each))
  const changes = Map.groupBy(marks, ({ user }) => user)
  const players = mapped(game.players, (player, user) => remarked(player, changes.get(user) ?? [], asked))
  return { ...game, asked, players }
}

function remarked(player: Player, changes: readonly Remark[], asked: readonly Asked[]): Player {
  if (changes.length === 0) return player
  const marks = player.marks.map((mark, i) => {
    const change = changes.find(({ question }) => question === i)
    return mark === null || change === undefined ? mark : { ...mark, credit: change.credit, points: change.points }
  })
  const points = marks.reduce((sum, mark) => sum + (mark?.points ?? 0), 0)
  const streak = marks.reduce((row, mark, i) => {
    const question = asked[i]
    return question === undefined ? row : streakAfter(row, question, mark)
  }, 0)
  return { ...player, marks, points, streak }
}
