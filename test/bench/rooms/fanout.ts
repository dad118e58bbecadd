import type { BenchMongo } from '../mongo.ts'
import type { Heard } from './audience.ts'
import { startGenerator, startKind } from './contenders.ts'
import type { Kind } from './generator.ts'

export interface FanoutOptions {
  subscribers: number
  /** Events a second, and for how long; each is delivered to all. */
  plays: readonly { perSecond: number; seconds: number }[]
  /** As many events as go, by each of those numbers of writers. */
  flood: { writers: readonly number[]; ms: number }
  rounds: number
}

interface Listener {
  name: string
  kind: Kind
  perSocket: number
}

export const LISTENERS: readonly Listener[] = [
  { name: 'Foyer, one a socket', kind: 'foyer', perSocket: 1 },
  { name: 'Foyer, 100 a socket', kind: 'foyer', perSocket: 100 },
  { name: 'ShareDB', kind: 'sharedb', perSocket: 1 },
  { name: 'Socket.IO', kind: 'socketio', perSocket: 1 },
  { name: 'Colyseus (in memory)', kind: 'colyseus', perSocket: 1 },
]

export interface Plays {
  name: string
  kind: Kind
  /** Of each rate, then of each flood, what was heard in each round. */
  heard: Heard[][]
}

/** An audience in one room of each contender in turn; every subscriber proves its own order (audience.ts). */
export async function benchFanout(mongo: BenchMongo, options: FanoutOptions): Promise<Plays[]> {
  const results: Plays[] = LISTENERS.map(({ name, kind }) => ({ name, kind, heard: [] }))
  for (let round = 0; round < options.rounds; round++) {
    for (const listener of LISTENERS) {
      const heard = await play(mongo, listener, options)
      const result = results.find(({ name }) => name === listener.name)
      heard.forEach((each, i) => {
        if (result !== undefined) (result.heard[i] ??= []).push(each)
      })
    }
  }
  return results
}

/** One contender's round: its own server, audience and database; a short flood warms it up. */
async function play(mongo: BenchMongo, { name, kind, perSocket }: Listener, options: FanoutOptions): Promise<Heard[]> {
  const { subscribers, plays, flood } = options
  await using server = await startKind(kind, mongo.database().url)
  await using generator = await startGenerator()
  await generator.ask('stage', { kind, port: server.port, perSocket })
  await generator.ask('gather', { subscribers })
  const [few = 1] = flood.writers
  await generator.ask('flood', { writers: few, ms: flood.ms / 2 })
  const heard: Heard[] = []
  for (const rate of plays) heard.push(await generator.ask('play', rate))
  for (const writers of flood.writers) heard.push(await generator.ask('flood', { writers, ms: flood.ms }))
  const broken = heard.filter(({ skipped, again, missing }) => skipped + again + missing > 0)
  if (kind === 'foyer' && broken.length > 0)
    throw new Error(
      `${name}: lost, doubled or reordered ${JSON.stringify(broken.map((each) => ({ ...each, samples: [] })))}`,
    )
  return heard
}
