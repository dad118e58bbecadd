import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { openLeases } from '../worker/lease-kit.ts'

const { leases, held, age, claim } = await openLeases(useDatabase(import.meta.path))

// A conductor that could not read its deck tried for 18 s, was renewed all the while, and its end counted as that of a long and useful
// life: the room was taken again and again for ever, and nobody was told that it had failed.
test('the loss of a conductor that gave up counts as a crash, however often its lease was renewed', async () => {
  const { room } = await held()
  const lose = async (epoch: number) => {
    for (let i = 0; i < 10; i++) await leases.renew({ worker: 'w1', rooms: [room] })
    await leases.gaveUp({ room, epoch, worker: 'w1' })
    await age(room, 17_100)
    return claim(room)
  }
  expect(await lose(1)).toMatchObject({ epoch: 2, crash: { count: 1 } })
  expect(await lose(2)).toMatchObject({ epoch: 3, crash: { count: 2 } })
  expect(await lose(3)).toBeNull()
  expect((await leases.ofRooms([room]))[0]).toMatchObject({ status: 'failed', crash: { count: 3 } })
})
