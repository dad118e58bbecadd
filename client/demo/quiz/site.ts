import { createContext, useContext } from 'react'
import type { FoyerClient } from '../../index.ts'
import type { Go } from './use-place.ts'

/** Who is here, and what everything below needs of them. */
export interface Site {
  client: FoyerClient
  /** For the one request that is no procedure: the upload of a deck. */
  token: string
  /** The own user id. */
  me: string
  name: string
  go: Go
}

export const SiteContext = createContext<Site | null>(null)

export function useSite(): Site {
  const site = useContext(SiteContext)
  if (site === null) throw new Error('this is shown to who is signed in only')
  return site
}
