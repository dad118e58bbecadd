import { expect, test } from 'bun:test'
import { benchMongo } from './mongo.ts'
import { benchSignaling } from './signaling.ts'
import { signalingReport } from './signaling-report.ts'

const OPTIONS = { rounds: 1, callers: 16, handshakes: 60, rates: [50], seconds: 0.3, lone: 15 }
const CONTENDERS = 7

test('every way of meeting completes every handshake, under load and at a rate, on one server and across two', async () => {
  await using mongo = await benchMongo()
  const results = await benchSignaling(mongo, OPTIONS)
  expect(results.saturated.map(({ timings }) => timings.length)).toEqual(Array(CONTENDERS).fill(OPTIONS.handshakes))
  expect(results.steady[0]?.results.map(({ timings }) => timings.length)).toEqual(Array(CONTENDERS).fill(15))
  expect(results.handOver.map(({ timings }) => timings.length)).toEqual([OPTIONS.lone, OPTIONS.lone])
  const report = signalingReport(results, OPTIONS)
  expect(report).not.toContain('NaN')
  expect(report.split('\n').filter((line) => line.startsWith('| REST'))).toHaveLength(6)
}, 60_000)
