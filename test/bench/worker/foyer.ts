import { readFileSync } from 'node:fs'
import type { Db } from 'mongodb'
import type { Account } from '../../../server/accounts.ts'
import { parseEnv } from '../../../server/env.ts'
import { createFoyer } from '../../../server/foyer.ts'
import { createLog } from '../../../server/log.ts'
import { createServices } from '../../../server/services.ts'
import { connectStore } from '../../../server/store/connect.ts'
import type { QuizPayload } from '../../../shared/quiz/settings.ts'
import { singles } from '../../quiz/cards.ts'
import { deckFor, quickly } from '../../kit/quiz.ts'

/** A server's domains in the bench's own process: it makes rooms, and is not what is measured. */
export async function openBenchFoyer(url: string) {
  const shutdown = new AbortController()
  const store = await connectStore({ url, appName: 'bench', onError: () => {} })
  const env = parseEnv({ MODE: 'development', RATE_PER_USER: '0', RATE_PER_ROOM: '0' })
  const services = await createServices({ env, log: createLog('bench', 'silent'), store, shutdown: shutdown.signal })
  const foyer = createFoyer(services)
  const close = async () => {
    foyer.metrics.stop()
    shutdown.abort()
    await foyer.close()
    await store.close()
  }
  return { foyer, [Symbol.asyncDispose]: close }
}
export type BenchFoyer = Awaited<ReturnType<typeof openBenchFoyer>>['foyer']

export const account = (id: string): Account => ({ id, name: id, role: 'user', expiresAt: null })

export interface MakeRooms {
  db: Db
  count: number
  cards?: number
  payload?: Partial<QuizPayload>
}

/** Group rooms of one user each, whose conductors are wanted at once. */
export async function makeRooms({ quizzes }: BenchFoyer, { db, count, cards = 3, payload = {} }: MakeRooms) {
  const owner = account('owner')
  const deck = await deckFor(db, owner.id, { cards: singles(cards), visibility: 'public' })
  const rooms: string[] = []
  const make = async (i: number) => {
    const user = account(`user ${i}`)
    const { room } = await quizzes.group(user, { reply: 'result' }, { others: [], text: 'alone', proposal: null })
    const facts = await quizzes.facts.deck(user.id, deck)
    const command = { type: 'startConductor', payload: quickly(deck, payload), facts } as const
    await quizzes.run(user, { reply: 'result' }, { room, command })
    rooms.push(room)
  }
  for (let i = 0; i < count; i += 50)
    await Promise.all(Array.from({ length: Math.min(50, count - i) }, (_, at) => make(i + at)))
  return rooms
}

const TICKS_PER_SECOND = 100

/** Seconds of processor time that a process has taken so far (proc(5), `stat`: utime and stime). */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

export const memoryMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024

/** mongod's process on this machine. */
export async function mongodPid(db: Db): Promise<number> {
  const { pid } = await db.admin().command({ serverStatus: 1 })
  return Number(pid)
}
