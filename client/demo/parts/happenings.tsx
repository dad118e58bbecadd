import type { ReactNode, Ref } from 'react'
import { Fact } from './fact.tsx'
import { countRequests } from './steps.ts'
import { Timeline, type TimelineProps } from './timeline.tsx'

export interface HappeningsProps extends TimelineProps {
  /** Its heading, which can be focused. */
  heading?: Ref<HTMLHeadingElement>
  /** Further facts: rows of a `<dl>`. */
  children?: ReactNode
}

/** The panel of what happens, as it happens. */
export function Happenings({ steps, beganAt, heading, children }: HappeningsProps) {
  return (
    <section className="panel progress" aria-labelledby="progress-title">
      <h2 id="progress-title" ref={heading} tabIndex={-1}>
        What happens
      </h2>
      {steps.length === 0 ? (
        <p className="dim">Join, and each step of the way to the other side shows here with the time it took.</p>
      ) : (
        <>
          <Timeline steps={steps} beganAt={beganAt} />
          <dl className="facts">
            <Fact name="Requests" testid="requests">
              {countRequests(steps)}
            </Fact>
            {children}
          </dl>
        </>
      )}
    </section>
  )
}
