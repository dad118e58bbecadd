import { useCallback, useEffect, useState } from 'react'
import type { BoardRoom } from './edits.ts'
import { boardWords } from './words.ts'

/** The last change that came to nothing, in plain words, until it is read. */
export function useRejected(room: BoardRoom) {
  const [words, setWords] = useState<string | null>(null)
  useEffect(() => room.on('rejected', ({ error }) => setWords(`Not done. ${boardWords(error)}`)), [room])
  const dismiss = useCallback(() => setWords(null), [])
  return { words, say: setWords, dismiss }
}
