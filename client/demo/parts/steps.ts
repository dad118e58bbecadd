import type { FoyerError } from '../../index.ts'
import type { RequestEvent } from '../requests.ts'

export interface SentRequest {
  id: number
  name: string
  /** Undefined: on its way; null: no reply came. */
  status?: number | null
  ms?: number
}

/** One thing that happened: a state that was entered, or an event. */
export interface Step {
  state: string
  title: string
  /** When, in ms after the start. */
  atMs: number
  /** An event, which has no duration. */
  moment?: boolean
  /** A request that failed and is being repeated, or why it ended. */
  error?: FoyerError | undefined
}

/** A step with what was asked of the server in it. */
export interface TakenStep extends Step {
  id: number
  requests: readonly SentRequest[]
}

export type StepEvent = { type: 'step'; step: Step } | RequestEvent

const KEPT = 60

/** Steps in order, each with its requests; bounded. */
export function foldSteps(steps: readonly TakenStep[], event: StepEvent): readonly TakenStep[] {
  const last = steps.at(-1)
  switch (event.type) {
    case 'step':
      // The same state told again: what is wrong in it has changed.
      if (last?.state === event.step.state && !event.step.moment)
        return [...steps.slice(0, -1), { ...last, error: event.step.error }]
      return [...steps.slice(-KEPT), { ...event.step, id: (last?.id ?? 0) + 1, requests: [] }]
    case 'sent': {
      if (last === undefined) return steps
      const { id, name } = event
      return [...steps.slice(0, -1), { ...last, requests: [...last.requests, { id, name }] }]
    }
    case 'replied': {
      const { id, status, ms } = event
      const settle = (one: SentRequest) => (one.id === id ? { ...one, status, ms } : one)
      // Whatever was wrong, the server answers again.
      const cleared = (step: TakenStep) => (step === last && !step.moment && isAnswer(status) ? undefined : step.error)
      return steps.map((step) => ({ ...step, error: cleared(step), requests: step.requests.map(settle) }))
    }
  }
}

const isAnswer = (status: number | null) => status !== null && status < 500

export const countRequests = (steps: readonly TakenStep[]): number =>
  steps.reduce((sum, { requests }) => sum + requests.length, 0)

/** Repeated requests of one procedure in one line: how many, and how the last one went. */
export function byProcedure(requests: readonly SentRequest[]): (SentRequest & { count: number })[] {
  const groups = new Map<string, SentRequest & { count: number }>()
  for (const one of requests) groups.set(one.name, { ...one, count: (groups.get(one.name)?.count ?? 0) + 1 })
  return [...groups.values()]
}
