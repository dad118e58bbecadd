import { type SubmitEvent, useState } from 'react'
import { CopyLink } from '../../parts/copy.tsx'
import { Field } from '../../parts/field.tsx'
import { Listing } from '../parts/listing.tsx'
import { Trouble } from '../parts/trouble.tsx'
import { LIMITS } from '../../../../shared/limits.ts'
import { useSite } from '../site.ts'
import { useKeptFocus } from '../use-kept-focus.ts'
import { FriendRow } from './friend-row.tsx'
import { useFriendAct, useFriends } from './use-friends.ts'

const ORDER = ['incoming', 'friends', 'requested', 'blocked', 'none'] as const

/** Whom one has to do with, and the ways to somebody new. */
export function FriendsPanel() {
  const { query, friends } = useFriends()
  const sorted = friends.toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status))
  const heading = useKeptFocus(sorted.map(({ user, status }) => `${user} ${status}`).join())
  return (
    <section className="panel" aria-labelledby="friends-title" data-testid="friends">
      <h2 id="friends-title" ref={heading} tabIndex={-1}>
        Friends
      </h2>
      <Listing query={query} empty={<p>Give your code to somebody, or ask them by theirs.</p>}>
        {sorted.map((friend) => (
          <FriendRow key={friend.user} friend={friend} />
        ))}
      </Listing>
      <OwnCode />
      <AskForm />
    </section>
  )
}

function OwnCode() {
  const { me } = useSite()
  return (
    <div className="row foot">
      <Field label="Your code" hint="for others to ask you" value={me} readOnly data-testid="code" />
      <CopyLink link={me} what="code" />
    </div>
  )
}

const SPECIAL = { forbidden: 'This is your own code. Give it to somebody, and ask for theirs.' } as const

function AskForm() {
  const [code, setCode] = useState('')
  const { act, isBusy, trouble } = useFriendAct(SPECIAL)
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    void act('request', code.trim(), () => setCode(''))
  }
  return (
    <form onSubmit={submit} className="stack" aria-label="Ask somebody">
      <div className="row foot">
        <Field
          label="Somebody’s code"
          hint="or user id"
          value={code}
          onChange={({ target }) => setCode(target.value)}
          required
          pattern=".*\S.*"
          maxLength={LIMITS.nameChars}
        />
        <button type="submit" disabled={isBusy}>
          Ask
        </button>
      </div>
      <Trouble words={trouble} />
    </form>
  )
}
