import { expect, test } from 'bun:test'
import type { Json } from '../../shared/json.ts'
import type { Room } from '../../client/room/types.ts'
import { startFleet } from '../kit/fleet.ts'
import { useDatabase } from '../kit/mongo.ts'
import { createAs, openAs } from '../kit/open-rooms.ts'
import { roomLog } from '../kit/room-log.ts'
import { until } from '../kit/until.ts'

const { url: mongo, db } = useDatabase(import.meta.path)
const fleet = await startFleet({ url: mongo, size: 2 })
const [one = '', two = ''] = fleet.servers().map(({ url }) => url)

type Step = (kit: { alice: Room; bob: Room; level: () => Promise<void> }) => unknown

interface Case {
  name: string
  data: Json
  /** Each is done, and seen by both, before the next. */
  steps: readonly Step[]
  end: Json
}

const undone = async (room: Room) => expect(await room.undo()).toBe(true)
const redone = async (room: Room) => expect(await room.redo()).toBe(true)
const notUndone = async (room: Room) => expect(await room.undo()).toBe(false)

const CASES: readonly Case[] = [
  {
    name: 'a set is taken back, what the other did elsewhere stays',
    data: { a: 1, b: 1 },
    steps: [({ alice }) => alice.set('/a', 2), ({ bob }) => bob.set('/b', 3), ({ alice }) => undone(alice)],
    end: { a: 1, b: 3 },
  },
  {
    name: 'what the other has set since is not overwritten',
    data: { a: 1 },
    steps: [({ alice }) => alice.set('/a', 2), ({ bob }) => bob.set('/a', 3), ({ alice }) => notUndone(alice)],
    end: { a: 3 },
  },
  {
    name: 'a number loses what was added to it, and keeps what the other added',
    data: { n: 10 },
    steps: [
      ({ alice }) => alice.increment('/n', 5),
      ({ bob }) => bob.increment('/n', 100),
      ({ alice }) => undone(alice),
      ({ bob }) => bob.increment('/n', 1_000),
      ({ alice }) => redone(alice),
    ],
    end: { n: 1_115 },
  },
  {
    name: 'an element that was put in goes, wherever the other has shifted it',
    data: { list: ['a', 'b'] },
    steps: [
      ({ alice }) => alice.insert('/list', 1, 'mine'),
      ({ bob }) => bob.insert('/list', 0, 'first'),
      ({ alice }) => undone(alice),
      ({ bob }) => bob.remove('/list', 0),
      ({ alice }) => redone(alice),
    ],
    end: { list: ['a', 'mine', 'b'] },
  },
  {
    name: 'an element that was removed comes back between its neighbours',
    data: { list: ['a', 'b', 'c'] },
    steps: [
      ({ alice }) => alice.remove('/list', 1),
      ({ bob }) => bob.insert('/list', 0, 'first'),
      ({ bob }) => bob.append('/list', 'last'),
      ({ alice }) => undone(alice),
    ],
    end: { list: ['first', 'a', 'b', 'c', 'last'] },
  },
  {
    name: 'a move is moved back, with what the other wrote into the element',
    data: { list: [{ id: 'x', v: 1 }, { id: 'y' }, { id: 'z' }] },
    steps: [
      ({ alice }) => alice.move('/list', 'x', 'end'),
      ({ bob }) => bob.set('/list/@x/v', 2),
      ({ alice }) => undone(alice),
    ],
    end: { list: [{ id: 'x', v: 2 }, { id: 'y' }, { id: 'z' }] },
  },
  {
    name: 'each takes back its own edits only, the newest first',
    data: {},
    steps: [
      ({ alice }) => alice.set('/a', 1),
      ({ bob }) => bob.set('/b', 1),
      ({ alice }) => alice.set('/c', 1),
      ({ bob }) => undone(bob),
      ({ bob }) => notUndone(bob),
      ({ alice }) => undone(alice),
      ({ alice }) => undone(alice),
      ({ alice }) => redone(alice),
      ({ alice }) => expect([alice.canUndo, alice.canRedo]).toEqual([true, true]),
    ],
    end: { a: 1 },
  },
  {
    name: 'a new edit ends what could be done again',
    data: { n: 0 },
    steps: [
      ({ alice }) => alice.increment('/n', 1),
      ({ alice }) => undone(alice),
      ({ alice }) => alice.set('/m', 1),
      async ({ alice }) => expect(await alice.redo()).toBe(false),
    ],
    end: { n: 0, m: 1 },
  },
]

test.each(CASES.map((one) => [one.name, one] as const))('%s', async (_, { data, steps, end }) => {
  const alice = await createAs({ url: one, user: 'alice' }, { data })
  const bob = await openAs({ url: two, user: 'bob' }, alice.id)
  const level = async () => {
    await Promise.all([alice.settled(), bob.settled()])
    await until(() => alice.version === bob.version, { what: 'both have all' })
  }
  for (const step of steps) {
    await level()
    await step({ alice, bob, level })
  }
  await level()
  expect([alice.data, bob.data]).toEqual([end, end])
  expect((await roomLog(db, alice.id)).state.data).toEqual(end)
})

test('edits that cross: both take all of theirs back at once, and the room is as it was', async () => {
  const data = { n: 0, list: ['m'], cells: { x: 'old' } }
  const alice = await createAs({ url: one, user: 'alice' }, { data })
  const bob = await openAs({ url: two, user: 'bob' }, alice.id)
  const level = async () => {
    await Promise.all([alice.settled(), bob.settled()])
    await until(() => alice.version === bob.version, { what: 'both have all' })
  }
  const edit = (room: Room, nth: number) => {
    room.increment('/n', 1)
    room.insert('/list', 0, `${room.user}-${nth}`)
    room.append('/list', `${room.user}+${nth}`)
    room.set(`/cells/${room.user}`, nth)
  }
  for (let nth = 0; nth < 5; nth++) for (const room of [alice, bob]) edit(room, nth)
  await level()
  expect(alice.data).toMatchObject({ n: 10 })
  const all = async (room: Room) => {
    let count = 0
    while (await room.undo()) count++
    return count
  }
  expect(await Promise.all([all(alice), all(bob)])).toEqual([20, 20])
  await level()
  expect([alice.data, bob.data]).toEqual([data, data])
  expect((await roomLog(db, alice.id)).state.data).toEqual(data)
})
