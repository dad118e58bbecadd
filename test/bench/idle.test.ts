import { expect, test } from 'bun:test'
import { benchIdle, growthOf } from './idle.ts'
import { benchMongo } from './mongo.ts'

test('hundreds of idle hosts keep their rooms, at one keep each in its wait', async () => {
  await using mongo = await benchMongo()
  const { perSecond, samples } = await benchIdle(mongo, { hosts: 300, seconds: 4, windowSeconds: 2, waitMs: 1_000 })
  expect(perSecond).toBeGreaterThan(150)
  expect(perSecond).toBeLessThanOrEqual(320)
  expect(growthOf(samples, 2).ratio).toBeLessThan(1.5)
}, 30_000)
