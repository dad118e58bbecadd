import { type SubmitEvent, useEffect, useState } from 'react'
import { type FoyerClient, toFoyerError } from '../../../../index.ts'
import type { OpenedQuiz } from '../../../../quiz/followed.ts'
import { Select } from '../host/select.tsx'
import { nameOf } from '../../people.ts'
import { Trouble } from '../../parts/trouble.tsx'
import { useAct } from '../use-act.ts'
import { quizWords } from '../words.ts'
import { InviteLink } from './link.tsx'

export interface InviteProps {
  client: FoyerClient
  opened: OpenedQuiz
}

/** Brings friends; who is none yet comes to a group by a link. */
export function Invite({ client, opened: { quiz, view } }: InviteProps) {
  const { isBusy, trouble, act, say } = useAct()
  const friends = useFriends(client, say)
  const [told, tell] = useState<string | null>(null)
  if (!view.occupants.includes(quiz.user)) return null
  const known = new Set([...view.occupants, ...view.invited])
  const others = (friends ?? []).filter((user) => !known.has(user))
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const user = String(new FormData(event.currentTarget).get('friend') ?? '')
    if (user === '') return
    void act(() => quiz.invite(user)).then((isDone) => tell(isDone ? `${nameOf(user)} is told.` : null))
  }
  return (
    <section className="panel" aria-labelledby="invite-title" data-testid="invite">
      <h2 id="invite-title">Invite</h2>
      {friends === null && trouble === null && <p className="dim">Looking for your friends …</p>}
      {friends !== null && others.length === 0 && (
        <p className="dim">
          {friends.length === 0 ? 'You have no friends here yet.' : 'All your friends are here, or invited.'}
        </p>
      )}
      {others.length > 0 && (
        <form className="invite-form" onSubmit={submit}>
          <Select label="A friend" name="friend" options={others.map((user) => [user, nameOf(user)] as const)} />
          <button type="submit" disabled={isBusy}>
            Invite
          </button>
        </form>
      )}
      <p className="dim status" role="status">
        {told ?? ''}
      </p>
      <Trouble words={trouble} />
      {view.kind === 'GroupPerpetual' && <InviteLink client={client} room={view.room} me={quiz.user} />}
    </section>
  )
}

/** The first page of them; null: not known yet. */
function useFriends(client: FoyerClient, onTrouble: (words: string) => void): readonly string[] | null {
  const [friends, setFriends] = useState<readonly string[] | null>(null)
  useEffect(() => {
    const life = new AbortController()
    client.friend.list.query({ status: 'friends' }, { signal: life.signal }).then(
      (list) => setFriends(list.friends.map(({ user }) => user)),
      (thrown: unknown) => {
        if (!life.signal.aborted) onTrouble(quizWords(toFoyerError(thrown)))
      },
    )
    return () => life.abort()
  }, [client, onTrouble])
  return friends
}
