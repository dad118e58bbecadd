import type { Db } from 'mongodb'
import { retry } from '../../client/retry.ts'
import type { EventDoc } from '../../server/store/docs.ts'
import type { Fleet } from '../kit/fleet.ts'
import { seeded } from '../kit/random.ts'
import { streamChecker } from '../kit/stream-checker.ts'
import { tokenOf } from '../kit/tokens.ts'
import { until } from '../kit/until.ts'
import { CutStream } from '../rooms/cut-stream.ts'
import { rawSocket } from '../rooms/raw-socket.ts'

const WRITERS = 16
/** On each server: who stays connected all the time, and who is cut again and again. */
const STEADY = 4
const CUT = 4

export interface LoadReport {
  /** What was wrong with an acknowledgement or a stream. */
  faults: string[]
  acknowledged: number
  streams: number
}

/** A room that is written and followed through each server of a fleet, from now until it is stopped and judged. */
export async function startLoad(fleet: Fleet, db: Db) {
  const token = await tokenOf('alice')
  const { room } = await fleet.client(token).room.create.mutate({ data: { n: 0 } })
  const acknowledged = new Map<string, number>()
  let [isWriting, isCutting] = [true, true]

  const edit = async () => {
    const id = Bun.randomUUIDv7()
    const operations = [{ op: 'increment' as const, path: '/n', by: 1 }]
    const send = (signal: AbortSignal) =>
      fleet.client(token).room.edit.mutate({ room, id, operations, reply: 'result' }, { signal })
    acknowledged.set(id, (await retry(send)).version)
  }
  const writing = Array.from({ length: WRITERS }, async () => {
    while (isWriting) await edit()
  })
  const urls = fleet.servers().map((server) => server.url)
  const lines = await Promise.all(urls.flatMap((url) => Array.from({ length: STEADY }, () => rawSocket(url, 'alice'))))
  const steady = lines.map((line) => line.follow({ room, after: 1 }))
  const random = seeded(5)
  const cut = Array.from({ length: CUT * urls.length }, (_, i) => {
    const transport = i % 2 === 0 ? 'websocket' : 'sse'
    return new CutStream({ user: 'alice', transport, rooms: { [room]: 1 } })
  })
  const anyUrl = () => urls[Math.floor(random() * urls.length)] ?? ''
  const cutting = cut.map(async (stream) => {
    while (isCutting && !stream.isOver)
      await stream.cutOff(anyUrl(), { at: 'frame', frames: 1 + Math.floor(random() * 50) })
  })

  /** Resolves when so many more edits were acknowledged. */
  const more = (count: number) => {
    const aim = acknowledged.size + count
    return until(() => acknowledged.size >= aim, { what: `${aim} edits are acknowledged`, deadlineMs: 60_000 })
  }

  const stop = async (): Promise<LoadReport> => {
    isCutting = false
    // Whoever is to be cut waits for a frame.
    await Promise.all(cutting)
    isWriting = false
    await Promise.all(writing)
    const version = acknowledged.size + 1
    for (const heard of steady) await heard.reached(version)
    for (const stream of cut) await stream.reach(anyUrl(), { [room]: version })
    for (const line of lines) line[Symbol.dispose]()
    const docs = await db.collection<EventDoc>('events').find({ room }).sort({ seq: 1 }).toArray()
    const check = streamChecker({ docs, viewer: { user: 'alice', service: false } })
    const places = new Map(docs.flatMap(({ commands = [] }) => commands.map(({ id }) => [id, true])))
    const faults = [
      ...[...acknowledged.keys()].filter((id) => !places.has(id)).map((id) => `${id} was acknowledged and is lost`),
      ...(places.size === version ? [] : [`${places.size} commands in the log, of ${version}`]),
      ...(new Set(acknowledged.values()).size === acknowledged.size ? [] : ['two edits have one version']),
      ...steady.flatMap(({ frames }) => check({ after: 1, frames })),
      ...cut.flatMap((stream) => check(stream.received(room))),
      ...[...steady, ...cut.map(({ heard }) => heard)].flatMap(({ ends }) =>
        ends.map((end) => `a stream ended: ${end}`),
      ),
    ]
    return { faults, acknowledged: acknowledged.size, streams: steady.length + cut.length }
  }
  return { more, stop }
}
