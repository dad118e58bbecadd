import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { type Destination, pathTo, placeIn, placeOf } from './place.ts'

export type Go = (to: Destination) => void

/** The address changed without the browser saying so. */
const MOVED = 'foyer:demo:moved'
const SIGNS = ['hashchange', 'popstate', MOVED]

function listen(listener: () => void): () => void {
  for (const sign of SIGNS) addEventListener(sign, listener)
  return () => {
    for (const sign of SIGNS) removeEventListener(sign, listener)
  }
}
const address = () => location.search + location.hash

/** Where one is, by the address, and the way to somewhere else. */
export function usePlace() {
  const at = useSyncExternalStore(listen, address)
  const place = useMemo(() => placeIn(location), [at])
  const go = useCallback<Go>((to) => {
    const now = placeIn(location)
    // Back leads to where one chose to go from: not to a room that moved its people on, and not to a link that is used up.
    const isStep = now.at === 'link' || (now.at === 'room' && !('home' in to))
    history[isStep ? 'replaceState' : 'pushState'](null, '', pathTo(placeOf(to)))
    scrollTo(0, 0)
    dispatchEvent(new Event(MOVED))
  }, [])
  return { place, go }
}
