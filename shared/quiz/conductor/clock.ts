import type { Clock } from './game.ts'

export const clockFrom = (from: number, ms: number | null): Clock => ({ from, ms, frozenAt: null })

/** ms since the phase began, without the time for which it stood still. Clocks of servers differ, hence never negative. */
export const elapsed = ({ from, frozenAt }: Clock, now: number) => Math.max(0, (frozenAt ?? now) - from)

/** When the phase passes by itself; null: it stands still, or waits for a control command. */
export const deadlineOf = ({ from, ms, frozenAt }: Clock): number | null =>
  ms === null || frozenAt !== null ? null : from + ms

/** Stops the clock, if it runs: what is left of the phase stays. */
export const frozen = (clock: Clock, at: number): Clock => ({ ...clock, frozenAt: clock.frozenAt ?? at })

/** Lets it run on: with what was left. */
export const thawed = (clock: Clock, at: number): Clock =>
  clock.frozenAt === null ? clock : { ...clock, from: clock.from + Math.max(0, at - clock.frozenAt), frozenAt: null }

/** ms until the phase passes by itself; null: it waits for a control command. What a client's countdown shows. */
export const remaining = (clock: Clock, now: number): number | null =>
  clock.ms === null ? null : Math.max(0, clock.ms - elapsed(clock, now))
