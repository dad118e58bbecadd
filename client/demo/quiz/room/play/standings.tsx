import type { GameView } from '../../../../../shared/quiz/view-game.ts'
import { callOf } from '../names.ts'
import { ordinal } from '../reveal/ordering.tsx'
import { inDigits, pointsWords } from '../reveal/verdict.ts'

/** The best of the round, and oneself wherever one stands. */
export function Standings({ game: { standings, mine }, me }: { game: GameView; me: string }) {
  const top = Math.max(1, standings[0]?.points ?? 0)
  const isShown = standings.some(({ user }) => user === me)
  if (standings.length === 0) return <p className="empty">Nobody has played yet.</p>
  return (
    <ol className="standings" data-testid="standings">
      {standings.map(({ user, rank, points }) => (
        <Place key={user} {...{ rank, points, top }} name={callOf(user, me)} isMe={user === me} />
      ))}
      {!isShown && mine !== null && mine.rank !== null && (
        <Place rank={mine.rank} points={mine.points} top={top} name="You" isMe />
      )}
    </ol>
  )
}

interface PlaceProps {
  name: string
  rank: number
  points: number
  /** The best one's points. */
  top: number
  isMe: boolean
}

const Place = ({ name, rank, points, top, isMe }: PlaceProps) => (
  <li className="place" data-place={name} data-rank={rank} data-me={isMe}>
    <span className="rank">{rank}</span>
    <span className="text">{name}</span>
    <span className="number">{inDigits(points)}</span>
    <span className="share" aria-hidden="true" style={{ inlineSize: `${(points / top) * 100}%` }} />
  </li>
)

/** Where one stands, as a sentence; null: nowhere. */
export function rankWords({ mine }: GameView): string | null {
  if (mine === null || mine.rank === null) return null
  return `You are ${ordinal(mine.rank)} with ${pointsWords(mine.points)}.`
}
