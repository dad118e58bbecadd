import type { MongoClient } from 'mongodb'

/**
 * Whether a client's primary has been the same for a time. One that it meets at first counts as old: the process cannot know, and has
 * nothing yet that an election could have disturbed.
 */
export function electionWatch(client: MongoClient, holdMs: number) {
  let primary: string | null = null
  let changedAt = Number.NEGATIVE_INFINITY
  client.on('topologyDescriptionChanged', ({ newDescription }) => {
    const found = [...newDescription.servers.values()].find(({ type }) => type === 'RSPrimary')
    if (found === undefined) return
    const seen = `${found.address} ${found.electionId?.toHexString() ?? ''}`
    if (primary !== null && primary !== seen) changedAt = performance.now()
    primary = seen
  })
  return { isSettled: () => performance.now() - changedAt >= holdMs }
}
