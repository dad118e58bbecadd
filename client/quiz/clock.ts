import type { ServiceClock } from '../room/command-id.ts'

export interface QuizClock extends ServiceClock {
  /** Something is heard of as it happens, at that time of the service. */
  heard: (at: number) => void
}

/** How many times are remembered: after so many a clock that was set meanwhile is believed again. */
const KEPT = 16

/**
 * The service's time, estimated from when things happened there: whoever hears of an event hears of it at its time or later, so the
 * latest of what such times say comes nearest.
 */
export function quizClock(local: () => number = Date.now): QuizClock {
  let least: number[] = []

  const heard = (at: number): void => {
    least = [...least, at - local()].slice(-KEPT)
  }
  const offset = (): number => (least.length === 0 ? 0 : Math.max(...least))

  return {
    heard,
    /** The service says that its clock shows that, and that ours is wrong. */
    learn: (at) => {
      least = [at - local()]
    },
    now: () => Math.max(0, Math.round(local() + offset())),
  }
}
