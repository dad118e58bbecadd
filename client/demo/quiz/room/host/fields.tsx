import type { QuizPayload } from '../../../../../shared/quiz/settings.ts'
import { LIMITS } from '../../../../../shared/limits.ts'
import { Field } from '../../../parts/field.tsx'
import { Select } from './select.tsx'
import { LATE_JOINS, SCORINGS, STREAK, TIME_WORDS, TIMES } from './settings.ts'

const [QUESTION, ...OTHER_TIMES] = TIMES

/** The settings of a quiz but for its deck. `payload`: what they start from. */
export function SettingFields({ payload }: { payload: QuizPayload }) {
  const scorings = payload.scoring.split('+')
  const scoring = Object.keys(SCORINGS).find((name) => scorings.includes(name))
  return (
    <>
      <div className="pair">
        <Select label="Points" name="scoring" options={Object.entries(SCORINGS)} defaultValue={scoring} />
        <Seconds field={QUESTION} payload={payload} />
      </div>
      <PaceField pace={payload.pace} />
      <details>
        <summary>More settings</summary>
        <div className="stack settings">
          <div className="pair">
            {OTHER_TIMES.map((field) => (
              <Seconds key={field} field={field} payload={payload} />
            ))}
          </div>
          <div className="pair">
            <Select
              label="Who comes late"
              name="lateJoin"
              options={Object.entries(LATE_JOINS)}
              defaultValue={payload.lateJoin}
            />
            <Field
              label="Warn after"
              hint="silent questions"
              name="silentAfter"
              type="number"
              min={1}
              max={100}
              defaultValue={payload.silentAfter ?? ''}
            />
            <Field
              label="Questions at most"
              name="questions"
              type="number"
              min={1}
              max={LIMITS.quiz.questions}
              defaultValue={payload.questions}
            />
          </div>
          <div className="checks">
            <label className="check">
              <input type="checkbox" name="streak" defaultChecked={scorings.includes(STREAK)} />
              More points for right answers in a row
            </label>
            <label className="check">
              <input type="checkbox" name="shuffle" defaultChecked={payload.shuffle} />
              Cards in a new order each round
            </label>
          </div>
        </div>
      </details>
    </>
  )
}

export const PaceField = ({ pace }: Pick<QuizPayload, 'pace'>) => (
  <fieldset className="checks">
    <legend className="hidden">Pace</legend>
    <label className="check">
      <input type="radio" name="pace" value="own" defaultChecked={pace === 'own'} />
      It goes on by itself
    </label>
    <label className="check">
      <input type="radio" name="pace" value="host" defaultChecked={pace === 'host'} />A host says when it goes on
    </label>
  </fieldset>
)

const Seconds = ({ field, payload }: { field: (typeof TIMES)[number]; payload: QuizPayload }) => (
  <Field
    label={TIME_WORDS[field]}
    name={field}
    type="number"
    min={field === 'questionMs' ? 1 : 0}
    max={3_600}
    step="any"
    required
    defaultValue={payload[field] / 1_000}
  />
)
