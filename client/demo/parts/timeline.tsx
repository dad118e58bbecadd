import { span } from '../format.ts'
import { inWords } from '../wording.ts'
import { useNow } from './now.ts'
import { byProcedure, type SentRequest, type TakenStep } from './steps.ts'

export interface TimelineProps {
  steps: readonly TakenStep[]
  /** performance.now() of the start. */
  beganAt: number
}

/** What happened in its order, how long it took, and what it asked of the server. */
export function Timeline({ steps, beganAt }: TimelineProps) {
  const last = steps.at(-1)
  const busy = last !== undefined && !last.moment
  const now = useNow(busy)
  const untilMs = (i: number) => steps[i + 1]?.atMs ?? Math.max(now - beganAt, steps[i]?.atMs ?? 0)
  return (
    <ol className="steps" data-testid="steps">
      {steps.map((step, i) => (
        <StepRow key={step.id} step={step} untilMs={untilMs(i)} current={step === last} />
      ))}
    </ol>
  )
}

function StepRow({ step, untilMs, current }: { step: TakenStep; untilMs: number; current: boolean }) {
  const { state, title, atMs, moment, error, requests } = step
  const trouble = error === undefined ? null : inWords(error)
  return (
    <li
      className="step"
      data-state={state}
      data-busy={(current && !moment) || undefined}
      aria-current={current ? 'step' : undefined}
    >
      <p className="what">
        {title} <code>{state}</code>
      </p>
      <p className="took">{moment ? `at ${span(atMs)}` : span(untilMs - atMs)}</p>
      {requests.length > 0 && (
        <ul className="asked">
          {byProcedure(requests).map((request) => (
            <li key={request.name}>
              <code>{request.name}</code>
              {request.count > 1 && ` × ${request.count}`} <span className="dim">{outcome(request)}</span>
            </li>
          ))}
        </ul>
      )}
      {trouble !== null && (current || moment) && (
        <p className="trouble">
          {trouble} {!moment && 'Trying again …'}
        </p>
      )}
    </li>
  )
}

function outcome({ status, ms }: SentRequest): string {
  if (status === undefined || ms === undefined) return 'on its way …'
  return `${status ?? 'no reply'} in ${span(ms)}`
}
