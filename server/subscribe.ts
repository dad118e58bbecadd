import type { Hub } from './hub.ts'
import type { Inserted } from './store/stream.ts'

/** The hub's topic of an offer's answer. */
export const answerTopic = (offerId: string) => `answer:${offerId}`
/** The hub's topic of a box of signals. */
export const boxTopic = (box: string) => `box:${box}`

export const topicOf = (inserted: Inserted) =>
  inserted.kind === 'answer' ? answerTopic(inserted.offerId) : boxTopic(inserted.box)

/** The one read stream of a process: what any process committed wakes who waits for it here. */
export function wakeFromStream(hub: Hub, onGap: (error: unknown) => void) {
  return {
    // Whatever was committed before the stream stood is read now.
    open: () => hub.notifyAll(),
    insert: (inserted: Inserted) => hub.notify(topicOf(inserted)),
    gap: (error: unknown) => {
      onGap(error)
      hub.notifyAll()
    },
  }
}
