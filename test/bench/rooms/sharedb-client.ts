import type { Stage, StageOptions } from './audience.ts'
import type { Lane, Setup } from './lanes.ts'
import { sharedbLane } from './sharedb-lanes.ts'
import { type Message, type SharedbTalk, sharedbTalk, type Versions } from './sharedb-talk.ts'
import { openSocket, parserOfMany } from './socket.ts'

const parse = parserOfMany()

export async function sharedbOverSocket(
  port: number,
  versions: Versions,
  heard?: (message: Message) => void,
): Promise<SharedbTalk> {
  const talk: SharedbTalk = sharedbTalk({ send: (message) => socket.send(JSON.stringify(message)) }, versions, heard)
  // edge: a ShareDB server sends nothing else.
  const socket = await openSocket(`ws://127.0.0.1:${port}`, (text) => talk.receive(parse(text) as Message))
  await talk.greet()
  return talk
}

/** Writers of ShareDB over WebSockets, each with its own. */
export function sharedbWriters(setup: Setup): Promise<Lane> {
  const versions: Versions = new Map()
  return sharedbLane(setup, (i) => sharedbOverSocket(setup.ports[i % setup.ports.length] ?? 0, versions))
}

/** A document with subscribers, each with its own connection: that is what a client has. Operations are numbered by version. */
export async function sharedbStage({ port }: StageOptions): Promise<Stage> {
  const writer = await sharedbOverSocket(port, new Map())
  const room = crypto.randomUUID()
  await writer.create(room)
  return {
    // The acknowledged version is the one after the operation; others hear of the one before.
    write: async () => (await writer.increment(room)) - 1,
    subscribe: async (heard) => {
      const subscriber = await sharedbOverSocket(port, new Map(), ({ v }) => heard(v ?? Number.NaN))
      await subscriber.subscribe(room)
    },
    sum: () => writer.read(room),
  }
}
