/** The most that a player's way to the server is made up for (leases-quiz.md Q3). */
export const CREDIT_CAP_MS = 250

export interface Arrival {
  /** When the question was opened and when the answer came, ms by mongod's clock. A pause moves `openedAt` on by its length. */
  openedAt: number
  receivedAt: number
  /** null: no limit. */
  limitMs: number | null
  /** How much later than the limit an answer may come, since the way takes time. */
  graceMs: number
  /** What the server's own pings say of the player's way; never what the player says. */
  creditMs?: number
}

/**
 * How long a player took, ms from 0 to the limit; null for an answer that came too late, which is kept as that and worth nothing
 * (leases-quiz.md Q2). The credit makes an answer faster, never a late one punctual.
 */
export function tookMs({ openedAt, receivedAt, limitMs, graceMs, creditMs = 0 }: Arrival): number | null {
  const passed = receivedAt - openedAt
  if (limitMs !== null && passed > limitMs + graceMs) return null
  const credited = Math.max(0, passed - Math.min(CREDIT_CAP_MS, Math.max(0, creditMs)))
  return limitMs === null ? credited : Math.min(limitMs, credited)
}
