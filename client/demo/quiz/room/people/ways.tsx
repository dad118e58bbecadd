import type { OpenedQuiz } from '../../../../quiz/followed.ts'
import { Confirm } from '../confirm.tsx'
import { Trouble } from '../../parts/trouble.tsx'
import { useAct } from '../use-act.ts'
import type { Go } from '../use-followed.ts'

export interface WaysProps {
  opened: OpenedQuiz
  go: Go
}

/** The ways out, where the kind of room has one. */
export function Ways({ opened: { quiz, view }, go }: WaysProps) {
  const { isBusy, trouble, act } = useAct()
  const leave = async () => {
    if (await act(() => quiz.leave())) go({ home: true })
  }
  const isInside = view.occupants.includes(quiz.user)
  const isLast = view.kind === 'GroupPerpetual' && view.occupants.length === 1
  return (
    <div className="stack" data-testid="ways">
      <div className="row">
        <button type="button" className="quiet" onClick={() => go({ home: true })}>
          Back to the start
        </button>
        {!isInside && (
          <button type="button" onClick={() => void act(() => quiz.join())} disabled={isBusy}>
            Take a seat
          </button>
        )}
        {isInside && view.kind !== 'GroupEvanescent' && (
          <Confirm
            name="Leave the room"
            question={
              isLast ? 'You are the last one: the room closes when you leave.' : 'Give up your seat in this room?'
            }
            yes="Leave"
            no="Stay"
            isBusy={isBusy}
            onYes={() => void leave()}
          />
        )}
      </div>
      {view.kind === 'GroupEvanescent' && (
        <p className="dim">This room cannot be left: it ends with its quiz, and takes you back by itself.</p>
      )}
      <Trouble words={trouble} />
    </div>
  )
}
