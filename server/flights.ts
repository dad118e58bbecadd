/** How much larger than all that flies a batch must be to leave before one of them has landed. */
const CROWD = 4

export interface FlightOptions {
  /** How many batches may be on their way at once. */
  flights: number
  /** How many entries a batch may hold. */
  size: number
}

/**
 * When the next batch leaves: at once if nothing flies; else when a flight lands, or when a crowd waits. A second flight for
 * a few costs both ends a command more: with three free flights 64 handshakes at once took 2.8 commands each and
 * 2.9 ms of CPU, so 1.4 commands and 2.1 ms. A stuck flight holds up only a few.
 */
export function flightControl({ flights, size }: FlightOptions) {
  let flying = 0
  let aloft = 0
  return {
    mayLeave: (waiting: number) => waiting > 0 && flying < flights && waiting >= Math.min(size, CROWD * aloft),
    /** Counts a flight of so many entries until it has landed. */
    fly: async <T>(entries: number, send: () => Promise<T>): Promise<T> => {
      flying++
      aloft += entries
      try {
        return await send()
      } finally {
        flying--
        aloft -= entries
      }
    },
  }
}
