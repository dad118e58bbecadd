import type { SubmitEvent } from 'react'
import { Field } from '../../parts/field.tsx'
import type { Hosting } from '../remembered.ts'

export interface HostFormProps {
  person: string
  setPerson: (name: string) => void
  onEnter: (hosting: Hosting) => void
}

export function HostForm({ person, setPerson, onEnter }: HostFormProps) {
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '')
    onEnter({
      role: 'host',
      hostName: person,
      ...(text('name') === '' ? {} : { name: text('name') }),
      ...(text('password') === '' ? {} : { password: text('password') }),
      visibility: text('visibility') === 'private' ? 'private' : 'public',
      maxClients: Number(text('maxClients')),
      asks: form.has('asks'),
      accepted: [],
    })
  }
  return (
    <form className="panel" onSubmit={submit} aria-labelledby="host-title" data-testid="host-form">
      <h2 id="host-title">Host</h2>
      <div className="pair">
        <Field
          label="Your name"
          value={person}
          onChange={({ target }) => setPerson(target.value)}
          required
          maxLength={128}
        />
        <Field label="Session name" hint="optional" name="name" maxLength={128} placeholder="Made for you" />
      </div>
      <div className="pair">
        <Field label="Clients at most" name="maxClients" type="number" min={1} max={64} defaultValue={8} required />
        <Field label="Password" hint="optional" name="password" type="password" maxLength={128} />
      </div>
      <fieldset className="checks">
        <legend className="hidden">Who finds it, and who comes in</legend>
        <label className="check">
          <input type="radio" name="visibility" value="public" defaultChecked />
          Public, in the list
        </label>
        <label className="check">
          <input type="radio" name="visibility" value="private" />
          Private, by name only
        </label>
        <label className="check">
          <input type="checkbox" name="asks" defaultChecked />
          Ask me before somebody comes in
        </label>
      </fieldset>
      <div className="row">
        <button type="submit" className="main">
          Host
        </button>
      </div>
    </form>
  )
}
