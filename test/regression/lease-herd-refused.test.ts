import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { connectStore } from '../../server/store/connect.ts'
import { TIMES } from '../worker/lease-kit.ts'

const { url } = useDatabase(import.meta.path)

// A server's connections for leases are few, and whoever waited for one for longer than an operation may take was refused: of a crowd of
// rooms that woke at once the last ones slept on until their watchers were counted again, seconds later.
test('a crowd of leases becomes wanted at once, however short the time of one operation is', async () => {
  const leaseTimes = { ...TIMES, opMs: 300 }
  const store = await connectStore({ url, appName: 'test', onError: () => {}, leaseTimes })
  const rooms = Array.from({ length: 3_000 }, () => crypto.randomUUID())
  const { want, counts } = store.leases
  await want({ room: crypto.randomUUID(), kind: 'HostedPerpetual', epoch: 0 })
  await Promise.all(rooms.map((room) => want({ room, kind: 'HostedPerpetual', epoch: 0 })))
  expect((await counts()).wanted).toBe(rooms.length + 1)
  await store.close()
})
