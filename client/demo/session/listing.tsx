import { useState } from 'react'
import { Field } from '../parts/field.tsx'
import { inWords } from '../wording.ts'
import { type Listed, useList } from './use-list.ts'

/** `next`: what is left to do in the form. */
type Choose = (name: string, next: 'password' | 'submit') => void

/** The public sessions that can be joined now. */
export function Listing({ onChoose }: { onChoose: Choose }) {
  const [search, setSearch] = useState('')
  const [free, setFree] = useState(false)
  const { found, error } = useList({ search, free })
  return (
    <section className="panel" aria-labelledby="list-title" data-testid="list" data-state={stateOf(found)}>
      <h2 id="list-title">Public sessions</h2>
      <Field
        label="Filter"
        hint="by session or host"
        type="search"
        value={search}
        onChange={({ target }) => setSearch(target.value)}
        maxLength={128}
      />
      <label className="check">
        <input type="checkbox" checked={free} onChange={({ target }) => setFree(target.checked)} />
        With a free seat only
      </label>
      {error !== null && (
        <p className="trouble" role="status">
          {inWords(error)}
        </p>
      )}
      {found !== null && <Found found={found} filtered={search !== '' || free} onChoose={onChoose} />}
    </section>
  )
}

const stateOf = (found: Listed | null) => (found === null ? 'loading' : found.sessions.length === 0 ? 'empty' : 'some')

interface FoundProps {
  found: Listed
  filtered: boolean
  onChoose: Choose
}

function Found({ found: { sessions, nextCursor }, filtered, onChoose }: FoundProps) {
  if (sessions.length === 0)
    return (
      <p className="empty">
        {filtered ? 'No session fits the filter.' : 'There is no public session yet. Host the first.'}
      </p>
    )
  return (
    <>
      <ul className="people">
        {sessions.map(({ name, hostName, clients, maxClients, hasPassword }) => (
          <li key={name} className="person" data-session={name}>
            <div>
              <p className="name">{name}</p>
              <p className="dim">
                {hostName}, {clients} of {maxClients} seats taken{hasPassword && ', password'}
              </p>
            </div>
            <button
              type="button"
              onClick={() => onChoose(name, hasPassword ? 'password' : 'submit')}
              aria-label={`Choose ${name}`}
            >
              Choose
            </button>
          </li>
        ))}
      </ul>
      {nextCursor !== null && <p className="dim">There are more. Narrow them down with the filter.</p>}
    </>
  )
}
