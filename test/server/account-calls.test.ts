import { expect, test } from 'bun:test'
import { createTRPCClient, httpLink } from '@trpc/client'
import superjson from 'superjson'
import type { AppRouter } from '../../server/app.ts'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'

const { url } = useDatabase(import.meta.path)
const clientOf = (base: string, token?: string) =>
  createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${base}/trpc`,
        transformer: superjson,
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      }),
    ],
  })

test('a guest of one development server is known at the next: they share the installation`s secret', async () => {
  await using one = await startServer({ url })
  await using two = await startServer({ url })
  const { token } = await clientOf(one.url).account.guest.mutate({ name: 'Ann' })
  const me = await clientOf(two.url, token).account.me.query()
  expect(me).toMatchObject({ name: 'Ann', role: 'user' })
  expect(me.expiresAt).toBeDate()
})

test('without a token it is unauthorized; in production guests are off', async () => {
  await using server = await startServer({ url, env: { MODE: 'production' } })
  const client = clientOf(server.url)
  await expect(client.account.me.query()).rejects.toMatchObject({ data: { rule: 'unauthorized', httpStatus: 401 } })
  await expect(client.account.guest.mutate({ name: 'Ann' })).rejects.toMatchObject({ data: { rule: 'guests-off' } })
})
