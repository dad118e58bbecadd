import { afterAll, expect, test } from 'bun:test'
import { createLeasing } from '../../server/quiz/leasing.ts'
import { useDatabase } from '../kit/mongo.ts'
import { deckFor, person, quickly } from '../kit/quiz.ts'
import { roomServer } from '../rooms/calls.ts'

const { url, db } = useDatabase(import.meta.path)
const { server, ...foyer } = await roomServer(url)
afterAll(() => foyer[Symbol.asyncDispose]())
const { quizzes, store } = server.foyer

test('who writes late what it saw early looks again: the lease is as the log says now', async () => {
  const ann = await person(server.url)
  const payload = quickly(await deckFor(db, ann.id))
  const { room } = await ann.client.quiz.group.mutate({ others: [], text: 'alone' })
  const start = () => ann.client.quiz.start.mutate({ room, payload })
  const terminate = () => ann.client.quiz.terminate.mutate({ room })
  const desired = async () => (await store.leases.ofRooms([room]))[0]?.desired
  for (const [early, late] of [
    [terminate, start],
    [start, terminate],
  ] as const) {
    await (early === terminate ? start() : Promise.resolve())
    await early()
    const seen = await quizzes.log.read(room)
    if (seen === null) throw new Error('the room is there')
    const gate = Promise.withResolvers<void>()
    let writes = 0
    const slowly =
      <A>(write: (given: A) => Promise<void>) =>
      async (given: A) => {
        if (writes++ === 0) await gate.promise
        return write(given)
      }
    const { want, off } = store.leases
    const follow = createLeasing({ rooms: quizzes.log, leases: { want: slowly(want), off: slowly(off) } })
    const followed = follow(seen)
    await late()
    gate.resolve()
    await followed
    expect(await desired()).toBe(late === start ? 'on' : 'off')
    if (late === start) await terminate()
  }
})
