import { expect, test } from 'bun:test'
import { MongoClient } from 'mongodb'
import { retry } from '../../client/retry.ts'
import { startFleet } from '../kit/fleet.ts'
import { startTestMongo } from '../kit/test-mongo.ts'
import { tokenOf } from '../kit/tokens.ts'
import { until } from '../kit/until.ts'

const WRITERS = 32
const ELECTIONS = process.env.LONG === '1' ? 5 : 1

test(`${ELECTIONS} step-down of a 3-node replica set under load: no acknowledged edit is lost, none counts twice`, async () => {
  const mongo = await startTestMongo({ members: 3 })
  const client = await MongoClient.connect(mongo.url)
  try {
    await using fleet = await startFleet({ url: mongo.url, size: 2 })
    const token = await tokenOf('backend', { role: 'service' })
    const { room } = await fleet.client(token).room.create.mutate({ as: 'alice', data: { sum: 0 } })
    const acknowledged = new Map<string, number>()
    let stopping = false

    const edit = async () => {
      const id = Bun.randomUUIDv7()
      const operations = [{ op: 'increment' as const, path: '/sum', by: 1 }]
      const reply = await retry((signal) =>
        fleet.client(token).room.edit.mutate({ room, id, as: 'alice', operations, reply: 'result' }, { signal }),
      )
      acknowledged.set(id, reply.version)
    }
    const writer = async () => {
      while (!stopping) await edit()
    }
    const more = (n: number) => {
      const aim = acknowledged.size + n
      return until(() => acknowledged.size >= aim, { what: `${aim} edits are acknowledged`, deadlineMs: 60_000 })
    }
    const writing = Promise.all(Array.from({ length: WRITERS }, writer))
    for (let election = 0; election < ELECTIONS; election++) {
      await more(300)
      const before = (await client.db('admin').command({ hello: 1 })).primary
      await client.db('admin').command({ replSetStepDown: 5, secondaryCatchUpPeriodSecs: 1 })
      await more(300)
      expect((await client.db('admin').command({ hello: 1 })).primary).not.toBe(before)
    }
    stopping = true
    await writing

    const now = await fleet.client(token).room.get.query({ room })
    expect(now).toMatchObject({ version: acknowledged.size + 1, data: { sum: acknowledged.size } })
    expect([...acknowledged.values()].sort((a, b) => a - b)).toEqual(Array.from(acknowledged, (_, i) => i + 2))
  } finally {
    await client.close()
    await mongo.stop()
  }
}, 300_000)
