import { expect, test } from 'bun:test'
import { type App, openFailing } from '../../kit/quiz-failing.ts'
import { deckFor, quickly, watch } from '../../kit/quiz.ts'
import { readLines } from '../../kit/quiz-history.ts'
import { lasts, openStage } from '../../kit/quiz-stage.ts'
import { questionOf } from '../../../shared/quiz/conductor/game.ts'
import { until } from '../../kit/until.ts'

const LOSSES = process.env.LONG === '1' ? 20 : 2
/** ChangeStreamHistoryLost: the oplog was rolled over while the stream was away. mongod's smallest oplog, 990 MB, is too big to fill. */
const errorCode = 286
/** What a process says that has read all of its rooms again. */
const TOLD = { 'foyer-server': 'change stream began anew', 'foyer-conductor': '"msg":"conductors"' } as const

/** How far a game is: it only grows. */
const placeOf = (game: { round: number; question: number | null } | null | undefined): number =>
  (game?.round ?? 0) * 1_000 + (game?.question ?? 0)

for (const appName of ['foyer-server', 'foyer-conductor'] as const satisfies readonly App[])
  test(`F16: ${LOSSES} times the history of all streams of ${appName} is lost: it reads anew, and no room is stale`, async () => {
    await using mongo = await openFailing()
    await using stage = await openStage({ ...mongo, servers: 2 })
    const processes = appName === 'foyer-server' ? stage.fleet.servers : stage.fleet.workers
    const told = () => processes.map(({ logs }) => logs.filter((line) => line.includes(TOLD[appName])).length)
    const lost = { failCommands: ['getMore', 'aggregate'], appName, errorCode }
    for (let loss = 0; loss < LOSSES; loss++) {
      await stage.goesOn()
      const before = told()
      const owner = await stage.fleet.person(`late ${loss} ${appName}`)
      let room = ''
      {
        // Neither goes on nor begins anew until it is over: what is committed meanwhile comes by no stream.
        await using _failing = await mongo.failing(lost, { probability: 1, times: 4 })
        await until(() => told().every((count, i) => count > (before[i] ?? 0)), { what: 'all have lost it' })
        await stage.goesOn(3)
        const payload = quickly(await deckFor(mongo.db, owner.id), { pace: 'host' })
        room = (await owner.client.quiz.host.mutate({ payload })).room
        // Its conductor is wanted once somebody watches: workers find that by looking.
        using _seen = watch(owner, room)
        await stage.epochs.beganAfter(room, 0)
      }
      // What became of all rooms meanwhile reaches whoever watches: nothing brings it along but the reading anew.
      for (const id of stage.play.ids) {
        const game = (await readLines(mongo.db, id)).lines.at(-1)?.state.game
        const place = game == null ? 0 : placeOf({ round: game.round, question: questionOf(game) })
        await until(() => placeOf(stage.play.seenIn(id).view?.game) >= place, {
          what: `question ${place} of ${id} seen`,
        })
      }
    }
    await stage.goesOn(10)
    // It is over: nobody opens streams again and again.
    const after = told()
    await lasts(1_500)
    expect(told()).toEqual(after)
    expect(stage.play.ids.map(stage.epochsOf)).toEqual(stage.play.ids.map(() => [1]))
    expect(await stage.judge()).toEqual([])
  }, 240_000)
