/**
 * A hold: a document that occupies a unique name (a mailbox room, a session's name, a seat) while it is `live`.
 * After `expiresAt` anybody may take the name; until somebody does, the holder's secret revives it; at `purgeAt` it is gone.
 * Times are the database's. TTL indexes work on `purgeAt` and are only the broom: these functions are the clock.
 */
export interface Hold {
  live?: true | undefined
  expiresAt: Date
  purgeAt: Date
}

/** Occupied, visible and not to be taken. */
export const isHeld = (hold: Hold | null, now: Date): hold is Hold & { live: true } =>
  hold?.live === true && hold.expiresAt > now

/** Still the holder's, though perhaps expired: nobody took the name and the time for coming back is not over. */
export const isRevivable = (hold: Hold | null, now: Date): hold is Hold & { live: true } =>
  hold?.live === true && hold.purgeAt > now

/** The two times of a hold that is made or renewed now. */
export const holdTimes = (now: Date, times: { expiryMs: number; reviveMs: number }) => ({
  expiresAt: new Date(now.getTime() + times.expiryMs),
  purgeAt: new Date(now.getTime() + times.expiryMs + times.reviveMs),
})
