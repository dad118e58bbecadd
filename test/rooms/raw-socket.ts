import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import type { RouterInputs } from '../../server/app.ts'
import type { RoomFrame } from '../../shared/room/schema.ts'
import { tokenOf, type TokenOptions } from '../kit/tokens.ts'
import { Heard } from './streams.ts'

/** How often a client that does not read says that it is alive, ms: tRPC's server waits 5 s for it. */
const PONG_MS = 1_000

/** A client's text frame (RFC 6455, 5.2): masked, as it must be. */
function frameOf(text: string): Buffer {
  const payload = Buffer.from(text)
  const mask = randomBytes(4)
  const long = payload.length > 125
  const head = Buffer.alloc(long ? 4 : 2)
  head[0] = 0x81
  head[1] = 0x80 | (long ? 126 : payload.length)
  if (long) head.writeUInt16BE(payload.length, 2)
  return Buffer.concat([head, mask, payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0))])
}

/** The first whole frame of a server: its text, and how long it was. */
function firstOf(bytes: Buffer): { text: string; length: number } | null {
  const short = (bytes[1] ?? 0) & 0x7f
  const head = short === 126 ? 4 : short === 127 ? 10 : 2
  if (bytes.length < head) return null
  const size = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short
  if (bytes.length < head + size) return null
  return { text: bytes.toString('utf8', head, head + size), length: head + size }
}

/** A WebSocket by hand, over a TCP socket that can be stopped and cut anywhere: what no WebSocket client lets one do. */
export async function rawSocket(url: string, user: string, options: TokenOptions = {}) {
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  const streams = new Map<number, Heard>()
  let rest = Buffer.alloc(0)
  let isOpen = false
  let left = Number.POSITIVE_INFINITY
  let asked = 1_000_000
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  const send = (message: unknown) =>
    socket.write(frameOf(typeof message === 'string' ? message : JSON.stringify(message)))

  const hear = (text: string) => {
    if (text === 'PING') return void send('PONG')
    if (text === 'PONG') return
    const { id, result, error } = JSON.parse(text)
    const heard = streams.get(id)
    if (heard === undefined) return
    if (error !== undefined) heard.end(error.json.data.rule)
    else if (result.type === 'stopped') heard.end('complete')
    else if (result.type === 'started') heard.onStart()
    else if (result.type === 'data') {
      // edge: what room.events sends, or room.feed, by way of the transformer.
      const item = result.data.json as { id: string; data: RoomFrame } | RoomFrame
      if ('data' in item) heard.take(item.data, item.id)
      else heard.take(item)
    }
  }
  const read = () => {
    if (!isOpen) {
      const end = rest.indexOf('\r\n\r\n')
      if (end < 0) return
      isOpen = true
      rest = rest.subarray(end + 4)
    }
    for (let first = firstOf(rest); first !== null && !socket.destroyed; first = firstOf(rest)) {
      rest = rest.subarray(first.length)
      hear(first.text)
    }
  }
  socket.on('data', (bytes: Buffer) => {
    if (socket.destroyed) return
    rest = Buffer.concat([rest, bytes.subarray(0, left)])
    left -= bytes.length
    read()
    if (left <= 0) socket.destroy()
  })
  const pongs = setInterval(() => send('PONG'), PONG_MS)
  pongs.unref()
  const key = randomBytes(16).toString('base64')
  socket.write(
    `GET /trpc?connectionParams=1 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  )
  send({ method: 'connectionParams', data: { authorization: `Bearer ${await tokenOf(user, options)}` } })

  const subscribe = (path: string, input: unknown, heard: Heard): Heard => {
    const id = streams.size + 1
    streams.set(id, heard)
    send({ id, method: 'subscription', params: { path, input: { json: input } } })
    return heard
  }

  return {
    /** Subscribes to a room; several may share the connection. `heard` goes on with what an earlier connection brought. */
    follow: (input: RouterInputs['room']['events'], heard = new Heard()) => subscribe('room.events', input, heard),
    /** Subscribes to many. */
    feed: (input: RouterInputs['room']['feed'], heard = new Heard()) => subscribe('room.feed', input, heard),
    /** The same query so many times in one frame; nobody waits for the replies. */
    ask: (path: string, input: unknown, times: number) => {
      const params = { path, input: { json: input } }
      send(Array.from({ length: times }, () => ({ id: ++asked, method: 'query', params })))
    },
    /** Cuts the connection when so many bytes more have come: in the middle of whatever it is. */
    cutAfter: (bytes: number) => void (left = bytes),
    cut: () => void socket.destroy(),
    stall: () => void socket.pause(),
    wake: () => void socket.resume(),
    closed,
    [Symbol.dispose]: () => {
      clearInterval(pongs)
      socket.destroy()
    },
  }
}
