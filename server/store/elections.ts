import type { MongoClient } from 'mongodb'

/** How long a primary has to be the same, ms. */
export interface Holds {
  holdMs: number
  /** The same for the first that the client meets. */
  startHoldMs: number
}

/** Whether a client's primary has been the same for a time. Of the first one that it meets it cannot know since when that is one. */
export function electionWatch(client: MongoClient, { holdMs, startHoldMs }: Holds) {
  let primary: string | null = null
  let settlesAt = Number.NEGATIVE_INFINITY
  client.on('topologyDescriptionChanged', ({ newDescription }) => {
    const found = [...newDescription.servers.values()].find(({ type }) => type === 'RSPrimary')
    if (found === undefined) return
    const seen = `${found.address} ${found.electionId?.toHexString() ?? ''}`
    if (primary !== seen) settlesAt = performance.now() + (primary === null ? startHoldMs : holdMs)
    primary = seen
  })
  const isKnown = () => primary !== null || startHoldMs === 0
  return { isSettled: () => isKnown() && performance.now() >= settlesAt }
}
