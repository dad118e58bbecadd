import { useCallback, useState } from 'react'
import { type FoyerError, toFoyerError } from '../../../index.ts'
import { quizWords } from './words.ts'

/** What one part of the page does: whether something is under way, and the words for what came to nothing. */
export interface Act {
  isBusy: boolean
  trouble: string | null
  /** Does one thing; true if it was done. */
  act: (what: () => Promise<unknown>) => Promise<boolean>
  say: (words: string | null) => void
}

export function useAct(wordsOf: (error: FoyerError) => string = quizWords): Act {
  const [doing, setDoing] = useState(0)
  const [trouble, say] = useState<string | null>(null)
  const act = useCallback(
    async (what: () => Promise<unknown>) => {
      setDoing((count) => count + 1)
      say(null)
      try {
        await what()
        return true
      } catch (thrown) {
        say(wordsOf(toFoyerError(thrown)))
        return false
      } finally {
        setDoing((count) => count - 1)
      }
    },
    [wordsOf],
  )
  return { isBusy: doing > 0, trouble, act, say }
}
