import { QueryCache, QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { toFoyerError } from '../../index.ts'
import { FoyerProvider, useFoyer } from '../../react-query.ts'
import { clientOf, type Guest } from '../board/guest.ts'
import { DeckPage } from './deck/page.tsx'
import { Home } from './home/home.tsx'
import { LinkPage } from './link/page.tsx'
import { News } from './news.tsx'
import { Trouble } from './parts/trouble.tsx'
import type { Place } from './place.ts'
import { QuizRoomPage } from './room/page.tsx'
import { type Site, SiteContext, useSite } from './site.ts'
import { useLive } from './use-live.ts'
import type { Go } from './use-place.ts'
import { quizWords } from './words.ts'

export interface InsideProps {
  guest: Guest
  place: Place
  go: Go
  /** The invitation link that they came by and have just said who they are; null: none. */
  cameBy: string | null
  /** They want to be somebody else. */
  onLeave: () => void
  /** The server does not know them any more. */
  onLost: () => void
}

const RETRIES = 3
/** How often a server that was away is asked again who this is. */
const AGAIN_MS = 5_000

/** What a guest comes to. */
export function Inside({ guest, onLost, ...rest }: InsideProps) {
  const [{ client, queryClient }] = useState(() => {
    const onError = (error: Error) => {
      if (toFoyerError(error).rule === 'unauthorized') onLost()
    }
    const retry = (failures: number, error: Error) => toFoyerError(error).retryable && failures < RETRIES
    const queries = { retry, staleTime: 1_000 }
    return {
      client: clientOf(guest),
      queryClient: new QueryClient({ queryCache: new QueryCache({ onError }), defaultOptions: { queries } }),
    }
  })
  return (
    <QueryClientProvider client={queryClient}>
      <FoyerProvider trpcClient={client} queryClient={queryClient}>
        <Known {...{ guest, client, ...rest }} />
      </FoyerProvider>
    </QueryClientProvider>
  )
}

type KnownProps = Omit<InsideProps, 'onLost'> & Pick<Site, 'client'>

function Known({ guest: { name, token }, client, go, ...rest }: KnownProps) {
  const foyer = useFoyer()
  const { data, error } = useQuery(
    foyer.account.me.queryOptions(undefined, {
      staleTime: Number.POSITIVE_INFINITY,
      refetchInterval: ({ state }) => (state.data === undefined ? AGAIN_MS : false),
    }),
  )
  const me = data?.id
  const site = useMemo(() => (me === undefined ? null : { client, token, me, name, go }), [client, token, me, name, go])
  if (site !== null)
    return (
      <SiteContext value={site}>
        <There {...rest} />
      </SiteContext>
    )
  return error === null ? (
    <p className="dim" role="status">
      Coming in …
    </p>
  ) : (
    <Trouble words={quizWords(toFoyerError(error))} />
  )
}

function There({ place, cameBy, onLeave }: Pick<InsideProps, 'place' | 'cameBy' | 'onLeave'>) {
  const { client, me, go } = useSite()
  useLive(client)
  if (place.at === 'home') return <Home onLeave={onLeave} />
  if (place.at === 'link') return <LinkPage key={place.link} {...place} isNew={place.link === cameBy} />
  return (
    <>
      <News here={place.at === 'room' ? place.room : null} />
      {place.at === 'deck' ? (
        <DeckPage key={place.deck} deck={place.deck} />
      ) : (
        <QuizRoomPage room={place.room} from={place.from} {...{ client, me, go }} />
      )}
    </>
  )
}
