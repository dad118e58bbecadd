import { inkClass, INKS } from '../data.ts'

/** The choice of a pen. */
export function Inks({ ink, setInk }: { ink: number; setInk: (ink: number) => void }) {
  return (
    <fieldset className="inks">
      <legend className="hidden">Pen</legend>
      {INKS.map((name, nth) => (
        <label key={name} className={`swatch ${inkClass(nth)}`} title={name}>
          <input type="radio" name="ink" value={nth} checked={ink === nth} onChange={() => setInk(nth)} />
          <span className="hidden">{name}</span>
        </label>
      ))}
    </fieldset>
  )
}
