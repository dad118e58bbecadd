import { describe, expect, test } from 'bun:test'
import { TRPCClientError } from '@trpc/client'
import { connect, type Fetch } from '../../client/connect.ts'
import { useDatabase } from '../kit/mongo.ts'
import { candidate } from '../kit/session.ts'
import { startServer } from '../kit/server.ts'
import { until } from '../kit/until.ts'

const { url } = useDatabase(import.meta.path)

/** Alice's session with Bob in it, made over HTTP by `client`. */
async function meet(client: ReturnType<typeof connect>, name: string) {
  const { session } = client
  const alice = { context: { authorization: (await session.host.mutate({ name, hostName: 'Alice' })).secret } }
  const joined = await session.join.mutate({ name, clientName: 'Bob', offer: 'o1' })
  return { session, alice, bob: { context: { authorization: joined.secret } } }
}

/** What a client's `onError` got: the rule of the server's error. */
const ruleOf = (error: unknown) =>
  error instanceof TRPCClientError && typeof error.data?.rule === 'string' ? error.data.rule : error

describe('hosted sessions on the wire', () => {
  test('a rule arrives with its name, status and limit', async () => {
    await using server = await startServer({ url })
    const { session, bob } = await meet(connect({ url: server.url }), 'wire rules')
    const stale = session.sendCandidates.mutate({ generation: 2, candidates: [candidate('a')] }, bob)
    await expect(stale).rejects.toMatchObject({ data: { rule: 'stale-generation', httpStatus: 412, limit: 1 } })
    const nameless = session.host.mutate({ name: 'a\nb', hostName: 'Alice' })
    await expect(nameless).rejects.toMatchObject({ data: { rule: 'bad-request', httpStatus: 400 } })
  })

  test('a stream over server-sent events ends with superseded, and its client does not try again', async () => {
    await using server = await startServer({ url })
    let streams = 0
    const counting: Fetch = (input, init) => {
      if (String(input).includes('session.events')) streams += 1
      return fetch(input, init)
    }
    const { session, alice } = await meet(connect({ url: server.url, fetch: counting }), 'wire superseded')
    const kinds: string[] = []
    const ended = new Promise<unknown>((onError) =>
      session.events.subscribe({}, { ...alice, onData: ({ data }) => void kinds.push(data.kind), onError }),
    )
    await until(() => kinds.length === 1, { what: 'the offer' })
    await session.host.mutate({ hostName: 'Alice' }, alice)
    expect(ruleOf(await ended)).toBe('superseded')
    expect(streams).toBe(1)
  })

  test('a stream whose server drains goes on at the next one: nothing lost, nothing twice', async () => {
    await using first = await startServer({ url })
    await using second = await startServer({ url })
    let target = first.url
    const balanced: Fetch = (input, init) => fetch(String(input).replace('http://balanced', target), init)
    const { session, alice, bob } = await meet(connect({ url: 'http://balanced', fetch: balanced }), 'wire drain')
    const seen: string[] = []
    const stream = session.events.subscribe(
      {},
      {
        ...alice,
        onData: ({ data }) =>
          void seen.push(data.kind === 'candidates' ? String(data.candidates[0]?.candidate) : data.kind),
      },
    )
    const send = (text: string) => session.sendCandidates.mutate({ generation: 1, candidates: [candidate(text)] }, bob)
    await send('before')
    await until(() => seen.length === 2, { what: 'two signals' })
    target = second.url
    await first.drain(2_000)
    await send('after')
    await until(() => seen.includes('after'), { what: 'the stream to go on', deadlineMs: 15_000 })
    expect(seen).toEqual(['offer', 'before', 'after'])
    stream.unsubscribe()
  })
})
