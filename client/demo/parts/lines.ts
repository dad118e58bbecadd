import { useCallback, useState } from 'react'

/** One line of a chat. */
export interface Line {
  id: number
  from: 'me' | 'peer' | 'system'
  /** Who says it, where there are more than two. */
  who?: string
  text: string
  at: Date
}

export type NewLine = Omit<Line, 'id' | 'at'>

const KEPT = 500

/** The lines of a chat, oldest first, bounded. */
export function useLines() {
  const [lines, setLines] = useState<readonly Line[]>([])
  const say = useCallback((line: NewLine) => {
    setLines((all) => [...all.slice(-KEPT), { ...line, id: (all.at(-1)?.id ?? 0) + 1, at: new Date() }])
  }, [])
  const clear = useCallback(() => setLines([]), [])
  return { lines, say, clear }
}
