import { span } from '../format.ts'
import { Fact } from './fact.tsx'
import type { Pair, PathEnd } from './pair.ts'

/** Which way the data goes. */
export function PathFacts({ pair }: { pair: Pair }) {
  return (
    <>
      <Fact name="Path" testid="pair">
        <End name="here" end={pair.local} />
        <End name="there" end={pair.remote} />
      </Fact>
      <Fact name="Round trip" testid="rtt">
        {pair.rttMs === null ? 'not measured yet' : span(pair.rttMs)}
      </Fact>
    </>
  )
}

const End = ({ name, end: { type, protocol, address } }: { name: string; end: PathEnd }) => (
  <span className="end">
    <span className="dim">{name}</span> {type} {protocol} <code>{address ?? 'address hidden by the browser'}</code>
  </span>
)
