import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { roomServer } from '../rooms/calls.ts'

const { url } = useDatabase(import.meta.path)

// `leave` is idempotent for whoever was never in, and its reply had the whole room.
test('a command`s reply shows the room only to who may read it', async () => {
  await using foyer = await roomServer(url)
  const [alice, bob] = await Promise.all([foyer.as('alice'), foyer.as('bob')])
  const { room } = await alice.room.create.mutate({ data: { secret: 1 } })
  expect((await bob.room.leave.mutate({ room })).now).toBeNull()

  const join = { room, id: Bun.randomUUIDv7() }
  expect((await bob.room.join.mutate(join)).now).toMatchObject({ data: { secret: 1 } })
  await alice.room.ban.mutate({ room, user: 'bob' })
  expect(await bob.room.join.mutate(join)).toMatchObject({ replayed: true, now: null })
})
