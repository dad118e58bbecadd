import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdapter } from '@socket.io/mongo-adapter'
import { MongoClient } from 'mongodb'
import { Server, type Socket } from 'socket.io'
import { serveActs } from './acting.ts'
import { coldRoom, type Lane, type Setup, writingActs } from './lanes.ts'

const EVENT = 2

/**
 * Socket.IO with the Mongo adapter, as its documentation sets it up: what is emitted to a room is one majority insert, by which
 * the other servers hear of it. It keeps no state, gives no order and checks nothing; an insert that failed is only a debug line,
 * and its sender is answered all the same.
 */
async function start(url: string) {
  const client = await MongoClient.connect(url, { writeConcern: { w: 'majority' }, maxPoolSize: 128 })
  const collection = client.db().collection('socketio')
  await collection.createIndex({ createdAt: 1 }, { expireAfterSeconds: 3_600, background: true })
  const http = createServer()
  const io = new Server(http, {
    adapter: createAdapter(collection, { addCreatedAtField: true }),
    transports: ['websocket'],
  })
  const { adapter } = io.of('/')
  // `io.to(room).emit()` without throwing away the promise of the adapter's insert.
  const emit = async (room: string, data: readonly unknown[]): Promise<void> => {
    // edge: the adapter's type has `void`, as the one in memory needs no promise.
    await (adapter.broadcast({ type: EVENT, data: [...data], nsp: '/' }, { rooms: new Set([room]) }) as unknown)
  }
  const stored = () => collection.countDocuments({ 'data.packet.data.0': 'edit' })
  return { http, io, emit, stored }
}

type Acknowledge = (answer: number) => void

function attach(socket: Socket, emit: (room: string, data: readonly unknown[]) => Promise<void>): void {
  socket.on('join', async (room: string, done: Acknowledge) => {
    await socket.join(room)
    done(0)
  })
  socket.on('edit', async (room: string, key: number, done: Acknowledge) => {
    await emit(room, ['edit', key])
    done(key)
  })
}

let serving: Awaited<ReturnType<typeof start>> | undefined

async function serve({ url }: { url: string }): Promise<{ port: number }> {
  const { http, io, emit } = (serving = await start(url))
  io.on('connection', (socket) => attach(socket, emit))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  // edge: it listens on a port, not on a pipe.
  return { port: (http.address() as AddressInfo).port }
}

/** Writers inside of the server process. */
async function open({ url, lane, rooms }: Setup): Promise<Lane> {
  const { emit, stored } = await start(url)
  const room = (caller: number, i: number) => (lane === 'hot' ? 'hot' : `cold-${coldRoom(caller, i, rooms)}`)
  return { write: (caller, i) => emit(room(caller, i), ['edit', i]), sum: stored }
}

const acts = { serve, stored: async (_: null) => (await serving?.stored()) ?? 0, ...writingActs(open) }
export type SocketioActs = typeof acts
serveActs(acts)
