import type { SubmitEvent } from 'react'
import type { GameView } from '../../../../../shared/quiz/view-game.ts'
import type { QuizPayload } from '../../../../../shared/quiz/settings.ts'
import type { OpenedQuiz } from '../../../../quiz/followed.ts'
import { Confirm } from '../confirm.tsx'
import { Trouble } from '../../parts/trouble.tsx'
import { useAct } from '../use-act.ts'
import { buttonsOf, mayConfigure, mayEnd } from './controls.ts'
import { SettingFields } from './fields.tsx'
import { payloadIn } from './settings.ts'

export interface ControlsProps {
  opened: OpenedQuiz
  game: GameView
  payload: QuizPayload
}

/** What a host may want of the quizconductor in this phase. */
export function Controls({ opened: { quiz, view }, game, payload }: ControlsProps) {
  const { isBusy, trouble, act } = useAct()
  const isOneRound = view.kind === 'GroupEvanescent'
  const isOver = isOneRound && game.phase === 'end'
  if (view.role !== 'host' || isOver) return null
  const end = () => void act(() => quiz.control({ name: 'end', round: game.round }))
  return (
    <section className="panel controls" aria-labelledby="controls-title" data-testid="controls">
      <h2 id="controls-title">Host</h2>
      <div className="row">
        {buttonsOf(view, game).map(({ control, words, isMain }) => (
          <button
            key={control.name}
            type="button"
            className={isMain === true ? 'main' : undefined}
            disabled={isBusy}
            onClick={() => void act(() => quiz.control(control))}
            data-control={control.name}
          >
            {words}
          </button>
        ))}
        {mayEnd(view, game) && (
          <Confirm
            key={game.round}
            name="End the round"
            question="End the round now? An open question counts for nobody."
            yes="End it"
            no="Play on"
            isBusy={isBusy}
            onYes={end}
          />
        )}
        {view.kind === 'GroupPerpetual' && (
          <Confirm
            name="Stop the quiz"
            question="Stop the quiz for everybody? Its points are lost; the room stays."
            yes="Stop it"
            no="Keep it"
            isBusy={isBusy}
            onYes={() => void act(() => quiz.terminate())}
          />
        )}
      </div>
      <Trouble words={trouble} />
      {mayConfigure(view, game) && (
        <details>
          <summary>{isOneRound ? 'Settings' : 'Settings of the rounds to come'}</summary>
          <Configure
            payload={payload}
            onSave={(next) => act(() => quiz.control({ name: 'configure', payload: next }))}
          />
        </details>
      )}
    </section>
  )
}

interface ConfigureProps {
  payload: QuizPayload
  onSave: (payload: QuizPayload) => Promise<boolean>
}

function Configure({ payload, onSave }: ConfigureProps) {
  const { trouble, say } = useAct()
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const next = payloadIn(new FormData(event.currentTarget), payload)
    if (next === null) say('These settings cannot be: look at the numbers.')
    else void onSave(next).then((isDone) => say(isDone ? null : trouble))
  }
  return (
    <form className="stack settings" onSubmit={submit} data-testid="configure-form">
      <SettingFields payload={payload} />
      <Trouble words={trouble} />
      <div className="row">
        <button type="submit">Save settings</button>
      </div>
    </form>
  )
}
