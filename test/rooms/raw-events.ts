import type { RoomFrame } from '../../shared/room/schema.ts'
import type { RouterInputs } from '../../server/app.ts'
import { tokenOf } from '../kit/tokens.ts'
import { Heard } from './streams.ts'

/** Where a block of an event stream ends, as tRPC writes it. */
const BLOCK_END = '\n\n'

const fieldsOf = (block: string): Record<string, string> =>
  Object.fromEntries(
    block.split('\n').flatMap((line) => {
      const colon = line.indexOf(': ')
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 2)]] : []
    }),
  )

function hear(block: string, heard: Heard): void {
  const { event, data = 'null', id } = fieldsOf(block)
  if (event === 'connected') return heard.onStart()
  if (event === 'return') return heard.end('complete')
  if (event === 'serialized-error') return heard.end(JSON.parse(data).json.data.rule)
  if (event !== undefined || data === 'null') return
  // edge: what room.events sends, by way of the transformer.
  heard.take(JSON.parse(data).json as RoomFrame, id)
}

/** Server-sent events of one room by hand, which can be cut anywhere: a block that did not come whole counts for nothing. */
export async function rawEvents(url: string, user: string) {
  const authorization = `Bearer ${await tokenOf(user)}`
  const connection = new AbortController()
  const closed = Promise.withResolvers<void>()
  let left = Number.POSITIVE_INFINITY

  const read = async (heard: Heard, response: Response) => {
    const decoder = new TextDecoder()
    let text = ''
    for await (const bytes of response.body ?? []) {
      text += decoder.decode(bytes.subarray(0, left), { stream: true })
      left -= bytes.length
      const blocks = text.split(BLOCK_END)
      text = blocks.pop() ?? ''
      for (const block of blocks) if (!connection.signal.aborted) hear(block, heard)
      if (left <= 0) connection.abort()
    }
  }

  return {
    /** Subscribes; `lastEventId` goes as the header in which an EventSource sends it. */
    follow: ({ lastEventId, ...input }: RouterInputs['room']['events'], heard = new Heard()): Heard => {
      const query = encodeURIComponent(JSON.stringify({ json: input }))
      const resume = typeof lastEventId === 'string' ? { 'last-event-id': lastEventId } : null
      const headers = { accept: 'text/event-stream', authorization, ...resume }
      fetch(`${url}/trpc/room.events?input=${query}`, { headers, signal: connection.signal })
        .then((response) => read(heard, response))
        .catch((thrown: unknown) => connection.signal.aborted || heard.end(String(thrown)))
        .finally(closed.resolve)
      return heard
    },
    cutAfter: (bytes: number) => void (left = bytes),
    cut: () => connection.abort(),
    closed: closed.promise,
    [Symbol.dispose]: () => connection.abort(),
  }
}
