import { expect, test } from 'bun:test'
import { MongoClient } from 'mongodb'
import { startFleet } from '../kit/fleet.ts'
import { startTestMongo } from '../kit/test-mongo.ts'
import { startLoad } from './load.ts'

const IS_LONG = process.env.LONG === '1'
const ELECTIONS = IS_LONG ? 5 : 1

test(`${ELECTIONS} step-down of a 3-node replica set under load: no acknowledged edit is lost, each stream is whole`, async () => {
  const mongo = await startTestMongo({ members: 3 })
  const client = await MongoClient.connect(mongo.url, { readConcernLevel: 'majority' })
  const admin = client.db('admin')
  try {
    await using fleet = await startFleet({ url: mongo.url, size: 2 })
    const { more, stop } = await startLoad(fleet, client.db())
    for (let election = 0; election < ELECTIONS; election++) {
      await more(300)
      const before = (await admin.command({ hello: 1 })).primary
      await admin.command({ replSetStepDown: 5, secondaryCatchUpPeriodSecs: 1 })
      await more(300)
      expect((await admin.command({ hello: 1 })).primary).not.toBe(before)
    }
    const { faults, ...report } = await stop()
    if (IS_LONG) process.stderr.write(`${JSON.stringify(report)}\n`)
    expect(faults).toEqual([])
  } finally {
    await client.close()
    await mongo.stop()
  }
}, 300_000)
