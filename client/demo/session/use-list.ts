import { useEffect, useState } from 'react'
import { connect, type FoyerClient, toFoyerError, type FoyerError } from '../../index.ts'

export interface ListFilter {
  search: string
  /** Only sessions with a free seat. */
  free: boolean
}
export type Listed = Awaited<ReturnType<FoyerClient['session']['list']['query']>>

const EVERY_MS = 3_000
const client = connect({ url: '' })

/** The public list, asked for again and again while somebody looks at it. */
export function useList({ search, free }: ListFilter) {
  const [list, setList] = useState<{ found: Listed | null; error: FoyerError | null }>({ found: null, error: null })
  useEffect(() => {
    const over = new AbortController()
    const { signal } = over
    const ask = async () => {
      if (document.hidden) return
      try {
        const wanted = search.trim() === '' ? {} : { search: search.trim() }
        const found = await client.session.list.query({ ...wanted, free, limit: 50 }, { signal })
        if (!signal.aborted) setList({ found, error: null })
      } catch (thrown) {
        if (!signal.aborted) setList(({ found }) => ({ found, error: toFoyerError(thrown) }))
      }
    }
    void ask()
    const timer = setInterval(ask, EVERY_MS)
    document.addEventListener('visibilitychange', ask)
    return () => {
      over.abort()
      clearInterval(timer)
      document.removeEventListener('visibilitychange', ask)
    }
  }, [search, free])
  return list
}
