import { expect, test } from 'bun:test'
import type { QuizEvent } from '../../shared/quiz/events.ts'
import { evolve } from '../../shared/quiz/evolve.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import { type QuizView, viewOf } from '../../shared/quiz/view.ts'
import { changed } from '../../shared/quiz/view-frame.ts'
import { createFold } from '../../client/quiz/fold.ts'
import { useDatabase } from '../kit/mongo.ts'
import { befriend, deckFor, type Person, quickly } from '../kit/quiz.ts'
import { until } from '../kit/until.ts'
import { singles } from '../quiz/cards.ts'
import { Random } from '../room/random.ts'
import { type Link, linkOf } from '../rooms/streams.ts'
import { conductorOf } from './conductor.ts'
import { followQuiz, type QuizHeard } from './following.ts'
import { at, eventsIn, rounds, times, twoProcesses } from './places.ts'

const { url, db } = useDatabase(import.meta.path)
const { foyer, someone, urls } = await twoProcesses(url)

/** Without what counts alone tell of. */
const known = (view: QuizView) => {
  const { game } = view
  const asked = game?.asked === null || game === null ? null : { ...game.asked, answered: 0, of: 0 }
  return { ...view, game: game === null ? null : { ...game, asked }, now: 0 }
}

/** The room after each of its events, from its log. */
function statesOf(events: readonly QuizEvent[]): ReadonlyMap<number, QuizState> {
  const states = new Map<number, QuizState>()
  let state: QuizState | null = null
  for (const [i, event] of events.entries()) states.set(i + 1, (state = evolve(state, event, i + 1)))
  return states
}

/** Each frame leaves the viewer with what `viewOf` says of the log at that version. */
function follows({ frames }: QuizHeard, user: string, states: ReadonlyMap<number, QuizState>) {
  let view: QuizView | null = null
  for (const frame of frames) {
    if (frame.kind === 'counts') continue
    view = frame.kind === 'snapshot' ? frame.view : view === null ? null : frame.changes.reduce(changed, view)
    const state = states.get(frame.version)
    if (view === null || state === undefined) throw new Error(`nothing stands at ${frame.version}`)
    expect(known(view)).toEqual(known(viewOf(state, user)))
  }
}

const unversioned = (view: QuizView) => ({ ...view, version: 0, at: 0, now: 0 })

/** What a client shows. */
function shown({ frames }: QuizHeard) {
  let fold: ReturnType<typeof createFold> | null = null
  for (const frame of frames) {
    if (frame.kind === 'snapshot') fold = createFold(frame.view)
    else if (frame.kind === 'changes') fold?.fold(frame)
    else fold?.count(frame)
  }
  const { view, counts } = fold ?? { view: null, counts: null }
  if (view === null) return null
  const { game } = view
  if (game === null || game.asked === null || counts === null) return unversioned(view)
  const { answered, of } = counts
  return unversioned({ ...view, game: { ...game, asked: { ...game.asked, answered, of } } })
}

interface Player {
  self: Person
  homes: readonly Person[]
  heard: QuizHeard[]
  links: Link[]
}

async function comes(random: Random, { self, heard, links }: Player, room: string) {
  const link = await linkOf(random.of([urls[0], urls[1]]), self.id, {
    transport: random.chance(0.5) ? 'websocket' : 'sse',
  })
  heard.push(followQuiz(link, { room }))
  links.push(link)
}

/** Something that a player does, sensible or not. */
function act(random: Random, player: Player, { room, all }: { room: string; all: readonly Person[] }) {
  const { client } = player.homes[random.below(2)] ?? player.self
  const other = all[random.below(all.length)]?.id ?? ''
  const question = random.below(3)
  const on = { round: 1 + random.below(2), question }
  return random.of<() => Promise<unknown>>([
    () => client.quiz.message.mutate({ room, text: `words ${random.below(1_000)}` }),
    () => client.quiz.answer.mutate({ room, ...on, value: { type: 'single', choice: random.below(4) } }),
    () => client.quiz.answer.mutate({ room, ...on, value: { type: 'single', choice: random.below(4) } }),
    () => client.quiz.control.mutate({ room, control: { name: random.of(['skip', 'next']), ...on } }),
    () => client.quiz.control.mutate({ room, control: { name: random.of(['pause', 'resume', 'resume']) } }),
    // Somebody is always there, so that the room lives.
    () => (player.self === all[0] ? Promise.resolve() : client.quiz.leave.mutate({ room })),
    () => client.quiz.join.mutate({ room }),
    () => client.quiz.invite.mutate({ room, user: other }),
    () => comes(random, player, room),
  ])()
}

test('whatever happens through two processes, each viewer sees at each version what the log says, and ends with `quiz.get`', async () => {
  for (const _ of times(rounds(1, 12))) {
    const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
    const random = new Random(seed)
    const all = await Promise.all(times(4).map(() => someone('player')))
    await befriend(...all)
    const [ann = await someone()] = all
    const { room } = await ann.client.quiz.group.mutate({ others: all.slice(1).map(({ id }) => id), text: 'hello' })
    const players: Player[] = await Promise.all(
      all.map(async (one) => ({
        self: one,
        homes: await Promise.all(urls.map((home) => at(home, one))),
        heard: [],
        links: [],
      })),
    )
    const deck = await deckFor(db, ann.id, { cards: singles(3), visibility: 'public' })
    await ann.client.quiz.start.mutate({ room, payload: quickly(deck, { endMs: 20, questionMs: 1_000 }) })
    for (const player of players) await comes(random, player, room)
    const conductor = conductorOf(foyer, room)
    await conductor.start()
    const isOver = new AbortController()
    const conducting = (async () => {
      while (!isOver.signal.aborted) if (!(await conductor.act())) await new Promise((go) => setTimeout(go, 5))
    })()
    const playing = async (player: Player) => {
      // What is refused is refused.
      for (const _ of times(40)) await act(random, player, { room, all }).catch(() => {})
    }
    await Promise.all(players.map(playing))
    isOver.abort()
    await conducting
    const states = statesOf(await eventsIn(db, room))
    expect(states.size).toBeGreaterThan(60)
    for (const { self: home, heard } of players) {
      const now = await home.client.quiz.get.query({ room }).catch(() => null)
      for (const one of heard) {
        if (one.ends.length === 0 && now !== null) {
          // Counts take a while, and not all that happens changes a view.
          await until(() => Bun.deepEquals(shown(one), unversioned(now)), { what: '', deadlineMs: 3_000 }).catch(
            () => {},
          )
          expect({ seed, view: shown(one) }).toEqual({ seed, view: unversioned(now) })
        }
        follows(one, home.id, states)
      }
    }
    await Promise.all(
      players.flatMap(({ heard, links }) => [
        ...heard.map((one) => one.unsubscribe()),
        ...links.map((link) => link[Symbol.asyncDispose]()),
      ]),
    )
  }
}, 120_000)
