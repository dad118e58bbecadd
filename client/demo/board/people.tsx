import { inkClass } from './data.ts'
import type { Person } from './persons.ts'

export interface PeopleProps {
  persons: readonly Person[]
  /** Nobody knows at the moment: it is as it was last. */
  isStale: boolean
  /** The owner's actions; absent for everybody else. */
  own: { kick: (user: string) => void; transfer: (user: string) => void } | null
}

/** Who has the board open, and who has a seat but is away. */
export function People({ persons, isStale, own }: PeopleProps) {
  const here = persons.filter(({ isHere }) => isHere).length
  return (
    <section className="panel" aria-labelledby="people-title">
      <h2 id="people-title">
        People <span className="dim">{isStale ? 'as last seen' : `${here} here`}</span>
      </h2>
      <ul className="people" data-testid="people">
        {persons.map((person) => (
          <li
            key={person.user}
            className="person"
            data-person={person.name}
            data-state={person.isHere ? 'here' : 'away'}
          >
            <div>
              <p className="name">
                <span className={`mark ${inkClass(person.ink)}`} aria-hidden="true" />
                {person.name}
              </p>
              <p className="dim">{factsOf(person)}</p>
            </div>
            {own !== null && !person.isMe && (
              <div className="row">
                <button
                  type="button"
                  className="quiet small"
                  onClick={() => own.transfer(person.user)}
                  aria-label={`Make ${person.name} the owner`}
                >
                  Make owner
                </button>
                <button
                  type="button"
                  className="quiet small"
                  onClick={() => own.kick(person.user)}
                  aria-label={`Remove ${person.name} from the board`}
                >
                  Remove
                </button>
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

const factsOf = ({ isMe, isOwner, isHere }: Person) =>
  [isMe && 'you', isOwner && 'owner', isHere ? 'here' : 'away'].filter((fact) => fact !== false).join(', ')
