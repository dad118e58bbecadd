import { setTimeout as pause } from 'node:timers/promises'
import type { Db } from 'mongodb'
import { toFoyerError } from '../../client/errors.ts'
import { retry } from '../../client/retry.ts'
import type { QuizKind } from '../../shared/quiz/state.ts'
import { singles } from '../quiz/cards.ts'
import { frameFaults } from './quiz-frames.ts'
import { befriend, deckFor, type Person, quickly, type Watching, watch } from './quiz.ts'
import type { Acknowledged } from './quiz-checker.ts'
import type { QuizFleet } from './quiz-fleet.ts'
import { readLines, roomFaults } from './quiz-history.ts'

/** How long a player thinks at most, ms. */
const THINK_MS = 300
/** Answers that come too late, or to a room that is over, are refused: that is no fault. */
const REFUSED: ReadonlySet<string> = new Set(['wrong-phase', 'question-over', 'room-gone', 'no-conductor'])

/** A room in which two people play. */
export interface PlayedRoom {
  kind: QuizKind
  room: string
  /** Where an evanescent room came from. */
  parent: string | null
  people: readonly Person[]
  acknowledged: Acknowledged[]
  /** What nobody should have heard. */
  errors: string[]
}

let names = 0
const two = (fleet: QuizFleet): Promise<Person[]> =>
  Promise.all(['ann', 'bob'].map((name, i) => fleet.person(`${name} ${++names}`, i % fleet.servers.length)))

async function open(fleet: QuizFleet, db: Db, kind: QuizKind): Promise<PlayedRoom> {
  const [ann, bob] = await two(fleet)
  if (ann === undefined || bob === undefined) throw new Error('two were asked for')
  const deck = await deckFor(db, ann.id, { cards: singles(200) })
  const payload = quickly(deck, { silentAfter: null, scoring: 'kahoot@1+streak@1' })
  const made = { kind, people: [ann, bob], acknowledged: [], errors: [] }
  if (kind === 'HostedPerpetual') {
    const { room } = await ann.client.quiz.host.mutate({ payload })
    for (const { client } of [ann, bob]) await client.quiz.join.mutate({ room })
    return { ...made, room, parent: null }
  }
  await befriend(ann, bob)
  const { room: parent } = await ann.client.quiz.group.mutate({ others: [bob.id], text: 'a quiz?' })
  if (kind === 'GroupPerpetual') {
    await ann.client.quiz.start.mutate({ room: parent, payload })
    return { ...made, room: parent, parent: null }
  }
  const { result } = await ann.client.quiz.spawn.mutate({ room: parent, payload })
  // edge: what spawn's result is
  const { child: room } = result as { child: string }
  return { ...made, room, parent }
}

/** Forgets the processes of tests before, which were killed, and their leases: nobody goes on with their rooms. */
export async function forgetFormer(db: Db): Promise<void> {
  await Promise.all(['leases', 'workers'].map((name) => db.collection(name).deleteMany({})))
}

export interface PlayOptions {
  fleet: QuizFleet
  db: Db
  kinds: readonly QuizKind[]
}
export const ALL_KINDS: readonly QuizKind[] = ['HostedPerpetual', 'GroupPerpetual', 'GroupEvanescent']
export const PERPETUAL: readonly QuizKind[] = ['HostedPerpetual', 'GroupPerpetual', 'HostedPerpetual']

/** Rooms of these kinds in which people watch and answer, each through a server of their own, until it is stopped and judged. */
export async function startPlay({ fleet, db, kinds }: PlayOptions) {
  const rooms = await Promise.all(kinds.map((kind) => open(fleet, db, kind)))
  const streams = rooms.flatMap((played) =>
    played.people.map((person) => ({ played, person, seen: watch(person, played.room, played.parent ?? undefined) })),
  )
  let isPlaying = true

  const answer = async (
    { played, person }: { played: PlayedRoom; person: Person },
    round: number,
    question: number,
  ) => {
    const id = Bun.randomUUIDv7()
    const value = { type: 'single', choice: Math.floor(Math.random() * 4) } as const
    const input = { room: played.room, id, round, question, value, reply: 'result' } as const
    try {
      const { result } = await retry((signal) => person.client.quiz.answer.mutate(input, { signal }))
      const counted = result !== null && typeof result === 'object' && 'counted' in result && result.counted === true
      played.acknowledged.push({ id, counted })
    } catch (error) {
      const { rule } = toFoyerError(error)
      if (!REFUSED.has(rule)) played.errors.push(`${person.id} was refused: ${rule}`)
    }
  }
  const playing = streams.map(async (stream) => {
    let answered = ''
    while (isPlaying && stream.seen.end === null) {
      await pause(Math.random() * THINK_MS)
      const game = stream.seen.view?.game
      if (game?.phase !== 'question' || `${game.round} ${game.question}` === answered) continue
      answered = `${game.round} ${game.question}`
      await answer(stream, game.round, game.question)
    }
  })

  const streamFaults = async ({ played, person, seen }: { played: PlayedRoom; person: Person; seen: Watching }) => {
    const { lines } = await readLines(db, played.room)
    const ended = seen.end === null || seen.end === 'done' ? [] : [`${person.id}: the stream ended with ${seen.end}`]
    return [...ended, ...frameFaults(lines, person.id, seen.frames)]
  }
  const stop = async () => {
    isPlaying = false
    await Promise.all(playing)
    for (const { seen } of streams) seen[Symbol.dispose]()
  }
  return {
    rooms,
    ids: rooms.map(({ room }) => room),
    /** What the first of a room's people sees. */
    seenIn: (room: string): Watching => {
      const stream = streams.find(({ played }) => played.room === room)
      if (stream === undefined) throw new Error(`nobody plays in ${room}`)
      return stream.seen
    },
    /** How many answers were acknowledged so far. */
    answers: () => rooms.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0),
    stop,
    /** Ends it; then all that is wrong with the rooms' logs, acknowledgements and streams, in words. */
    judge: async (): Promise<string[]> => {
      await stop()
      const found = await Promise.all([
        ...rooms.map(async ({ room, acknowledged, errors }) => [
          ...errors,
          ...(await roomFaults(db, room, { acknowledged })),
        ]),
        ...streams.map(streamFaults),
      ])
      return found.flat()
    },
    [Symbol.asyncDispose]: stop,
  }
}
export type Play = Awaited<ReturnType<typeof startPlay>>
