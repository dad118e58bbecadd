import type { QuizView } from '../../shared/quiz/view.ts'
import type { QuizFrame, QuizReply, QuizSeen } from '../../shared/quiz/wire.ts'
import { type FoyerError, toFoyerError } from '../errors.ts'
import { follow, type Reach } from '../follow.ts'
import { pause, retry } from '../retry.ts'
import { createArrival } from '../room/arrival.ts'
import { underNewId } from '../room/command-id.ts'
import type { Attempt, QuizCalls } from './calls.ts'
import type { QuizClock } from './clock.ts'
import { endFrom, endOf, errorOf } from './end.ts'
import { createFold } from './fold.ts'
import { createMoves } from './moves.ts'
import { createShown } from './shown.ts'
import type { QuizEnd } from './types.ts'

export interface CoreOptions {
  room: string
  user: string
  calls: QuizCalls
  clock: QuizClock
  first: QuizView
}

/** How often an ended room is asked where its occupants go, where no stream tells; ms. */
const RETURN_MS = 1_000

/** Brings together what the application does, what the server says, and what is shown. */
export function createCore({ room, user, calls, clock, first }: CoreOptions) {
  const life = new AbortController()
  const { signal } = life
  const fold = createFold(first)
  const shown = createShown({ view: first, counts: fold.counts, state: 'online', move: null, end: null })
  let reach: Reach = 'none'
  let stream = { wake: () => {} }
  let isLeaving = false

  const end = (why: QuizEnd): void => {
    if (signal.aborted) return
    life.abort()
    // The stream may tell of an own leave before the reply does.
    const over: QuizEnd = isLeaving && why.why === 'out' ? { why: 'left' } : why
    arrival.end()
    shown.show({ state: 'ended', end: over })
    shown.emit('state', { state: 'ended' })
    shown.emit('ended', over)
  }

  const moves = createMoves({
    room,
    isLive: (child) =>
      retry(calls.child(child), { signal }).then(
        ({ ended }) => ended === null,
        () => false,
      ),
    onMove: (move) => {
      shown.show({ move })
      if (move !== null) shown.emit('move', move)
    },
  })

  /** After the fold has taken in what the server said. */
  const moved = (isNews: boolean): void => {
    if (isNews) shown.show({ view: fold.view, counts: fold.counts })
    arrival.moved()
    moves.look(fold.view)
    const over = endOf(fold.view, user)
    if (over !== null) end(over)
  }
  const takeView = ({ now, ...view }: QuizSeen): void => {
    clock.heard(now)
    if (!signal.aborted) moved(fold.reset(view))
  }

  const takeFrame = (frame: QuizFrame): void => {
    if (signal.aborted) return
    if (frame.kind === 'snapshot') return takeView(frame.view)
    if (frame.kind === 'counts') return moved(fold.count(frame))
    const last = frame.changes.at(-1)
    // Streams begin with all of the room, so what happened comes as it happens.
    if (last !== undefined) clock.heard(last.at)
    moved(fold.fold(frame))
  }

  const arrival = createArrival<QuizSeen>({
    replica: fold,
    signal,
    get: calls.get,
    isPolling: () => reach === 'polls',
    wake: () => stream.wake(),
    takeNews: takeView,
    onEnd: (error) => end(endFrom(error)),
  })

  /** There is no stream of a room that is over. Where its occupants go may not be known yet. */
  const askOn = async (error: FoyerError): Promise<void> => {
    for (;;) {
      takeView(await retry(calls.get, { signal }))
      if (signal.aborted) return
      if (fold.view.ended === null) throw error
      await pause(RETURN_MS, signal)
    }
  }
  const streamEnded = (error: FoyerError): void => {
    if (error.rule !== 'room-gone') return end(endFrom(error))
    askOn(error).catch((thrown: unknown) => end(endFrom(toFoyerError(thrown))))
  }

  /**
   * A command, once, under an id of its own. `view`: the reply has the room as it is then, which is much for a full one; `events`:
   * resolves once what happened has come, as it does by itself.
   */
  const command = async (attempt: Attempt, by: 'view' | 'events'): Promise<QuizReply> => {
    const { end: over } = shown.snapshot
    if (over !== null) throw errorOf(over)
    const reply = by === 'view' || reach !== 'stream' ? 'room' : 'result'
    const said = await underNewId(clock, (id) => retry((one) => attempt({ id, reply }, one), { signal }))
    if (said.now === null) return said
    takeView(said.now)
    return said
  }

  return {
    shown,
    end,
    command,
    arrived: arrival.arrived,
    /** Whether this client has asked to leave. */
    leaving: (is: boolean) => void (isLeaving = is),
    begin: (): void => {
      moved(false)
      if (signal.aborted) return
      stream = follow<QuizFrame | { id: string; data: QuizFrame }>({
        subscribe: (handlers) => calls.events(fold.at, handlers),
        poll: async (one) => [snapshotOf(await calls.get(one))],
        onNews: (item) => takeFrame('data' in item ? item.data : item),
        onReach: (next) => {
          reach = next
          const state = next === 'none' ? 'offline' : 'online'
          if (shown.snapshot.state === state) return
          shown.show({ state })
          shown.emit('state', { state })
        },
        onEnd: streamEnded,
        signal,
      })
    },
  }
}
export type Core = ReturnType<typeof createCore>

const snapshotOf = (view: QuizSeen): QuizFrame => ({ kind: 'snapshot', version: view.version, why: 'resync', view })
