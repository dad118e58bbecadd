import type { Env } from '../server/env.ts'
import type { Log } from '../server/log.ts'
import type { Store } from '../server/store/connect.ts'
import { loop } from './loop.ts'
import type { WorkerMetrics } from './metrics.ts'
import { openWorkerQuiz } from './quiz/open.ts'
import { createQuizSweep } from './quiz.ts'
import { createRoomSweep } from './rooms.ts'
import { sweep } from './sweep.ts'

/** How often a worker looks for what follows from events and was left undone, and for rooms whose conductor is lost: people wait there. ms */
const FOLLOW_UP_MS = 2_000

export interface SweepsOptions {
  store: Store
  env: Env
  log: Log
  metrics: WorkerMetrics
}

/** Starts all that a worker does again and again: it needs no leader, so that any number of workers may do it. */
export function startSweeps({ store, env, log, metrics }: SweepsOptions) {
  const stopping = new AbortController()
  const { signal } = stopping
  const { rooms: quizRooms, duties } = openWorkerQuiz({ store, log, metrics, shutdown: signal })
  const rooms = createRoomSweep({ store, env, log, metrics })
  const quiz = createQuizSweep({ store, env, log, metrics, rooms: quizRooms, perform: duties.perform })
  const onError = (error: unknown) => {
    metrics.failures.inc()
    log.error({ err: error }, 'sweep failed')
  }
  const turns = { sweep: performance.now(), followUp: performance.now() }

  const sweepAll = async () => {
    // Each by itself: what fails in one does not hold up the others.
    for (const step of [() => sweep(store, metrics), rooms.sweep, quiz.sweep]) await step().catch(onError)
  }
  const followUp = async () => {
    for (const step of [quiz.followUp, quiz.endLost]) await step().catch(onError)
  }
  const running = Promise.all([
    loop({
      everyMs: env.SWEEP_MS,
      turn: sweepAll,
      onError,
      onTurnEnd: () => void (turns.sweep = performance.now()),
      signal,
    }),
    loop({
      everyMs: FOLLOW_UP_MS,
      turn: followUp,
      onError,
      onTurnEnd: () => void (turns.followUp = performance.now()),
      signal,
    }),
  ])

  return {
    /** When the last turn ended of the loop that stands still for longest, by `performance.now()`. */
    lastTurn: () => Math.min(turns.sweep, turns.followUp),
    reap: quiz.reap,
    /** Resolves when the last turns have ended. */
    stop: async () => {
      stopping.abort()
      await running
    },
    /** Keeps the snapshots of what was folded. */
    close: async () => void (await Promise.all([rooms.close(), quizRooms.close()])),
  }
}
export type Sweeps = ReturnType<typeof startSweeps>
