import type { QuizView } from '../../../../shared/quiz/view.ts'
import type { FoyerClient } from '../../../index.ts'
import { Title } from '../../parts/title.tsx'
import { useDecks, useTitle } from './decks.ts'
import { Live } from './live.tsx'
import { nameOf } from '../people.ts'
import { namesIn } from './names.ts'
import { Ended, Failed } from './over.tsx'
import { type Go, useFollowed } from './use-followed.ts'
import { KINDS, quizWords } from './words.ts'

export interface QuizRoomPageProps {
  client: FoyerClient
  /** The user's id. */
  me: string
  room: string
  /** The room that it was spawned from, if that is how one came here. */
  from?: string | undefined
  /** Where the page goes by itself, or is sent by a press. */
  go: Go
}

/** One quiz room, and the rooms to which its occupants go from it. */
export function QuizRoomPage({ client, me, room, from, go }: QuizRoomPageProps) {
  const used = useFollowed(client, { room, from }, go)
  const decks = useDecks(client)
  const view = used.status === 'open' || used.status === 'ended' ? used.view : null
  const title = useTitle(client, decks, view?.conductor?.payload.deck ?? view?.deck ?? null)
  const current = used.status === 'none' ? room : used.room
  return (
    <div className="stage quiz-room" data-testid="quiz-room" data-state={used.status} data-room={current}>
      <div className="intro">
        <p className="kicker">
          {view === null ? 'Quiz room' : KINDS[view.kind]}
          {view !== null && view.kind !== 'HostedPerpetual' && `, as ${nameOf(me)}`}
        </p>
        <Title key={`${current} ${used.status}`}>
          {view === null ? TITLES[used.status] : titleIn(view, me, title)}
        </Title>
      </div>
      {used.status === 'open' && <Live key={current} opened={used} {...{ client, decks, title, go }} />}
      {used.status === 'ended' && <Ended client={client} ended={used} go={go} />}
      {used.status === 'failed' && <Failed words={quizWords(used.error)} reopen={used.reopen} go={go} />}
    </div>
  )
}

const TITLES = { none: 'Opening …', opening: 'Opening …', open: '', ended: '', failed: 'No room' } as const

function titleIn({ kind, owner, occupants }: QuizView, me: string, title: string | null): string {
  if (kind === 'GroupPerpetual') return namesIn(occupants, me)
  if (title !== null) return title
  if (owner === null) return 'A quiz'
  return owner === me ? 'Your quiz' : `The quiz of ${nameOf(owner)}`
}
