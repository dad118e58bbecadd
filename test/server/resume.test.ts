import { describe, expect, test } from 'bun:test'
import { createTRPCClient, createWSClient, httpLink, httpSubscriptionLink, splitLink, wsLink } from '@trpc/client'
import { EventSource } from 'eventsource'
import superjson from 'superjson'
import type { AppRouter } from '../../server/app.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { until } from '../kit/until.ts'
import { startBalancer } from './balancer.ts'

const { url } = useDatabase(import.meta.path)

type Client = ReturnType<typeof createTRPCClient<AppRouter>>
const overSse = (base: string, authorization: string): Client => {
  const shared = { url: `${base}/trpc`, transformer: superjson }
  const events = httpSubscriptionLink<AppRouter, typeof EventSource>({
    ...shared,
    EventSource,
    eventSourceOptions: {
      fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, authorization } }),
    },
  })
  const calls = httpLink({ ...shared, headers: { authorization } })
  return createTRPCClient<AppRouter>({
    links: [splitLink({ condition: ({ type }) => type === 'subscription', true: events, false: calls })],
  })
}
const overSocket = (base: string, authorization: string): Client => {
  const socket = createWSClient({
    url: `${base.replace('http', 'ws')}/trpc`,
    connectionParams: { authorization },
    retryDelayMs: () => 20,
  })
  return createTRPCClient<AppRouter>({ links: [wsLink({ client: socket, transformer: superjson })] })
}

describe.each([
  { name: 'server-sent events', connect: overSse },
  { name: 'a WebSocket', connect: overSocket },
])('a subscription over $name', ({ name, connect }) => {
  test('is told by SIGTERM to resume, and does so on another process: nothing lost, nothing twice', async () => {
    const [first, second] = await Promise.all([spawnServer({ url }), spawnServer({ url })])
    await using balancer = await startBalancer(first.url)
    const guest = createTRPCClient<AppRouter>({
      links: [httpLink({ url: `${second.url}/trpc`, transformer: superjson })],
    })
    const { secret } = await guest.session.host.mutate({ name, hostName: 'h' })
    const join = (clientName: string) =>
      guest.session.join.mutate({ name, clientName, offer: `offer of ${clientName}` })

    const seen: string[] = []
    const ends: unknown[] = []
    const subscription = connect(balancer.url, `Bearer ${secret}`).session.events.subscribe(
      {},
      {
        onData: ({ data }) => data.kind === 'offer' && seen.push(data.client),
        onError: (error) => ends.push(error.data?.rule ?? error.message),
        onComplete: () => ends.push('complete'),
      },
    )
    await join('before')
    await until(() => seen.length === 1, { what: 'a signal through the first process' })
    balancer.use(second.url)
    expect(await first.stop()).toBe('exit code 0')
    await join('after')
    await until(() => seen.length === 2, { what: 'a signal through the second', deadlineMs: 10_000 })
    expect([seen, ends]).toEqual([['before', 'after'], []])
    subscription.unsubscribe()
    expect(await second.stop()).toBe('exit code 0')
  }, 20_000)
})
