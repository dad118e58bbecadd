import type { Hub } from './hub.ts'
import type { EventDoc, PresenceDoc } from './store/docs.ts'
import type { AudienceDoc } from './store/docs-quiz.ts'
import type { Inserted } from './store/stream.ts'

/** The hub's topic of an offer's answer. */
export const answerTopic = (offerId: string) => `answer:${offerId}`
/** The hub's topic of a box of signals. */
export const boxTopic = (box: string) => `box:${box}`

/** The hub's topic of a user's notifications. */
export const inboxTopic = (user: string) => `inbox:${user}`

/** What the rooms of a process take from the read stream. */
export interface StreamReader {
  events?(doc: EventDoc): void
  presence?(doc: PresenceDoc): void
  /** A document of a quiz room's log. */
  quiz?(doc: EventDoc): void
  audience?(doc: AudienceDoc): void
  /** Something may have been missed: whatever is watched is read again. */
  gap(): void
}

export interface StreamOptions {
  hub: Hub
  readers: ReadonlySet<StreamReader>
  onGap: (error: unknown) => void
}

/** The one read stream of a process: what any process committed wakes who waits for it here, and is folded by its rooms. */
export function fromStream({ hub, readers, onGap }: StreamOptions) {
  const reread = () => {
    hub.notifyAll()
    for (const reader of readers) reader.gap()
  }
  return {
    // Whatever was committed before the stream stood is read now.
    open: reread,
    insert: (inserted: Inserted) => {
      if (inserted.kind === 'answer') hub.notify(answerTopic(inserted.offerId))
      else if (inserted.kind === 'signal') hub.notify(boxTopic(inserted.box))
      else if (inserted.kind === 'notification') hub.notify(inboxTopic(inserted.user))
      else tell(readers, inserted)
    },
    gap: (error: unknown) => {
      onGap(error)
      reread()
    },
  }
}

function tell(readers: ReadonlySet<StreamReader>, inserted: Extract<Inserted, { doc: unknown }>): void {
  for (const reader of readers) {
    if (inserted.kind === 'events') reader.events?.(inserted.doc)
    else if (inserted.kind === 'quiz') reader.quiz?.(inserted.doc)
    else if (inserted.kind === 'presence') reader.presence?.(inserted.doc)
    else reader.audience?.(inserted.doc)
  }
}
