import type { Card } from '../../shared/deck/cards.ts'
import type { ConductorStep, ServiceCommand } from '../../shared/quiz/commands.ts'
import { type Move, step } from '../../shared/quiz/conductor/step.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import type { Log } from '../../server/log.ts'
import type { QuizRooms } from '../../server/quiz/open.ts'
import { randomId } from '../../server/secrets.ts'
import { type Rule, RuleError } from '../../shared/rules.ts'
import type { AudienceWatch } from './audience.ts'
import type { CardCache } from './cards.ts'
import { CONDUCTOR, releasedId, startedId, stepId } from './commands.ts'
import type { Passes } from './failpoint.ts'
import type { HeldLease } from './lease.ts'
import type { ConductorMetrics } from './metrics.ts'

/**
 * Why a conductor is over. `ended`: the room is. `off`: the room has no conductor any more. `dormant`: nobody was there. `stale`: the log
 * has a newer epoch. `failed`: it cannot go on, and nobody knows why; its lease is left to expire.
 */
export type Over = 'ended' | 'off' | 'dormant' | 'stale' | 'failed'

/** What the conductors of a process share. */
export interface ConductorParts {
  rooms: Pick<QuizRooms, 'watch' | 'send' | 'read'>
  cards: CardCache
  audience: Pick<AudienceWatch, 'attend'>
  /** mongod's time. */
  now: () => Date
  mono: () => number
  /** The process, by an id that no other ever has. */
  holder: string
  dormantMs: number
  passes: Passes
  /** false: acts under whatever epoch the log has and never looks at its lease, so that tests see what the fence is good for. */
  isFenced: boolean
  metrics: Pick<ConductorMetrics, 'epochs' | 'staleCommits'>
  log: Log
}

export interface ConductorOptions {
  room: string
  /** It did something under its epoch. */
  onProgress: () => void
  /** It acts no more. */
  onOver: (why: Over) => void
}

/** Between two attempts after an error, ms. */
const RETRY_MS = { first: 250, most: 5_000 }
/** With a valid lease the database is there, so that so many errors in a row are the room's. */
const MOST_FAILURES = 8
/** Timers take no more. */
const LONGEST_MS = 2 ** 31 - 1

/**
 * Runs the conductor of one room: it folds the log, asks the pure `step`, and sends what that wants under the lease's epoch. It remembers
 * nothing that is not in the log. While its lease is not valid it does nothing at all, until `begin` gives it another.
 */
