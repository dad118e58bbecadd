import { afterAll } from 'bun:test'
import type { Db } from 'mongodb'
import type { EventDoc } from '../../server/store/docs.ts'
import { eventsOf } from '../../server/rooms/fold.ts'
import type { QuizEvent } from '../../shared/quiz/events.ts'
import { connect } from '../../client/connect.ts'
import type { Person } from '../kit/quiz.ts'
import { person } from '../kit/quiz.ts'
import { spawnServer } from '../kit/processes.ts'
import { tokenOf } from '../kit/tokens.ts'
import { roomServer } from '../rooms/calls.ts'
import { ROOMS_ENV } from '../rooms/streams.ts'

/** `LONG=1`: as many rounds as the issue names. */
export const IS_LONG = process.env.LONG === '1'
export const rounds = (short: number, long: number) => (IS_LONG ? long : short)
export const times = (count: number) => Array.from({ length: count }, (_, i) => i)

/** Two server processes on one database: this one, which the test sees into, and another. */
export async function twoProcesses(url: string) {
  const here = await roomServer(url)
  const there = await spawnServer({ url, env: ROOMS_ENV })
  afterAll(async () => {
    await here[Symbol.asyncDispose]()
    await there.stop()
  })
  const urls = [here.server.url, there.url] as const
  let turn = 0
  return {
    foyer: here.server.foyer,
    here: here.server,
    there,
    urls,
    service: here.service,
    /** Somebody new, by turns at the one and at the other. */
    someone: (name?: string): Promise<Person> => person(urls[turn++ % 2 === 0 ? 0 : 1], name),
  }
}

/** The same user through another process. */
export const at = async (url: string, { id }: Person): Promise<Person> => ({
  id,
  client: connect({ url, token: await tokenOf(id) }),
})

/** What stands in a room's log. */
export async function eventsIn(db: Db, room: string): Promise<QuizEvent[]> {
  const docs = await db.collection<EventDoc>('quizEvents').find({ room }).sort({ seq: 1 }).toArray()
  return docs.flatMap((doc) => eventsOf<QuizEvent>(doc))
}

/** Of these types. */
export const typesIn = async (db: Db, room: string) => (await eventsIn(db, room)).map(({ type }) => type)

/** The kinds of a user's notifications about a room, the newest first. */
export async function newsOf({ client }: Person, room: string) {
  const { notifications } = await client.notification.list.query({})
  return notifications.filter((one) => one.room === room).map(({ kind, from }) => ({ kind, from }))
}
