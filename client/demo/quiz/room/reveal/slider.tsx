import type { Answer } from '../../../../../shared/deck/answers.ts'
import type { CardOf } from '../../../../../shared/deck/cards.ts'
import type { KeyView } from '../../../../../shared/quiz/view-game.ts'
import { withUnit } from '../answer/slider.tsx'

export interface SliderKeyProps {
  card: CardOf<'slider'>
  tally: KeyView['tally']
  mine: Answer | null
}

/** The scale with what is right on it, what was answered, and the own answer. */
export function SliderKey({ card, tally, mine }: SliderKeyProps) {
  const { min, max, unit, key, tolerance } = card
  const at = (value: number) => `${((Math.min(max, Math.max(min, value)) - min) / (max - min)) * 100}%`
  const own = mine?.type === 'slider' ? mine.value : null
  const others = tally.flatMap(({ answer, count }) =>
    answer.type === 'slider' ? [{ value: answer.value, count }] : [],
  )
  const band = { insetInlineStart: at(key - tolerance), insetInlineEnd: `calc(100% - ${at(key + tolerance)})` }
  return (
    <div className="scale" data-testid="bars">
      <div className="track" aria-hidden="true">
        <span className="band" style={band} />
        {others.map(({ value, count }) => (
          <span
            key={value}
            className="dot"
            title={`${withUnit(value, unit)}: ${count}`}
            style={{ insetInlineStart: at(value) }}
          />
        ))}
        <span className="pin" style={{ insetInlineStart: at(key) }} />
        {own !== null && <span className="pin mine" style={{ insetInlineStart: at(own) }} />}
      </div>
      <p className="ends dim" aria-hidden="true">
        <span>{withUnit(min, unit)}</span>
        <span>{withUnit(max, unit)}</span>
      </p>
      <p>
        Right is <b>{withUnit(key, unit)}</b>
        {tolerance > 0 && <span className="dim"> (give or take {withUnit(tolerance, unit)})</span>}
        {own !== null && (
          <>
            ; you said <b>{withUnit(own, unit)}</b>
          </>
        )}
        .
      </p>
    </div>
  )
}
