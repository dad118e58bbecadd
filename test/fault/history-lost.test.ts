import { expect, test } from 'bun:test'
import { MongoClient } from 'mongodb'
import { startFleet } from '../kit/fleet.ts'
import { startTestMongo } from '../kit/test-mongo.ts'
import { until } from '../kit/until.ts'
import { rawSocket } from '../rooms/raw-socket.ts'
import { bump, linkOf, span } from '../rooms/streams.ts'
import { startLoad } from './load.ts'

const IS_LONG = process.env.LONG === '1'
const LOSSES = IS_LONG ? 20 : 2
/** ChangeStreamHistoryLost. */
const HISTORY_LOST = 286

test(`${LOSSES} times a lost history of the change streams under load: no acknowledged edit is lost, each stream is whole`, async () => {
  // Failpoints are a parameter of mongod itself, so this file has one of its own.
  const mongo = await startTestMongo({ parameters: { enableTestCommands: 1 } })
  const client = await MongoClient.connect(mongo.url, { readConcernLevel: 'majority' })
  const failStreams = (mode: 'alwaysOn' | 'off') => {
    // Neither goes on nor begins anew until it is off: what is committed meanwhile comes by no stream.
    const data = { appName: 'foyer-server', failCommands: ['getMore', 'aggregate'], errorCode: HISTORY_LOST }
    return client.db('admin').command({ configureFailPoint: 'failCommand', mode, data })
  }
  try {
    await using fleet = await startFleet({ url: mongo.url, size: 2 })
    const gaps = () =>
      fleet.servers().map(({ logs }) => logs.filter((line) => line.includes('change stream began anew')).length)
    const { more, stop } = await startLoad(fleet, client.db())
    const [here = '', there = ''] = fleet.servers().map((server) => server.url)
    // Nothing comes after what is written in the midst of a loss: no later event brings it along.
    const writer = await linkOf(here, 'alice')
    const { room } = await writer.client.room.create.mutate({ data: { n: 0 } })
    using line = await rawSocket(there, 'alice')
    const heard = line.follow({ room, after: 1 })
    for (let loss = 0; loss < LOSSES; loss++) {
      await more(200)
      const before = gaps()
      await failStreams('alwaysOn')
      await until(() => gaps().every((count, i) => count > (before[i] ?? 0)), { what: 'both servers lost the history' })
      await bump(writer.client, room)
      await more(200)
      await failStreams('off')
      await heard.reached(2 + loss)
    }
    await more(200)
    const { faults, ...report } = await stop()
    if (IS_LONG) process.stderr.write(`${JSON.stringify({ ...report, gaps: gaps() })}\n`)
    expect(faults).toEqual([])
    expect([heard.versions(), heard.snapshots(), heard.ends]).toEqual([span(1, 1 + LOSSES), [], []])
  } finally {
    await client.close()
    await mongo.stop()
  }
}, 300_000)
