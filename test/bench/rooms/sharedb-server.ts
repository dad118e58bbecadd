import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Duplex } from 'node:stream'
import Backend from 'sharedb'
import shareDbMongo from 'sharedb-mongo'
import { type WebSocket, WebSocketServer } from 'ws'
import { serveActs } from './acting.ts'
import { type Setup, writingActs } from './lanes.ts'
import { sharedbLane } from './sharedb-lanes.ts'
import { type Message, sharedbTalk, type Versions } from './sharedb-talk.ts'

/** ShareDB's own stream of messages, whichever way they come. */
function streamOf(send: (message: Message) => void): Duplex {
  return new Duplex({
    objectMode: true,
    read: () => {},
    write: (message: Message, _encoding, done) => (send(message), done()),
  })
}

/** Operations and snapshots both in MongoDB, majority; the process's own pub/sub. */
const backendOn = (url: string) =>
  new Backend({ db: shareDbMongo(url, { mongoOptions: { writeConcern: { w: 'majority' }, maxPoolSize: 128 } }) })

function attach(backend: Backend, socket: WebSocket): void {
  const stream = streamOf((message) => socket.send(JSON.stringify(message)))
  socket.on('message', (data) => stream.push(JSON.parse(String(data))))
  socket.on('close', () => stream.destroy())
  backend.listen(stream)
}

async function serve({ url }: { url: string }): Promise<{ port: number }> {
  const backend = backendOn(url)
  const server = createServer()
  new WebSocketServer({ server }).on('connection', (socket) => attach(backend, socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // edge: it listens on a port, not on a pipe.
  return { port: (server.address() as AddressInfo).port }
}

/** Writers inside of the server process: messages enter at its agent, as `backend.connect()` passes them, without a socket. */
async function open(setup: Setup) {
  const backend = backendOn(setup.url)
  const versions: Versions = new Map()
  const connect = async () => {
    const stream = streamOf((message) => talk.receive(message))
    const talk = sharedbTalk({ send: (message) => void stream.push(message) }, versions)
    backend.listen(stream)
    await talk.greet()
    return talk
  }
  return sharedbLane(setup, connect)
}

const acts = { serve, ...writingActs(open) }
export type SharedbActs = typeof acts
serveActs(acts)
