import { describe, expect, test } from 'bun:test'
import type { LeaseDoc } from '../../server/store/docs-quiz.ts'
import { useDatabase } from '../kit/mongo.ts'
import { Random } from '../room/random.ts'
import { EVANESCENT, openLeases, PERPETUAL } from './lease-kit.ts'

const kit = await openLeases(useDatabase(import.meta.path))
const { leases } = kit
const ROUNDS = 120

/** What an actor believes to hold, rightly or not any more. */
interface Belief {
  room: string
  epoch: number
  worker: string
  claim: string
}

/** One room under random operations of workers that believe what they once heard; several of them at once. */
class Play {
  readonly beliefs: Belief[] = []
  /** Who had each epoch. */
  readonly holders = new Map<number, string>()

  constructor(
    readonly room: string,
    readonly random: Random,
  ) {}

  async act(seen: LeaseDoc): Promise<void> {
    const { room, random } = this
    const old = this.beliefs.at(-1 - random.below(4)) ?? null
    const worker = `w${random.below(3)} ${room}`
    const lot = random.below(12)
    if (lot < 4) {
      const epoch = seen.epoch - (random.chance(0.2) ? 1 : 0)
      return this.heard(worker, await kit.claim(room, { epoch, worker, mayTakeOver: random.chance(0.8) }))
    }
    if (lot === 4) return kit.age(room, random.of([1_000, 6_000, 18_000]))
    if (lot === 5) return leases.want({ room, kind: seen.kind, epoch: seen.epoch })
    if (lot === 6 && random.chance(0.3)) return leases.off({ room, ended: random.chance(0.1) })
    if (lot === 7 && random.chance(0.3)) return void (await leases.releaseAll({ worker }))
    if (old === null) return
    if (lot === 8) return void (await leases.release({ ...old, to: random.of(['wanted', 'released'] as const) }))
    if (lot === 9) return leases.disown(old)
    if (lot === 10) return void (await leases.renew({ worker: old.worker, rooms: [room] }))
    return this.heard(old.worker, await leases.reclaim({ ...old, next: crypto.randomUUID() }))
  }

  heard(worker: string, row: LeaseDoc | null): void {
    if (row === null) return
    const claim = row.holder?.claim ?? ''
    this.note(row)
    this.beliefs.push({ room: this.room, epoch: row.epoch, worker, claim })
  }

  /** I2: an epoch has one holder. */
  note({ epoch, holder }: LeaseDoc): void {
    if (holder === null) return
    const known = this.holders.get(epoch)
    const who = `${holder.worker} ${holder.claim}`
    if (known !== undefined && known !== who) throw new Error(`epoch ${epoch} is of ${known} and of ${who}`)
    this.holders.set(epoch, who)
  }
}

describe('whatever happens to a lease, in whatever order', () => {
  for (const [kind, seed] of [
    [PERPETUAL, 1],
    [PERPETUAL, 2],
    [EVANESCENT, 3],
    [EVANESCENT, 4],
  ] as const) {
    test(`its epochs grow one by one, and each has one holder (${kind}, ${seed})`, async () => {
      const random = new Random(seed)
      const rooms = await Promise.all(Array.from({ length: 5 }, () => kit.wanted(kind)))
      const plays = rooms.map((room) => new Play(room, random))
      const statuses = new Set<string>()
      const playOut = async (play: Play) => {
        let before = await kit.row(play.room)
        for (let round = 0; round < ROUNDS; round++) {
          const acts = 1 + random.below(3)
          await Promise.all(Array.from({ length: acts }, () => play.act(before)))
          const after = await kit.row(play.room)
          statuses.add(after.status)
          // I1: each act adds one at the most, and none takes any away.
          expect(after.epoch).toBeGreaterThanOrEqual(before.epoch)
          expect(after.epoch).toBeLessThanOrEqual(before.epoch + acts)
          expect((after.status === 'held') === (after.holder !== null)).toBe(true)
          // I5
          if (kind === EVANESCENT && before.status === 'ended') expect(after.status).toBe('ended')
          if (kind === EVANESCENT) expect(after.status).not.toBe('released')
          play.note(after)
          before = after
        }
      }
      await Promise.all(plays.map(playOut))
      // It was about something; how the acts of one round meet is chance.
      expect([...statuses]).toEqual(expect.arrayContaining(kind === EVANESCENT ? ['held'] : ['held', 'released']))
      expect(Math.max(...plays.map(({ holders }) => holders.size))).toBeGreaterThan(kind === EVANESCENT ? 0 : 1)
    })
  }
})
