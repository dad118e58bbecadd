import { expect, test } from 'bun:test'
import { type App, openFailing } from '../../kit/quiz-failing.ts'
import { PERPETUAL } from '../../kit/quiz-play.ts'
import { openStage } from '../../kit/quiz-stage.ts'

const IS_LONG = process.env.LONG === '1'
const ROUNDS = IS_LONG ? 5 : 1
const BLOCK_MS = IS_LONG ? 20_000 : 1_500

const WRITES = ['findAndModify', 'update', 'insert']
const ALL = [...WRITES, 'getMore', 'find', 'aggregate']
/** What a driver meets, as leases-quiz.md F14 has it. */
const FAILURES = [
  { what: 'ShutdownInProgress', failCommands: ALL, errorCode: 91 },
  { what: 'PrimarySteppedDown', failCommands: ALL, errorCode: 189 },
  { what: 'NotWritablePrimary', failCommands: ALL, errorCode: 10_107 },
  { what: 'InterruptedDueToReplStateChange', failCommands: ALL, errorCode: 11_602 },
  { what: 'a closed connection', failCommands: ALL, closeConnection: true },
  { what: 'silence', failCommands: WRITES, blockConnection: true, blockTimeMS: BLOCK_MS },
  // It was done, and whether a majority has it nobody says.
  { what: 'a write concern that fails', failCommands: WRITES, writeConcernError: { code: 64, errmsg: 'timed out' } },
]
const APPS: readonly App[] = ['foyer-conductor', 'foyer-conductor-leases', 'foyer-server']

for (const appName of APPS)
  test(`F14: each error that a driver may meet, in ${appName}: no epoch is doubled, no answer lost, the game goes on`, async () => {
    await using mongo = await openFailing()
    await using stage = await openStage({ ...mongo, kinds: PERPETUAL })
    await using _other = await stage.fleet.addWorker()
    for (let round = 0; round < ROUNDS; round++)
      for (const { what: _, ...data } of FAILURES) {
        {
          await using _failing = await mongo.failing({ ...data, appName }, { probability: 0.3, times: 3 })
        }
        await stage.goesOn(3)
      }
    await stage.goesOn(10)
    expect(await stage.judge()).toEqual([])
  }, 300_000)
