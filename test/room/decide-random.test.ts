import { describe, expect, test } from 'bun:test'
import { LIMITS } from '../../shared/limits.ts'
import { roomDecider } from '../../shared/room/decider.ts'
import type { RoomState } from '../../shared/room/state.ts'
import { RuleError } from '../../shared/rules.ts'
import { MemoryRoom, ROOM, replayed, user } from './memory.ts'
import { Random, randomJson } from './random.ts'
import { randomActor, randomCommand } from './random-commands.ts'

const SEEDS = Array.from({ length: 30 }, (_, i) => i + 1)
const COMMANDS = 300

function begun(random: Random): MemoryRoom {
  const room = new MemoryRoom()
  const data = { list: [{ id: 'a', v: 1 }, { id: 'b', v: [1, 2] }, 'x'], n: 1, each: randomJson(random) }
  room.does({ type: 'create', room: ROOM, capacity: 3, metadata: {}, data }, user('ann'))
  return room
}

/** A room after random commands; `each` sees each of them. */
function lived(seed: number, each: (room: MemoryRoom, before: RoomState, refused: boolean) => void): MemoryRoom {
  const random = new Random(seed)
  const room = begun(random)
  for (let i = 0; i < COMMANDS; i++) {
    const before = room.it
    room.now += random.below(3) - 1
    const outcome = room.send(randomCommand(random, before), randomActor(random))
    each(room, before, 'rule' in outcome)
  }
  return room
}

const text = (state: RoomState | null) => JSON.stringify(state)

function faultsOf({ occupants, banned, capacity, owner, recent, data, bytes }: RoomState): string[] {
  const faults = {
    'over capacity': occupants.length > capacity,
    'somebody is in twice': new Set(occupants).size !== occupants.length,
    'somebody is banned twice': new Set(banned).size !== banned.length,
    'somebody banned is in': banned.some((name) => occupants.includes(name)),
    'the owner is banned': banned.includes(owner),
    'remembers too much': recent.length > LIMITS.rebaseEdits,
    'miscounts its bytes': bytes !== Buffer.byteLength(JSON.stringify(data)),
  }
  return Object.entries(faults).flatMap(([fault, is]) => (is ? [fault] : []))
}

describe('over random commands', () => {
  test('a room keeps its capacity, bans, owner, bytes and order of times; a refused command leaves it the very same', () => {
    let refusals = 0
    let full = 0
    for (const seed of SEEDS) {
      lived(seed, (room, before, refused) => {
        const after = room.it
        refusals += refused ? 1 : 0
        full += after.occupants.length === after.capacity ? 1 : 0
        if (refused) return expect(after).toBe(before)
        expect(faultsOf(after)).toEqual([])
        expect(after.seq).toBe(before.seq + 1)
        expect(after.at).toBeGreaterThanOrEqual(before.at)
      })
    }
    expect(refusals).toBeGreaterThan(1_000)
    expect(full).toBeGreaterThan(1_000)
  })

  test('the log, folded again from its beginning or from any snapshot`s text, is the state', () => {
    for (const seed of SEEDS) {
      const snapshots: string[] = []
      const room = lived(seed, ({ state }) => snapshots.push(text(state)))
      expect(text(replayed(room.log))).toBe(text(room.state))
      for (const snapshot of snapshots.filter((_, i) => i % 37 === 0))
        expect(text(replayed(room.log, JSON.parse(snapshot)))).toBe(text(room.state))
    }
  })

  test('a process that goes on from a snapshot`s text decides the same as one that has folded its own events all along', () => {
    for (const seed of SEEDS) {
      const random = new Random(seed)
      let own: RoomState = begun(random).it
      for (let i = 0; i < COMMANDS; i++) {
        const command = randomCommand(random, own)
        const context = { now: 2_000 + i, actor: randomActor(random) }
        const decided = roomDecider.decide(own, command, context)
        const loaded: RoomState = JSON.parse(JSON.stringify(own))
        const again = roomDecider.decide(loaded, command, context)
        expect(JSON.stringify(again)).toBe(JSON.stringify(decided))
        if (decided instanceof RuleError) continue
        // The committer folds the very events that it decided, everybody else their text.
        for (const event of decided.events) {
          const folded = roomDecider.evolve(loaded, JSON.parse(JSON.stringify(event)), own.seq + 1)
          own = roomDecider.evolve(own, event, own.seq + 1)
          expect(text(own)).toBe(text(folded))
        }
      }
    }
  })
})
