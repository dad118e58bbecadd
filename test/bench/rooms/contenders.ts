import type { Db } from 'mongodb'
import { type Child, startServer } from '../children.ts'
import type { BenchMongo } from '../mongo.ts'
import { type Actor, type Runtime, startActor } from './actor.ts'
import type { ColyseusActs } from './colyseus-server.ts'
import { SETTINGS } from './foyer-tokens.ts'
import type { GeneratorActs, Kind } from './generator.ts'
import type { LaneName, Setup, Turn, TurnOptions, WritingActs } from './lanes.ts'
import type { SharedbActs } from './sharedb-server.ts'
import type { SocketioActs } from './socketio-server.ts'

/** A contender whose rooms are made and whose writers are connected. */
export interface Running extends AsyncDisposable {
  turn(options: Omit<TurnOptions, 'lane'>): Promise<Turn>
  sum(): Promise<number>
  db: Db
}

export interface Contender {
  name: string
  /** `floor` and `durable` write to MongoDB with majority; `memory` keeps nothing. */
  class: 'foyer' | 'floor' | 'durable' | 'memory'
  lanes: readonly LaneName[]
  start(setup: Omit<Setup, 'url' | 'ports'>): Promise<Running>
}

/** Which runtime each rival is quickest on, as both were tried; BENCH_RIVALS=Bun or Node sets it for all. */
const given = process.env.BENCH_RIVALS
const best = (own: Runtime): Runtime => (given === 'Bun' || given === 'Node' ? given : own)
export const RUNTIMES = { sharedb: best('Bun'), socketio: best('Node'), colyseus: best('Node') }

/** A server process of a kind, ready for sockets. */
export async function startKind(kind: Kind, url: string): Promise<Omit<Child, 'kill'>> {
  if (kind === 'foyer') return startServer(url, SETTINGS)
  const runtime = RUNTIMES[kind]
  const actor = await startActor<SharedbActs | SocketioActs | ColyseusActs>(`${kind}-server.ts`, { runtime })
  const { port } = await actor.ask('serve', { url })
  return { port, pid: actor.pid, [Symbol.asyncDispose]: actor[Symbol.asyncDispose] }
}

export const startGenerator = () => startActor<GeneratorActs>('generator.ts')

/** Writers within the server processes; of several, each has its share of the writers, and they write at the same time. */
const inside = (mongo: BenchMongo, script: string, options: { runtime: Runtime; processes?: number }) => {
  return async (setup: Omit<Setup, 'url' | 'ports'>): Promise<Running> => {
    const { processes = 1, runtime } = options
    const { url, db } = mongo.database()
    const actors: Actor<WritingActs>[] = []
    let room: string | undefined
    for (let i = 0; i < processes; i++) {
      const actor = await startActor<WritingActs>(script, { runtime })
      actors.push(actor)
      const writers = Math.ceil(setup.writers / processes)
      room = (await actor.ask('open', { ...setup, url, ports: [], writers, room })).room
    }
    const turn = async ({ writers, ...options }: Omit<TurnOptions, 'lane'>) => {
      const share = (i: number) => Math.floor((writers + i) / processes)
      const turns = actors.map((actor, i) => actor.ask('turn', { ...options, lane: setup.lane, writers: share(i) }))
      return together(await Promise.all(turns))
    }
    return {
      turn,
      sum: async () => (await actors[0]?.ask('sum', setup.lane)) ?? Number.NaN,
      db,
      [Symbol.asyncDispose]: async () => void (await Promise.all(actors.map((actor) => actor[Symbol.asyncDispose]()))),
    }
  }
}

/** Turns that several processes took at the same time, as one. */
const together = (turns: readonly Turn[]): Turn => ({
  done: turns.reduce((sum, { done }) => sum + done, 0),
  perSecond: turns.reduce((sum, { perSecond }) => sum + perSecond, 0),
  p50: Math.max(...turns.map(({ p50 }) => p50)),
  p99: Math.max(...turns.map(({ p99 }) => p99)),
  cut: turns.some(({ cut }) => cut),
})

/** Writers in a process of their own, over sockets. */
const overSockets =
  (mongo: BenchMongo, kind: Kind) =>
  async (setup: Omit<Setup, 'url' | 'ports'>): Promise<Running> => {
    const { url, db } = mongo.database()
    const server = await startKind(kind, url)
    const generator = await startGenerator()
    await generator.ask('open', { ...setup, kind, url, ports: [server.port] })
    const dispose = async () => {
      await generator[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    }
    return {
      turn: (options) => generator.ask('turn', { ...options, lane: setup.lane }),
      sum: () => generator.ask('sum', setup.lane),
      db,
      [Symbol.asyncDispose]: dispose,
    }
  }

/** Everybody who writes. */
export function contenders(mongo: BenchMongo): Contender[] {
  const both: readonly LaneName[] = ['hot', 'cold']
  const foyer = { class: 'foyer' } as const
  const durable = { class: 'durable', lanes: both } as const
  const { sharedb, socketio } = RUNTIMES
  return [
    { name: 'floor: bare driver', class: 'floor', lanes: both, start: inside(mongo, 'floor.ts', { runtime: 'Bun' }) },
    { name: 'ShareDB, in process', ...durable, start: inside(mongo, 'sharedb-server.ts', { runtime: sharedb }) },
    {
      name: 'ShareDB, 3 processes',
      ...durable,
      lanes: ['hot'],
      start: inside(mongo, 'sharedb-server.ts', { runtime: sharedb, processes: 3 }),
    },
    { name: 'ShareDB, WebSockets', ...durable, start: overSockets(mongo, 'sharedb') },
    { name: 'Socket.IO, in process', ...durable, start: inside(mongo, 'socketio-server.ts', { runtime: socketio }) },
    { name: 'Socket.IO, WebSockets', ...durable, start: overSockets(mongo, 'socketio') },
    { name: 'Colyseus, WebSockets', class: 'memory', lanes: both, start: overSockets(mongo, 'colyseus') },
    { name: 'Foyer, WebSockets', ...foyer, lanes: both, start: overSockets(mongo, 'foyer') },
    {
      name: 'Foyer, 3 processes',
      ...foyer,
      lanes: ['hot'],
      start: inside(mongo, 'foyer-inside.ts', { runtime: 'Bun', processes: 3 }),
    },
    { name: 'Foyer, in process', ...foyer, lanes: both, start: inside(mongo, 'foyer-inside.ts', { runtime: 'Bun' }) },
  ]
}
