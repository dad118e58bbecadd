import { expect, test } from 'bun:test'
import type { Acknowledged } from '../../kit/quiz-checker.ts'
import { singles } from '../../quiz/cards.ts'
import { useDatabase } from '../../kit/mongo.ts'
import { deckFor, quickly, watch } from '../../kit/quiz.ts'
import { leaseFaults, readLines, recordLeases, roomFaults } from '../../kit/quiz-history.ts'
import { startQuizFleet } from '../../kit/quiz-fleet.ts'
import { until } from '../../kit/until.ts'

const { url, db } = useDatabase(import.meta.path)
const PLAYERS = process.env.LONG === '1' ? 500 : 60
const KILLS = 3

test(`${PLAYERS} players answer twice each, while the conductor is killed in the middle of ${KILLS} questions`, async () => {
  await using fleet = await startQuizFleet({ url, db, servers: 2, workers: 2, env: { WORKER_CHILDREN: '1' } })
  await using leases = await recordLeases(db)
  const owner = await fleet.person('owner')
  const deck = await deckFor(db, owner.id, { cards: singles(KILLS + 1) })
  const payload = quickly(deck, { questionMs: 4_000, scoring: 'kahoot@1+streak@1', silentAfter: null })
  const { room } = await owner.client.quiz.host.mutate({ payload })
  const players = await Promise.all(Array.from({ length: PLAYERS }, (_, i) => fleet.person(`player ${i}`, i % 2)))
  for (let i = 0; i < PLAYERS; i += 50)
    await Promise.all(players.slice(i, i + 50).map(({ client }) => client.quiz.join.mutate({ room, reply: 'result' })))
  using seen = watch(owner, room)
  const acknowledged: Acknowledged[] = []

  const answer = async (at: number, given: { round: number; question: number }) => {
    const player = players[at]
    if (player === undefined) return
    const send = async (choice: number) => {
      const id = Bun.randomUUIDv7()
      const value = { type: 'single', choice } as const
      const { result } = await player.client.quiz.answer.mutate({ room, id, ...given, value, reply: 'result' })
      acknowledged.push({
        id,
        counted: result !== null && typeof result === 'object' && 'counted' in result && result.counted === true,
      })
    }
    await Promise.all([send(1), send(at % 3)])
  }
  for (let question = 0; question <= KILLS; question++) {
    const { game } = await seen.until(
      `question ${question}`,
      (view) => view.game?.question === question && view.game.phase === 'question',
    )
    const round = game?.round ?? 0
    const half = players.length >> 1
    const all = (from: number, to: number) =>
      Promise.all(players.slice(from, to).map((_, i) => answer(from + i, { round, question })))
    const first = all(0, half)
    if (question < KILLS) {
      const { pid } = await fleet.holder(room)
      const { epoch = 0 } = (await fleet.lease(room)) ?? {}
      process.kill(pid, 'SIGKILL')
      const began = performance.now()
      await until(async () => ((await readLines(db, room)).lines.at(-1)?.state.conductor.epoch ?? 0) > epoch, {
        what: 'another conductor goes on',
      })
      expect(performance.now() - began).toBeLessThan(2_000)
    }
    await Promise.all([first, all(half, players.length)])
  }
  await seen.until('the end of the round', ({ game }) => game?.phase === 'end' || game?.round === 2)
  expect(acknowledged.length).toBe(2 * PLAYERS * (KILLS + 1))
  expect(acknowledged.filter(({ counted }) => counted).length).toBe(PLAYERS * (KILLS + 1))
  expect(await roomFaults(db, room, { acknowledged })).toEqual([])
  expect(leaseFaults(leases.changes)).toEqual([])
}, 120_000)
