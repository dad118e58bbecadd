import type { ServiceClock } from '../room/command-id.ts'

export interface QuizClock extends ServiceClock {
  /** Something happened at that time of the service, and is heard of now, perhaps much later. */
  heard: (at: number) => void
  /** The same, of something that is heard of as it happens. */
  heardLive: (at: number) => void
}

/** How many times are remembered: after so many a clock that was set meanwhile is believed again. */
const KEPT = 16

/**
 * The service's time, estimated from when things happened there: whoever hears of an event hears of it at its time or later, so the
 * latest of what such times say comes nearest. Until one was heard of as it happened, the local clock counts, unless that is impossible.
 */
export function quizClock(local: () => number = Date.now): QuizClock {
  let least: number[] = []
  let isCertain = false

  const heard = (at: number): void => {
    least = [...least, at - local()].slice(-KEPT)
  }
  const offset = (): number => Math.max(...least, isCertain ? Number.NEGATIVE_INFINITY : 0)

  return {
    heard,
    heardLive: (at) => {
      heard(at)
      isCertain = true
    },
    /** The service says that its clock shows that, and that ours is wrong. */
    learn: (at) => {
      least = [at - local()]
      isCertain = true
    },
    now: () => Math.max(0, Math.round(local() + offset())),
  }
}
