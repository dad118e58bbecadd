import { expect, test } from 'bun:test'
import { benchMongo } from './mongo.ts'
import { benchAgenda } from './worker/agenda.ts'
import { benchAnswers } from './worker/answers.ts'
import { benchLoad } from './worker/load.ts'
import { benchTakeover } from './worker/takeover.ts'

test('every answer that is acknowledged stands in the log', async () => {
  await using mongo = await benchMongo()
  const { answers, stored, perSecond } = await benchAnswers(mongo, { players: 60, questions: 3 })
  expect([answers, stored]).toEqual([180, 180])
  expect(perSecond).toBeGreaterThan(0)
}, 60_000)

test('conductors of a killed process are taken over, each once, and jobs of Agenda as well', async () => {
  await using mongo = await benchMongo()
  const child = await benchTakeover(mongo, { samples: 4, lost: 'child' })
  expect(child).toHaveLength(4)
  const jobs = await benchAgenda(mongo, { samples: 3, lockMs: 2_000, everyMs: 500 })
  expect(jobs).toHaveLength(3)
}, 120_000)

test('conductors play on time, and what they take is counted', async () => {
  await using mongo = await benchMongo()
  const { lateMs, childCpu, mongodCpu, spinUpMs } = await benchLoad(mongo, 'playing', {
    rooms: 5,
    settleMs: 0,
    ms: 8_000,
  })
  expect(spinUpMs).toHaveLength(5)
  expect(lateMs.length).toBeGreaterThan(3)
  expect(Math.min(...lateMs)).toBeGreaterThanOrEqual(0)
  expect(childCpu).toBeGreaterThan(0)
  expect(mongodCpu).toBeGreaterThan(0)
}, 120_000)