export function createConductor(parts: ConductorParts, { room, onProgress, onOver }: ConductorOptions) {
  const { rooms, cards, now, mono, passes, isFenced, metrics, log } = parts
  let lease: HeldLease | null = null
  let begunEpoch = 0
  let state: QuizState | null = null
  let watching: Disposable | null = null
  let isOver = false
  let isDue = false
  let running: Promise<void> | null = null
  let busySince: number | null = null
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const audience = parts.audience.attend(room, () => look())

  const mayAct = (held: HeldLease) => !isOver && held === lease && (!isFenced || held.isValid())

  const seen = (next: QuizState | null): void => {
    if (next === null || (state !== null && next.seq <= state.seq)) return
    state = next
    look()
  }

  /** Looks at the room soon: one at a time, and again if something happened meanwhile. */
  const look = (): void => {
    isDue = true
    if (running !== null || lease === null || !mayAct(lease)) return
    running = run(lease).finally(() => {
      running = null
      // Another epoch may have begun while this one was stuck.
      if (isDue) look()
    })
  }

  const run = async (held: HeldLease): Promise<void> => {
    clearTimeout(timer)
    while (isDue && mayAct(held)) {
      isDue = false
      busySince = mono()
      const error = await turn(held).then(
        () => null,
        (thrown: unknown) => ({ thrown }),
      )
      busySince = null
      if (error !== null) await failed(held, error.thrown)
      else failures = 0
    }
  }

  const failed = async (held: HeldLease, error: unknown): Promise<void> => {
    log.warn({ err: error, room }, 'conductor')
    failures++
    if (error instanceof RuleError || (failures >= MOST_FAILURES && held.isValid())) return end('failed')
    isDue = true
    await new Promise((go) => setTimeout(go, Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** (failures - 1))))
  }

  const turn = async (held: HeldLease): Promise<void> => {
    const isBegun = held.epoch === begunEpoch
    if (!isBegun && !(await start(held))) return
    if (state === null || !mayAct(held)) return
    if (state.ended !== null) return end('ended')
    if (state.conductor.payload === null) return end('off')
    const quietSince = state.kind === 'GroupEvanescent' ? null : audience.quietSince()
    const sleepsAt = quietSince === null ? null : quietSince + parts.dormantMs
    if (sleepsAt !== null && sleepsAt <= now().getTime()) return fallAsleep(held, state)
    const move = await moveOf(held)
    if (move?.step != null) await act(held, move.step)
    else if (move !== null) wakeAt(move.wakeAt, audience.changesAt(), sleepsAt)
  }

  /** The first append under an epoch; whether it goes on. */
  const start = async (held: HeldLease): Promise<boolean> => {
    if (watching === null) {
      const watched = await rooms.watch(room, {
        landed: (landed) => seen(landed.state),
        reset: (head) => seen(head.state),
      })
      watching = watched
      seen(watched.head.state)
      if (isOver) stop()
    }
    if (state === null) throw new RuleError('room-gone')
    if (!mayAct(held)) return false
    const started = { type: 'conductorStarted', epoch: held.epoch, holder: parts.holder } as const
    const refusal = await send(held, started, startedId(state, held.epoch))
    if (refusal !== null) return (refused(refusal), false)
    begunEpoch = held.epoch
    metrics.epochs.inc()
    return true
  }

  /** What to do now, on the newest state; null: it may not act any more. The deck is read only if the move looks at it. */
  const moveOf = async (held: HeldLease): Promise<Move | null> => {
    for (;;) {
      const deck = state?.conductor.payload?.deck
      if (state === null || deck === undefined || !mayAct(held)) return null
      const known = cards.known(deck)
      let isAsked = false
      const world = {
        now: now().getTime(),
        salt: randomId(),
        present: audience.present(),
        get cards(): readonly Card[] {
          isAsked = true
          return known ?? []
        },
      }
      const move = step(state, world)
      if (!isAsked || known !== undefined) return move
      await cards.load(deck)
    }
  }

  const act = async (held: HeldLease, next: ConductorStep): Promise<void> => {
    if (state === null) return
    const { seq } = state
    const epoch = isFenced ? held.epoch : state.conductor.epoch
    passes('beforeCommit')
    const refusal = await send(held, { type: 'conduct', epoch, step: next }, stepId(state, epoch))
    if (refusal === null) passes('afterCommitBeforeAck')
    if (refusal !== null && refusal !== 'version-conflict') return refused(refusal)
    if (refusal === null) onProgress()
    isDue = true
    if (refusal === null || state.seq !== seq || !mayAct(held)) return
    seen(await rooms.read(room))
    if (state.seq === seq) throw new Error(`${next.type} was refused on the very version that it was decided on`)
  }

  const fallAsleep = async (held: HeldLease, at: QuizState): Promise<void> => {
    const { epoch } = held
    const refusal = await send(held, { type: 'conductorReleased', epoch, why: 'dormant' }, releasedId(at, epoch))
    if (refusal === null) end('dormant')
    else refused(refusal)
  }

  /** Puts a command into the log: null, or the rule that refused it. Unknown outcomes are repeated under the same id (room-log.md 7). */
  const send = async (held: HeldLease, command: ServiceCommand, id: string): Promise<Rule | null> => {
    for (;;) {
      try {
        const done = await rooms.send({ room, id, actor: CONDUCTOR, command, hash: command.type })
        seen(done.state)
        return null
      } catch (error) {
        if (!(error instanceof RuleError)) throw error
        if (error.rule !== 'unknown-outcome') return error.rule
        // The next epoch finds in the log what became of it.
        if (!mayAct(held)) return 'version-conflict'
      }
    }
  }

  const refused = (rule: Rule): void => {
    if (rule === 'version-conflict') return
    if (rule === 'stale-epoch') metrics.staleCommits.inc()
    if (rule === 'stale-epoch' && !isFenced) throw new Error('it goes on all the same')
    if (rule === 'room-gone' || state?.ended != null) end('ended')
    else if (rule === 'no-conductor' || state?.conductor.payload === null) end('off')
    else if (rule === 'stale-epoch') end('stale')
    else {
      log.warn({ room, rule }, 'a conductor was refused')
      end('failed')
    }
  }

  const wakeAt = (...times: readonly (number | null)[]): void => {
    const next = Math.min(...times.filter((time) => time !== null))
    if (next !== Number.POSITIVE_INFINITY)
      timer = setTimeout(look, Math.min(LONGEST_MS, Math.max(1, next - now().getTime())))
  }

  const stop = (): void => {
    isOver = true
    clearTimeout(timer)
    watching?.[Symbol.dispose]()
    audience[Symbol.dispose]()
  }

  const end = (why: Over): void => {
    if (isOver) return
    stop()
    onOver(why)
  }

  return {
    /** Acts under this lease from now on: the first, or the next epoch after a freeze. */
    begin: (held: HeldLease): void => {
      lease = held
      failures = 0
      look()
    },
    /** Acts no more. */
    stop,
    /** The same, and says so in the log if it had begun there: whoever comes next may go on, also with an evanescent room. */
    handOver: async (): Promise<void> => {
      stop()
      // Its first words may be on their way.
      await running
      if (lease === null || state === null || begunEpoch !== lease.epoch) return
      const command = { type: 'conductorReleased', epoch: lease.epoch, why: 'handover' } as const
      const id = releasedId(state, lease.epoch)
      await rooms.send({ room, id, actor: CONDUCTOR, command, hash: command.type })
    },
    /** Since when it waits for an answer of the database, ms by the monotonic clock; null: it does not. */
    busySince: () => busySince,
  }
}
export type Conductor = ReturnType<typeof createConductor>
