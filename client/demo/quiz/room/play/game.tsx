import { useEffect, useRef } from 'react'
import type { GameView } from '../../../../../shared/quiz/view-game.ts'
import type { QuizPayload } from '../../../../../shared/quiz/settings.ts'
import type { FoyerClient } from '../../../../index.ts'
import type { OpenedQuiz } from '../../../../quiz/followed.ts'
import { Countdown } from '../remaining.tsx'
import { Lobby } from './lobby.tsx'
import { Notes } from './notes.tsx'
import { Prompt, Question } from './question.tsx'
import { Results } from './results.tsx'
import { inDigits } from '../reveal/verdict.ts'
import { Reveal } from './reveal.tsx'
import { announcement, placeWords, type Scene, sceneOf, UNTIL, WAITS } from './stage.ts'
import { rankWords, Standings } from './standings.tsx'

export interface GameProps {
  client: FoyerClient
  opened: OpenedQuiz
  game: GameView
  payload: QuizPayload
  /** The deck's title, where it is known. */
  title: string | null
}

/** The quiz itself, phase by phase. */
export function Game({ client, opened, game, payload, title }: GameProps) {
  const { quiz, view } = opened
  const scene = sceneOf(game)
  const place = `${game.round} ${game.question} ${scene}`
  const panel = useFocusBack(place)
  const waits = game.clock.ms === null ? WAITS[scene] : ''
  return (
    <section
      ref={panel}
      className="panel quiz"
      aria-labelledby="quiz-title"
      data-testid="quiz"
      data-phase={game.phase}
      data-round={game.round}
      data-question={game.question}
    >
      <header className="quiz-head">
        <h2 id="quiz-title">{TITLES[scene] ?? placeWords(game)}</h2>
        <Points game={game} />
        <Countdown quiz={quiz} clock={game.clock} until={UNTIL[scene]} isUrgent={scene === 'question'} />
      </header>
      <p className="hidden" role="status" data-testid="announcer">
        {announcement(game)}
      </p>
      <Notes view={view} game={game} />
      {scene === 'lobby' && <Lobby payload={payload} title={title} occupants={view.occupants.length} />}
      <Body key={place} {...{ client, opened, game, scene }} />
      {waits !== '' && <p className="dim">{waits}</p>}
    </section>
  )
}

const TITLES: Partial<Record<Scene, string>> = { scoreboard: 'Standings', end: 'Final standings' }

function Points({ game: { mine } }: { game: GameView }) {
  if (mine === null || mine.spectator || mine.rank === null) return null
  return (
    <p className="points" data-testid="points">
      {inDigits(mine.points)} <span className="dim">points</span>
    </p>
  )
}

interface BodyProps {
  client: FoyerClient
  opened: OpenedQuiz
  game: GameView
  scene: Scene
}

function Body({ client, opened: { quiz, view, counts }, game, scene }: BodyProps) {
  const { asked } = game
  const isHost = view.role === 'host'
  if (scene === 'scoreboard' || scene === 'end')
    return (
      <>
        <p className="big">{rankWords(game)}</p>
        <Standings game={game} me={quiz.user} />
        {scene === 'end' && <Results client={client} room={view.room} round={game.round} />}
        {asked?.key != null && (
          <details>
            <summary>The last question again</summary>
            <div className="again">
              <Prompt asked={asked} />
              <Reveal {...{ quiz, game, asked, isHost }} />
            </div>
          </details>
        )}
      </>
    )
  if (asked === null) return null
  const { answered, of } = counts ?? asked
  return (
    <>
      <Prompt asked={asked} />
      {scene === 'question' ? <Question {...{ quiz, game, asked }} /> : <Reveal {...{ quiz, game, asked, isHost }} />}
      {asked.card.type !== 'info' && !(scene === 'question' && asked.card.type === 'flash-card') && (
        <p className="dim" data-testid="counts">
          {answered} of {of} answered
        </p>
      )}
    </>
  )
}

/** What had the focus may be gone with its phase: then the new one has it, on what is to be filled in or else on its heading. */
function useFocusBack(place: string) {
  const panel = useRef<HTMLElement>(null)
  const before = useRef(place)
  useEffect(() => {
    if (before.current === place) return
    before.current = place
    if (document.activeElement !== document.body) return
    const target = panel.current?.querySelector<HTMLElement>('input[data-first]:enabled, h3[tabindex]')
    target?.focus({ preventScroll: true })
  }, [place])
  return panel
}
