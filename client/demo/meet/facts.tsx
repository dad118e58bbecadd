import { span } from '../format.ts'
import { Fact } from '../parts/fact.tsx'
import { usePair } from '../parts/pair.ts'
import { PathFacts } from '../parts/path.tsx'
import type { MeetView } from './view.ts'

/** What the way through the machine came to: the role, and the path that the data takes. */
export function MeetFacts({ view: { role, steps, state, meeting } }: { view: MeetView }) {
  const pair = usePair(state === 'open' ? (meeting?.peer ?? null) : null)
  const opened = steps.find((step) => step.state === 'open')
  return (
    <>
      {role !== null && (
        <Fact name="Role" testid="role">
          {role}
        </Fact>
      )}
      {opened !== undefined && (
        <Fact name="Open after" testid="total">
          {span(opened.atMs)}
        </Fact>
      )}
      {pair !== null && <PathFacts pair={pair} />}
    </>
  )
}
