import type { QuizPayload } from '../../../../../shared/quiz/settings.ts'
import { Fact } from '../../../parts/fact.tsx'
import { paceWords, scoringWords } from '../host/settings.ts'

export interface LobbyProps {
  payload: QuizPayload
  /** The deck's title, where it is known. */
  title: string | null
  occupants: number
}

/** Before a round: what is going to be played. */
export function Lobby({ payload, title, occupants }: LobbyProps) {
  return (
    <>
      <p className="big">{occupants === 1 ? 'One person is here.' : `${occupants} people are here.`}</p>
      <dl className="facts">
        {title !== null && <Fact name="Deck">{title}</Fact>}
        <Fact name="Pace">{paceWords(payload)}</Fact>
        <Fact name="Points">{scoringWords(payload)}</Fact>
        <Fact name="Time">{payload.questionMs / 1_000} s a question</Fact>
      </dl>
    </>
  )
}
