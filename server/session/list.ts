import type { z } from 'zod'
import { formatListCursor, parseListCursor } from '../../shared/session/cursor.ts'
import { facetsOf } from '../../shared/session/facets.ts'
import { type listInput, type listOutput, metadataSchema } from '../../shared/session/schema.ts'
import { LIMITS } from '../../shared/limits.ts'
import type { SessionDoc } from '../store/docs.ts'
import type { Parts } from './parts.ts'

type ListInput = z.output<typeof listInput>
type ListOutput = z.output<typeof listOutput>

/** How many pages one call looks through for sessions with a free seat; a short page then says where to go on. */
const LOOKS = 4

/** 2. Bob looks for a session in the public list: newest first, paged, no SDP and no secrets. */
export function createListing({ reads }: Parts) {
  const entryOf = async (session: SessionDoc) => ({
    name: session.name,
    hostName: session.hostName,
    metadata: metadataSchema.parse(JSON.parse(session.metadata)),
    clients: await reads.clients(session._id),
    maxClients: session.maxClients,
    hasPassword: session.passwordHash !== undefined,
    createdAt: session.at,
  })

  const list = async ({ search, metadata, free, limit, cursor }: ListInput): Promise<ListOutput> => {
    const facets = facetsOf(metadata ?? {})
    const sessions: ListOutput['sessions'] = []
    let after = parseListCursor(cursor)
    for (let i = 0; i < LOOKS; i++) {
      // One more than is wanted tells whether there is a next page.
      const most = free ? LIMITS.listPage : limit
      const found = await reads.listed({ search, facets, after, limit: most + 1 })
      const entries = await Promise.all(found.slice(0, most).map(entryOf))
      for (const [at, entry] of entries.entries()) {
        const session = found[at]
        if (session === undefined || (free && entry.clients >= entry.maxClients)) continue
        sessions.push(entry)
        const more = at + 1 < found.length
        if (sessions.length === limit) return { sessions, nextCursor: more ? cursorOf(session) : null }
      }
      const last = found[most - 1]
      if (found.length <= most || last === undefined) return { sessions, nextCursor: null }
      after = { at: last.at, id: last._id }
    }
    return { sessions, nextCursor: after === null ? null : formatListCursor(after) }
  }

  return { list }
}

const cursorOf = ({ at, _id }: SessionDoc) => formatListCursor({ at, id: _id })
