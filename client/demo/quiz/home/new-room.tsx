import { type SubmitEvent, useState } from 'react'
import { CopyLink } from '../../parts/copy.tsx'
import { Field } from '../../parts/field.tsx'
import { ask, command } from '../calls.ts'
import { Trouble } from '../parts/trouble.tsx'
import { nameOf } from '../people.ts'
import { invitation } from '../place.ts'
import { useSite } from '../site.ts'
import { useAct } from '../use-act.ts'
import { useFriends } from './use-friends.ts'

/** A group room with friends, or one that somebody comes to by a link; the first message is part of it. */
export function NewRoom() {
  const { client, name, go } = useSite()
  const { friends } = useFriends()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [text, setText] = useState('')
  const [made, setMade] = useState<{ room: string; link: string } | null>(null)
  const { act, isBusy, trouble, setTrouble } = useAct()
  const able = friends.filter(({ status }) => status === 'friends').map(({ user }) => user)
  const others = chosen.filter((user) => able.includes(user))

  const request = (users: readonly string[]) =>
    command((envelope, options) =>
      client.quiz.group.mutate({ ...envelope, others: [...users], text, reply: 'result' }, options),
    )
  const begin = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const byLink = event.nativeEvent.submitter?.getAttribute('value') === 'link'
    if (!byLink && others.length === 0)
      return setTrouble('Choose somebody, or make a link for somebody who is not here yet.')
    void act(async () => {
      const { room } = await request(others)
      if (!byLink) return go({ room })
      const { link } = await ask((options) => client.link.create.mutate({ room }, options))
      setMade({ room, link: invitation(link, name) })
      setText('')
    })
  }
  const toggle = (user: string) =>
    setChosen((now) => (now.includes(user) ? now.filter((one) => one !== user) : [...now, user]))

  return (
    <section className="panel" aria-labelledby="group-title" data-testid="new-room">
      <h2 id="group-title">New group room</h2>
      <Trouble words={trouble} />
      <form className="stack" onSubmit={begin}>
        {able.length === 0 ? (
          <p className="dim">Friends that you make show here. With a link, who is no friend yet becomes one.</p>
        ) : (
          <fieldset className="checks">
            <legend>With</legend>
            {able.map((user) => (
              <label key={user} className="check">
                <input type="checkbox" checked={others.includes(user)} onChange={() => toggle(user)} />
                {nameOf(user)}
              </label>
            ))}
          </fieldset>
        )}
        <Field
          label="First message"
          value={text}
          onChange={({ target }) => setText(target.value)}
          required
          pattern=".*\S.*"
          maxLength={2_000}
          placeholder="What shall we play?"
        />
        <div className="row">
          <button type="submit" className="main" disabled={isBusy}>
            Begin
          </button>
          <button type="submit" value="link" disabled={isBusy}>
            Begin with a link
          </button>
        </div>
      </form>
      {made !== null && (
        <div className="notice stack" role="status" data-testid="made-link">
          <p>The room is there. Send this link to one person: it works once, within a week.</p>
          <Field label="Link" value={made.link} readOnly />
          <div className="row">
            <CopyLink link={made.link} />
            <button type="button" onClick={() => go({ room: made.room })}>
              Go to the room
            </button>
          </div>
        </div>
      )}
    </section>
  )
}
