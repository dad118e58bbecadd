import type { ReactNode } from 'react'
import { toFoyerError } from '../../../index.ts'
import { quizWords } from '../words.ts'

export interface ListingProps {
  query: {
    isPending: boolean
    error: Error | null
    data: unknown
    hasNextPage: boolean
    fetchNextPage: () => unknown
  }
  /** Said in place of a list without anything in it. */
  empty: ReactNode
  /** The rows. */
  children: readonly ReactNode[]
}

/** A list that comes page by page. What it showed last stays while the server is away. */
export function Listing({ query, empty, children }: ListingProps) {
  const { isPending, error, data, hasNextPage, fetchNextPage } = query
  return (
    <>
      {isPending && <p className="dim">Looking …</p>}
      {error !== null && (
        <p className="trouble" role="status">
          {quizWords(toFoyerError(error))}
        </p>
      )}
      {data !== undefined && children.length === 0 && <div className="empty">{empty}</div>}
      {children.length > 0 && <ul className="people">{children}</ul>}
      {hasNextPage && (
        <button type="button" className="quiet" onClick={() => fetchNextPage()}>
          More
        </button>
      )}
    </>
  )
}
