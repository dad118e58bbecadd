import { uploadDeckInput } from '../shared/deck/schema.ts'
import { readBytes } from './body.ts'
import type { Context } from './context.ts'
import { parsed } from './errors.ts'
import { answered } from './rest.ts'

/**
 * `POST /decks/import?format=…`: what `deck.import` does, for texts and files over a call's 64 KiB. The body is the file itself, the
 * query is `uploadDeckInput`, the reply an ImportReport: 201 for a new deck, else 200. Errors: as `deck.import`, too-large.
 */
export const importDeckRest = (request: Request, context: () => Context): Promise<Response> =>
  answered('rest.decks.import', context, async ({ foyer, bearer }) => {
    const account = await foyer.accounts.verify(bearer)
    const input = parsed(uploadDeckInput, Object.fromEntries(new URL(request.url).searchParams))
    const report = await foyer.decks.upload(account, input, (limit) => readBytes(request, limit))
    return Response.json(report, { status: report.deck !== null && input.deck === undefined ? 201 : 200 })
  })
