import { Client, type Room } from '@colyseus/sdk'
import type { Stage, StageOptions } from './audience.ts'
import { coldRoom, each, type Lane, type Setup, sumOf } from './lanes.ts'

const TRIES = 5

/** A seat is asked for over HTTP, whose kept connections its server may close in that moment. None of this is timed. */
async function seated(ask: () => Promise<Room>, tries = TRIES): Promise<Room> {
  try {
    return await ask()
  } catch (error) {
    if (tries === 1 || !String(error).includes('ECONNRESET')) throw error
    return seated(ask, tries - 1)
  }
}

/** Writers in Colyseus rooms, by its own client: one connection a writer and room, as there is no other way. */
export async function colyseusWriters({ lane, ports, writers, rooms }: Setup): Promise<Lane> {
  const client = new Client(`http://127.0.0.1:${ports[0]}`)
  if (lane === 'cold') {
    const joined: Room[] = []
    await each(rooms, async (i) => void (joined[i] = await seated(() => client.create('counter'))), 32)
    return {
      write: async (caller, i) => joined[coldRoom(caller, i, rooms)]?.request('increment'),
      sum: () => sumOf(rooms, async (i) => Number(await joined[i]?.request('read'))),
    }
  }
  const first = await seated(() => client.create('counter'))
  const others = await Promise.all(
    Array.from({ length: writers - 1 }, () => seated(() => client.joinById(first.roomId))),
  )
  const joined = [first, ...others]
  return {
    write: async (caller) => joined[caller]?.request('increment'),
    sum: async () => Number(await first.request('read')),
  }
}

/** A room with subscribers, whose state is sent at each change instead of 20 times a second: the state is the number. */
export async function colyseusStage({ port }: StageOptions): Promise<Stage> {
  const client = new Client(`http://127.0.0.1:${port}`)
  const writer = await seated(() => client.create('counter', { live: true }))
  return {
    write: async () => Number(await writer.request('increment')),
    subscribe: async (heard) => {
      const room = await seated(() => client.joinById(writer.roomId))
      const first = new Promise<void>((resolve) => room.onStateChange.once(() => resolve()))
      await first
      room.onStateChange((state) => heard(Number(state.n)))
    },
    sum: async () => Number(await writer.request('read')),
  }
}
