import type { EventDoc } from '../../server/store/docs.ts'
import type { DutyStore } from '../../server/store/duties.ts'

/** Whoever committed an event does at once what follows from it; after this long it is anybody's, ms. */
const LEFT_MS = 3_000
/** Documents that are looked at in one turn, and at the same time. */
const MOST = 200
const AT_ONCE = 20

export interface DutySweepParts {
  duties: Pick<DutyStore, 'due'>
  now: () => Date
  /** Does what follows from a document; idempotent. */
  perform: (doc: EventDoc) => Promise<void>
  onDone: () => void
  onError: (error: unknown) => void
}

/** One turn: does what follows from events and was left undone, by a process that was killed or could not (room-log.md 13). */
export function dutySweep({ duties, now, perform, onDone, onError }: DutySweepParts) {
  let after: string | null = null

  return async (): Promise<void> => {
    const before = new Date(now().getTime() - LEFT_MS)
    // What fails stays where it is: the next turn goes on behind it, and at the end it begins again.
    const page = await duties.due({ before, limit: MOST, after })
    after = page.length < MOST ? null : (page.at(-1)?._id ?? null)
    for (let i = 0; i < page.length; i += AT_ONCE)
      await Promise.all(page.slice(i, i + AT_ONCE).map((doc) => perform(doc).then(onDone, onError)))
  }
}
