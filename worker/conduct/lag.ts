import type { Ticks } from './lease.ts'

const TICK_MS = 250
/** A process that stood still for longer, or was suspended, looks at its leases before anything else. */
const STOOD_STILL_MS = 1_000

export interface LagOptions {
  ticks: Ticks
  /** How late each tick was, ms. */
  onTick: (lagMs: number) => void
  /** It stood still for so long, ms. */
  onStill: (ms: number) => void
}

/** Watches the event loop: a tick that comes late, and a clock of the day that went on while the monotonic one did not. */
export function watchLag({ ticks, onTick, onStill }: LagOptions) {
  let mono = ticks.mono()
  let wall = ticks.wall()
  let recent = 0
  const timer = setInterval(() => {
    const elapsed = ticks.mono() - mono
    const slept = ticks.wall() - wall - elapsed
    mono = ticks.mono()
    wall = ticks.wall()
    recent = Math.max(0, elapsed - TICK_MS)
    onTick(recent)
    const still = Math.max(recent, slept)
    if (still > STOOD_STILL_MS) onStill(still)
  }, TICK_MS)
  timer.unref()
  return {
    /** How late the newest tick was, ms. */
    recent: () => recent,
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
export type Lag = ReturnType<typeof watchLag>
