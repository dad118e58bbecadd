import type { Ref, SubmitEvent } from 'react'
import { Field } from '../../parts/field.tsx'
import type { Seated } from '../remembered.ts'

export interface JoinFormProps {
  ref: Ref<HTMLFormElement>
  /** The session's name, also set by a choice from the list. */
  session: string
  setSession: (name: string) => void
  person: string
  setPerson: (name: string) => void
  onEnter: (seated: Seated) => void
}

export function JoinForm({ ref, session, setSession, person, setPerson, onEnter }: JoinFormProps) {
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get('password') ?? '')
    const seated = { role: 'guest' as const, name: session, clientName: person }
    onEnter(password === '' ? seated : { ...seated, password })
  }
  return (
    <form ref={ref} className="panel" onSubmit={submit} aria-labelledby="join-title" data-testid="join-form">
      <h2 id="join-title">Join</h2>
      <Field
        label="Session name"
        value={session}
        onChange={({ target }) => setSession(target.value)}
        required
        maxLength={128}
      />
      <div className="pair">
        <Field
          label="Your name"
          value={person}
          onChange={({ target }) => setPerson(target.value)}
          required
          maxLength={128}
        />
        <Field label="Password" hint="if it has one" name="password" type="password" maxLength={128} />
      </div>
      <div className="row">
        <button type="submit" className="main">
          Join
        </button>
      </div>
    </form>
  )
}
