import type { OpenedQuiz } from '../../../../quiz/followed.ts'
import { mayKick } from '../host/controls.ts'
import { nameOf } from '../../people.ts'
import { Trouble } from '../../parts/trouble.tsx'
import { useAct } from '../use-act.ts'

/** So many names are read; of more it is said how many. */
const SHOWN = 50

/** Who is in the room, who hosts, and who was invited and has not come yet. */
export function People({ opened: { quiz, view } }: { opened: OpenedQuiz }) {
  const { isBusy, trouble, act } = useAct()
  const { owner, occupants, invited } = view
  const me = quiz.user
  const users = [...occupants.filter((user) => user === me), ...occupants.filter((user) => user !== me)]
  const left = users.length - SHOWN
  const mayThrow = mayKick(view)
  return (
    <section className="panel" aria-labelledby="people-title">
      <h2 id="people-title">
        People <span className="dim">{occupants.length}</span>
      </h2>
      {/* Focusable, so that it can be scrolled by keyboard. */}
      <ul className="people" tabIndex={0} aria-labelledby="people-title" data-testid="people">
        {users.slice(0, SHOWN).map((user) => (
          <li key={user} className="person" data-person={user}>
            <div>
              <p className="name">{nameOf(user)}</p>
              <Facts facts={[user === me && 'you', user === owner && 'host']} />
            </div>
            {mayThrow && user !== owner && (
              <button
                type="button"
                className="quiet small"
                disabled={isBusy}
                aria-label={`Remove ${nameOf(user)} from the room`}
                onClick={() => void act(() => quiz.control({ name: 'kick', user }))}
              >
                Remove
              </button>
            )}
          </li>
        ))}
        {invited.slice(0, SHOWN).map((user) => (
          <li key={user} className="person" data-person={user} data-invited>
            <div>
              <p className="name">{nameOf(user)}</p>
              <Facts facts={['invited']} />
            </div>
          </li>
        ))}
      </ul>
      {left > 0 && <p className="dim">and {left} more</p>}
      {owner === null && <p className="dim">Everybody here may host.</p>}
      {owner !== null && !occupants.includes(owner) && <p className="dim">The host, {nameOf(owner)}, is not here.</p>}
      <Trouble words={trouble} />
    </section>
  )
}

function Facts({ facts }: { facts: readonly (string | false)[] }) {
  const said = facts.filter((fact) => fact !== false)
  return said.length === 0 ? null : <p className="dim">{said.join(', ')}</p>
}
