import { type Hold, isHeld } from '../hold.ts'

/** Who speaks: the session's host, or one of its clients. */
export type Side = 'host' | 'client'

/** The times of a connected seat: it lives as long as its session. No TTL sees it; the worker's sweep does. */
export const WITH_SESSION = {
  expiresAt: new Date('9999-12-31T00:00:00.000Z'),
  purgeAt: new Date('9999-12-31T00:00:00.000Z'),
}

interface Slotted extends Hold {
  name: string
  slot: number
}

/** What a join has to do next: take a slot, first remove seats whose clients never came, or give up. */
export type SeatChoice<S> = { take: number } | { evict: S[] } | { refuse: 'client-name-taken' | 'session-full' }

/**
 * Chooses a slot among the live seats of a session. `pick` in [0, 1) spreads simultaneous joins over the free slots, so that
 * few of them collide. The choice may be outdated when it is written: the unique indexes decide.
 */
export function chooseSeat<S extends Slotted>(
  seats: readonly S[],
  { name, maxClients, now, pick }: { name: string; maxClients: number; now: Date; pick: number },
): SeatChoice<S> {
  const namesake = seats.find((seat) => seat.name === name)
  if (namesake !== undefined) return isHeld(namesake, now) ? { refuse: 'client-name-taken' } : { evict: [namesake] }
  const occupied = new Set(seats.map((seat) => seat.slot))
  const free = Array.from({ length: maxClients }, (_, slot) => slot).filter((slot) => !occupied.has(slot))
  const take = free[Math.floor(pick * free.length)]
  if (take !== undefined) return { take }
  const expired = seats.filter((seat) => !isHeld(seat, now))
  return expired.length > 0 ? { evict: expired } : { refuse: 'session-full' }
}
