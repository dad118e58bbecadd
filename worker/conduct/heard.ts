import type { QuizRooms } from '../../server/quiz/open.ts'
import type { Store } from '../../server/store/connect.ts'
import type { AudienceWatch } from './audience.ts'

export interface HeardParts {
  store: Pick<Store, 'watch'>
  rooms: QuizRooms
  audience: AudienceWatch
  onError: (error: unknown) => void
}

/** Folds what other processes append to quiz rooms, and hears who watches them, until the signal aborts. */
export function hearOthers({ store, rooms, audience, onError }: HeardParts, signal: AbortSignal): Promise<void> {
  const reread = () => {
    rooms.reread()
    audience.reload().catch(onError)
  }
  return store.watch(
    signal,
    {
      open: reread,
      insert: (inserted) => {
        if (inserted.kind === 'quiz') rooms.arrived(inserted.doc)
        else if (inserted.kind === 'audience') audience.arrived(inserted.doc)
      },
      gap: (error) => {
        onError(error)
        reread()
      },
    },
    ['quizEvents', 'audience'],
  )
}
