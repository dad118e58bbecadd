import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { befriend, deckFor, person, quickly, watch } from '../kit/quiz.ts'
import { startQuizFleet } from '../kit/quiz-fleet.ts'
import { roomFaults } from '../kit/quiz-history.ts'

const { url, db } = useDatabase(import.meta.path)

test('two friends play an evanescent quiz to its end, conducted by a worker, and are returned', async () => {
  await using fleet = await startQuizFleet({ url, db, workers: 1 })
  const at = fleet.servers[0]?.url ?? ''
  const [ann, bob] = [await person(at, 'ann'), await person(at, 'bob')]
  await befriend(ann, bob)
  const { room } = await ann.client.quiz.group.mutate({ others: [bob.id], text: 'a quiz?' })
  const deck = await deckFor(db, ann.id)
  const { result } = await ann.client.quiz.spawn.mutate({ room, payload: quickly(deck) })
  // edge: what spawn's result is
  const { child } = result as { child: string }
  using one = watch(ann, child, room)
  using other = watch(bob, child, room)
  for (let question = 0; question < 3; question++) {
    const seen = await one.until(
      `question ${question}`,
      ({ game }) => game?.question === question && game.phase === 'question',
    )
    const round = seen.game?.round ?? 0
    const answer = (who: typeof ann, choice: number) =>
      who.client.quiz.answer.mutate({ room: child, round, question, value: { type: 'single', choice } })
    await Promise.all([answer(ann, 1), answer(bob, 0)])
  }
  const over = await other.until(
    'the end',
    ({ ended }) => ended?.returnTo != null && ended.returnTo.to === 'room' && ended.returnTo.room === room,
  )
  expect(over.ended?.reason).toBe('finished')
  expect(over.game?.standings.map(({ user }) => user)).toEqual([ann.id, bob.id])
  expect(await roomFaults(db, child)).toEqual([])
}, 30_000)
