import type { Json } from '../../shared/json.ts'
import { Random } from '../room/random.ts'
import { RuleError } from '../../shared/rules.ts'
import type { Call, FakeLink, Fate } from './fake-room.ts'
import { FakeServer } from './fake-room.ts'
import { BEGINNING } from './random-edits.ts'
import { faultsOf } from './room-checker.ts'
import { pauseFor, Player } from './room-player.ts'
import { inVirtualTime, when } from './virtual-time.ts'

export interface HistoryOptions {
  /** A client that sends its repeats under new ids. */
  renames?: boolean
}

export interface Tally {
  edits: number
  done: number
  refused: number
  unknown: number
  undone: number
  events: number
  faults: string[]
}

const SPAN_MS = 2_500

/** How bad a client's network is: some are fine. */
function trouble(link: FakeLink, random: Random): void {
  const badness = random.of([0, 0.5, 1, 2])
  link.fate = ({ path }: Call): Fate => {
    const dice = random.next()
    if (dice < 0.06 * badness) return 'lose-request'
    if (dice < 0.14 * badness) return 'lose-reply'
    return dice < 0.2 * badness && path === 'edit' ? 'twice' : 'pass'
  }
  const delays = random.of([
    [0, 0, 1],
    [0, 20, 60],
    [1, 5, 900],
    [30, 30, 30],
  ])
  link.delay = () => Math.round(random.next() * random.of([delays[0] ?? 0, delays[1] ?? 0, delays[2] ?? 0]))
  link.take = (waiting) => 1 + random.below(waiting)
}

/** What happens to a network in a history. */
async function weather(link: FakeLink, random: Random, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await pauseFor(100 + random.below(700))
    if (isOver()) return
    const dice = random.below(10)
    if (dice < 3) link.cut()
    else if (dice < 5) link.resyncs = true
    else if (dice < 6) {
      link.down()
      await pauseFor(random.below(1_200))
      link.up()
    } else if (dice < 7) {
      link.isHeld = true
      await pauseFor(random.below(500))
      link.release()
    } else if (dice < 8) link.hasStreams = !link.hasStreams
  }
}

const calm = (link: FakeLink): void => {
  link.fate = () => 'pass'
  link.hasStreams = true
  link.up()
  link.release()
}

async function play(player: Player, random: Random): Promise<void> {
  const undoes = random.chance(0.4)
  const reloads = random.chance(0.25)
  for (let left = 6 + random.below(10); left > 0; left--) {
    if (random.chance(0.6)) await pauseFor(random.below(SPAN_MS / 8))
    const dice = random.next()
    if (undoes && dice < 0.2) void player.undo()
    else if (undoes && dice < 0.28) void player.redo()
    else if (reloads && dice < 0.34) await player.reload()
    else if (dice < 0.4) player.transact()
    else player.edit()
  }
}

/** Three users edit one room at random over bad networks; then all is well again, and everybody has to have the same. */
export function history(seed: number, { renames = false }: HistoryOptions = {}): Promise<Tally> {
  const random = new Random(seed)
  return inVirtualTime(
    () => random.next(),
    async () => {
      const server = new FakeServer(BEGINNING)
      const failing = random.of([0, 0, 0.05])
      server.refusal = () =>
        random.chance(failing) ? new RuleError(random.of(['rate-limited', 'shutting-down'])) : null
      const players = ['alice', 'bob', 'carol'].map((name) => new Player(name, server, random))
      let isOver = false
      for (const { link } of players) link.renames = renames
      await Promise.all(players.map((player) => player.open()))
      for (const { link } of players) trouble(link, random)
      for (const { link } of players) void weather(link, random, () => isOver)
      await Promise.all(players.map((player) => play(player, random)))
      isOver = true
      for (const { link } of players) calm(link)
      await Promise.all(players.map(({ room }) => room.settled()))
      await when(() => players.every(({ room }) => room.version === server.state.seq))
      const tally = tallyOf(server, players)
      for (const { room } of players) room.close()
      return tally
    },
  )
}

function tallyOf(server: FakeServer, players: readonly Player[]): Tally {
  const tried = players.flatMap((player) => player.tried)
  const ruled = tried.map(({ outcome }) => (outcome !== null && 'rule' in outcome ? outcome.rule : null))
  const unknown = ruled.filter((rule) => rule === 'aborted').length
  const refused = ruled.filter((rule) => rule !== null).length - unknown
  return {
    edits: tried.length,
    done: tried.length - refused - unknown,
    refused,
    unknown,
    undone: players.reduce((sum, { undone, redone }) => sum + undone + redone, 0),
    events: server.log.length,
    faults: faultsOf(server, players),
  }
}

/** One user edits alone over a bad network, takes all of it back, and does it again: gives what the room's data were at each end. */
export function alone(seed: number): Promise<{ steps: number; before: Json; undone: Json; after: Json; redone: Json }> {
  const random = new Random(seed)
  return inVirtualTime(
    () => random.next(),
    async () => {
      const server = new FakeServer(BEGINNING)
      const player = new Player('alice', server, random)
      player.conflicts = false
      await player.open()
      const { room, link } = player
      trouble(link, random)
      const before = room.data
      for (let left = 1 + random.below(24); left > 0; left--) {
        if (random.chance(0.4)) await pauseFor(random.below(300))
        if (random.chance(0.1)) link.cut()
        player.edit()
      }
      // What was taken on the way counts, whatever has been confirmed by now.
      if (random.chance(0.5)) await room.settled()
      const after = room.data
      let steps = 0
      for (; room.canUndo; steps++) void room.undo()
      await room.settled()
      const undone = server.state.data
      while (room.canRedo) void room.redo()
      await room.settled()
      const redone = server.state.data
      room.close()
      return { steps, before, undone, after, redone }
    },
  )
}
