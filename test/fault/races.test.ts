import { describe, expect, test } from 'bun:test'
import type { Db } from 'mongodb'
import { toFoyerError } from '../../client/errors.ts'
import { roomDecider } from '../../shared/room/decider.ts'
import type { CommandReply } from '../../shared/room/schema.ts'
import type { RoomCommand, RoomEvent, RoomState } from '../../shared/room/state.ts'
import type { FoyerClient } from '../../client/connect.ts'
import type { EventDoc } from '../../server/store/docs.ts'
import { type Fleet, startFleet } from '../kit/fleet.ts'
import { type Call, faultsOf } from '../kit/history.ts'
import { useDatabase } from '../kit/mongo.ts'
import { tokenOf } from '../kit/tokens.ts'

const { url, db } = useDatabase(import.meta.path)
const control = useDatabase(`control-${import.meta.file}`)
const ROUNDS = process.env.LONG === '1' ? 200 : 12

/** Records what the users of one room do, each over any server, and what they hear. */
function recorder(fleet: Fleet, room: string, log: Db) {
  const calls: Call<RoomCommand>[] = []
  const by = async (
    user: string,
    command: RoomCommand,
    send: (client: FoyerClient, envelope: { room: string; id: string; reply: 'result' }) => Promise<CommandReply>,
  ) => {
    const id = Bun.randomUUIDv7()
    const client = fleet.client(await tokenOf(user))
    const began = performance.now()
    const record = (outcome: Call<RoomCommand>['outcome']) =>
      void calls.push({ id, actor: { user, service: false }, command, began, ended: performance.now(), outcome })
    await send(client, { room, id, reply: 'result' }).then(
      ({ version, result }) => record({ version, result }),
      (thrown: unknown) => record({ rule: toFoyerError(thrown).rule }),
    )
  }
  const operations = [{ op: 'increment' as const, path: '/n', by: 1 }]
  const act = {
    join: (user: string) => by(user, { type: 'join' }, (client, given) => client.room.join.mutate(given)),
    leave: (user: string) => by(user, { type: 'leave' }, (client, given) => client.room.leave.mutate(given)),
    edit: (user: string) =>
      by(user, { type: 'edit', operations }, (client, given) => client.room.edit.mutate({ ...given, operations })),
    delete: (user: string) =>
      by(user, { type: 'delete', reason: '' }, (client, given) => client.room.delete.mutate(given)),
    kick: (user: string, who: string) =>
      by(user, { type: 'kick', user: who, reason: '' }, (client, given) =>
        client.room.kick.mutate({ ...given, user: who }),
      ),
    transfer: (user: string, to: string) =>
      by(user, { type: 'transfer', to }, (client, given) => client.room.transfer.mutate({ ...given, to })),
  }
  const faults = async () => {
    const docs = await log.collection<EventDoc>('events').find({ room }).sort({ seq: 1 }).toArray()
    return faultsOf<RoomState, RoomCommand, RoomEvent>({ decider: roomDecider, docs, calls })
  }
  const outcomes = (type: RoomCommand['type']) =>
    calls.filter(({ command }) => command.type === type).map(({ outcome }) => ('rule' in outcome ? outcome.rule : 'ok'))
  return { act, faults, outcomes, calls }
}

type Recorder = ReturnType<typeof recorder>

async function round(fleet: Fleet, capacity: number, log: Db = db) {
  const owner = fleet.client(await tokenOf('owner'))
  const { room } = await owner.room.create.mutate({ data: { n: 0 }, capacity })
  return recorder(fleet, room, log)
}

const times = async (n: number, act: (i: number) => Promise<void>) => {
  await Promise.all(Array.from({ length: n }, (_, i) => act(i)))
}

/** Runs a race many times over two servers; each history is checked. */
async function raced(capacity: number, race: (recorded: Recorder) => Promise<void>) {
  await using fleet = await startFleet({ url, size: 2 })
  const all: Recorder[] = []
  for (let i = 0; i < ROUNDS; i++) {
    const recorded = await round(fleet, capacity)
    await race(recorded)
    expect(await recorded.faults()).toEqual([])
    all.push(recorded)
  }
  return all
}

describe(`races over two servers, ${ROUNDS} rounds each, by a history checker`, () => {
  test('leave x edit: nobody edits after leaving', async () => {
    const all = await raced(10, async ({ act }) => {
      await act.join('bob')
      await Promise.all([times(6, () => act.edit('bob')), act.leave('bob'), times(3, () => act.edit('owner'))])
    })
    expect(all.flatMap(({ outcomes }) => outcomes('edit')).filter((one) => one !== 'ok')).not.toContain(
      'unknown-outcome',
    )
  }, 120_000)

  test('delete x edit: nothing is after the deletion', async () => {
    await raced(10, async ({ act }) => {
      await Promise.all([times(6, () => act.edit('owner')), act.delete('owner'), act.delete('owner')])
    })
  }, 120_000)

  test('kick x edit: who was kicked edits no more', async () => {
    await raced(10, async ({ act }) => {
      await act.join('bob')
      await Promise.all([times(6, () => act.edit('bob')), act.kick('owner', 'bob'), act.kick('owner', 'bob')])
    })
  }, 120_000)

  test('200 joins for 10 seats: exactly 10 are in', async () => {
    const all = await raced(10, async ({ act }) => {
      await times(200, (i) => act.join(`guest-${i}`))
    })
    for (const { outcomes } of all) {
      const joins = outcomes('join')
      // The owner has the tenth seat.
      expect(joins.filter((one) => one === 'ok')).toHaveLength(9)
      expect(joins.filter((one) => one === 'room-full')).toHaveLength(191)
    }
  }, 120_000)

  test('two owner transfers at once: exactly one counts', async () => {
    const all = await raced(10, async ({ act }) => {
      await Promise.all([act.join('bob'), act.join('carol')])
      await Promise.all([act.transfer('owner', 'bob'), act.transfer('owner', 'carol')])
    })
    for (const { outcomes } of all) expect(outcomes('transfer').sort()).toEqual(['not-owner', 'ok'])
  }, 120_000)

  test('the control: without the unique index (room, seq) the checker finds what went wrong', async () => {
    await using fleet = await startFleet({ url: control.url, size: 2 })
    await control.db.collection('events').dropIndex('slot')
    let faults: string[] = []
    for (let i = 0; i < 50 && faults.length === 0; i++) {
      const recorded = await round(fleet, 100, control.db)
      await times(20, (n) => recorded.act.join(`guest-${n}`))
      faults = await recorded.faults()
    }
    expect(faults).not.toEqual([])
  }, 120_000)
})
