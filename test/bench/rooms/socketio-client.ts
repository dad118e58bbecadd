import type { Stage, StageOptions } from './audience.ts'
import { coldRoom, type Lane, type Setup } from './lanes.ts'
import { openSocket, parserOfMany } from './socket.ts'

const parse = parserOfMany()

/** Socket.IO's protocol 5 over Engine.IO's 4, over one WebSocket: events with acknowledgements. */
export async function socketioClient(port: number, heard: (data: readonly unknown[]) => void = () => {}) {
  const waiting = new Map<number, () => void>()
  let ready = () => {}
  let last = 0
  const socket = await openSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`, (text) => {
    if (text === '2') socket.send('3')
    else if (text.startsWith('40')) ready()
    else if (text.startsWith('42')) {
      // edge: an event of Socket.IO is a list.
      heard(parse(text.slice(text.indexOf('['))) as readonly unknown[])
    } else if (text.startsWith('43')) {
      const id = Number.parseInt(text.slice(2), 10)
      waiting.get(id)?.()
      waiting.delete(id)
    }
  })
  const connected = new Promise<void>((resolve) => (ready = resolve))
  socket.send('40')
  await connected
  return {
    emit: (...data: readonly unknown[]) =>
      new Promise<void>((resolve) => {
        waiting.set(++last, resolve)
        socket.send(`42${last}${JSON.stringify(data)}`)
      }),
  }
}

/** Writers over WebSockets, each with its own. There is no state to read: what is summed up are the answers. */
export async function socketioWriters({ lane, ports, writers, rooms }: Setup): Promise<Lane> {
  const clients = await Promise.all(Array.from({ length: writers }, () => socketioClient(ports[0] ?? 0)))
  const room = (caller: number, i: number) => (lane === 'hot' ? 'hot' : `cold-${coldRoom(caller, i, rooms)}`)
  let answered = 0
  const write = async (caller: number, i: number) => {
    await clients[caller]?.emit('edit', room(caller, i), i)
    answered++
  }
  return { write, sum: async () => answered }
}

/** A room with subscribers, each with its own connection. The writer numbers the events itself: nobody else does. */
export async function socketioStage({ port }: StageOptions): Promise<Stage> {
  const writer = await socketioClient(port)
  let sent = 0
  let answered = 0
  return {
    write: async () => {
      const event = ++sent
      await writer.emit('edit', 'stage', event)
      answered++
      return event
    },
    subscribe: async (heard) => {
      const subscriber = await socketioClient(port, ([, event]) => heard(Number(event)))
      await subscriber.emit('join', 'stage')
    },
    sum: async () => answered,
  }
}
