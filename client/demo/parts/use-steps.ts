import { useMemo, useReducer } from 'react'
import { connect, type FoyerError } from '../../index.ts'
import { toldFetch } from '../requests.ts'
import { foldSteps } from './steps.ts'

export interface Happening {
  title: string
  /** Absent: it lasts until the next one. */
  moment?: boolean
  error?: FoyerError | undefined
}

/** A timeline, and a client whose requests show in it. */
export function useSteps() {
  const [steps, tell] = useReducer(foldSteps, [])
  const fixed = useMemo(() => {
    const beganAt = performance.now()
    const client = connect({ url: '', fetch: toldFetch(tell) })
    const step = (state: string, happening: Happening) =>
      tell({ type: 'step', step: { state, atMs: performance.now() - beganAt, ...happening } })
    return { beganAt, client, step }
  }, [])
  return { steps, ...fixed }
}
