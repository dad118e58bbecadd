import { useCallback, useState } from 'react'
import { type FoyerRule, toFoyerError } from '../../index.ts'
import { quizWords } from './words.ts'

/** Does what somebody asked for: whether it is under way, and in words what came between. */
export function useAct(special?: Partial<Record<FoyerRule, string>>) {
  const [isBusy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const act = useCallback(
    async (run: () => Promise<void>): Promise<void> => {
      setBusy(true)
      setTrouble(null)
      try {
        await run()
      } catch (thrown) {
        setTrouble(quizWords(toFoyerError(thrown), special))
      } finally {
        setBusy(false)
      }
    },
    [special],
  )
  return { act, isBusy, trouble, setTrouble }
}
