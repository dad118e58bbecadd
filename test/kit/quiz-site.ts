import type { BrowserContext, Page } from 'playwright-core'
import { connect } from '../../client/connect.ts'
import type { Card } from '../../shared/deck/cards.ts'
import { step } from '../../shared/quiz/conductor/step.ts'
import type { QuizCommand } from '../../shared/quiz/commands.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import type { Foyer } from '../../server/foyer.ts'
import { RuleError } from '../../shared/rules.ts'
import { payloadSchema, type QuizPayload } from '../../shared/quiz/settings.ts'
import { befriend, type Person } from './quiz.ts'
import { type Site, useSite } from './site.ts'
import { JWT_SECRET, tokenOf } from './tokens.ts'
import { until } from './until.ts'

export const QUIZ_ENV = { JWT_SECRET, RATE_PER_USER: '0', RATE_PER_ROOM: '0' }

/** A demo site whose users have names of their own, for tests of quiz rooms. */
export const useQuizSite = (file: string): Promise<Site> => useSite(file, QUIZ_ENV)

/** A user by this very name. */
export const named = async (site: Site, id: string): Promise<Person> => ({
  id,
  client: connect({ url: site.server().url, token: await tokenOf(id) }),
})

/** A page of the site, as this user opens it. `origin`: on another server than the file's own, which may fail. */
export async function openAs(site: Site, user: string, path: string, { size, origin, ...rest }: Opening = {}) {
  const page = await site.visit('/health', { ...rest, ...(origin === undefined ? {} : { origin }) })
  if (size !== undefined) await page.setViewportSize(size)
  const guest = JSON.stringify({ name: user, token: await tokenOf(user) })
  await page.evaluate((text) => sessionStorage.setItem('foyer:demo:guest', text), guest)
  await page.goto(`${origin ?? site.server().url}${path}`)
  return page
}
interface Opening {
  size?: { width: number; height: number }
  origin?: string
  /** The browser of another page of theirs. */
  context?: BrowserContext
}

/** The page of a room, as this user opens it. */
export async function openRoom(site: Site, user: string, room: string, opening: Opening = {}): Promise<Page> {
  const page = await openAs(site, user, `/quiz#room=${room}`, opening)
  await page.waitForSelector('[data-testid=quiz-room][data-state=open]')
  return page
}

/** Presses a host's button. */
export const control = (page: Page, name: string) => page.locator(`[data-control=${name}]`).click()

/** Waits until the quiz is in a phase. */
export const phase = (page: Page, name: string) => page.waitForSelector(`[data-testid=quiz][data-phase=${name}]`)

const WORKER = { user: 'conductor', service: true }
const LOOK_MS = 20

/** A room's conductor within the test's process, as a worker would run it; disposed of, it acts no more. */
export interface Conducting extends AsyncDisposable {
  /** What came to nothing. */
  readonly faults: readonly unknown[]
}

export async function conduct(foyer: Foyer, room: string, cards: readonly Card[]): Promise<Conducting> {
  const { log } = foyer.quizzes
  const faults: unknown[] = []
  let isOver = false
  const send = (command: QuizCommand) =>
    log.send({ room, id: crypto.randomUUID(), actor: WORKER, command, hash: command.type })
  const now = () => foyer.store.clock.now().getTime()
  const first = await log.read(room)
  const epoch = (first?.conductor.epoch ?? 0) + 1
  await send({ type: 'conductorStarted', epoch, holder: `test ${epoch}` })

  const act = async (state: QuizState): Promise<boolean> => {
    const move = step(state, { now: now(), cards, salt: crypto.randomUUID(), present: null })
    if (move.step === null) return false
    await send({ type: 'conduct', epoch, step: move.step })
    return true
  }
  const run = async (): Promise<void> => {
    while (!isOver) {
      const state = await log.read(room)
      if (state === null || state.ended !== null || state.conductor.epoch !== epoch || state.conductor.holder === null)
        return
      const acted = await act(state).catch((error: unknown) => {
        if (!(error instanceof RuleError && error.rule === 'version-conflict')) throw error
        return true
      })
      if (!acted) await Bun.sleep(LOOK_MS)
    }
  }
  const running = run().catch((error: unknown) => void faults.push(error))
  return {
    faults,
    [Symbol.asyncDispose]: async () => {
      isOver = true
      await running
      if (faults[0] !== undefined) throw faults[0]
    },
  }
}

/** Waits for a state of the room's log. */
export const logged = (foyer: Foyer, room: string, what: string, holds: (state: QuizState) => boolean) =>
  until(
    async () => {
      const state = await foyer.quizzes.log.read(room)
      return state !== null && holds(state) ? state : null
    },
    { what, deadlineMs: 10_000 },
  )

/** Two users who are friends, their group room, and a deck of the first one. */
export async function friendsOn(site: Site, cards: readonly Card[]) {
  const [ann, bob] = [await named(site, `ann ${crypto.randomUUID()}`), await named(site, `bob ${crypto.randomUUID()}`)]
  await befriend(ann, bob)
  const { deck } = await ann.client.deck.create.mutate({ title: 'Of everything', cards: [...cards] })
  const { room } = await ann.client.quiz.group.mutate({ others: [bob.id], text: 'Let us play.' })
  return { ann, bob, deck: deck.id, room }
}

/** Both of them at a quiz in their room that a host leads, and that a conductor in the test runs. */
export async function friendsPlaying(site: Site, cards: readonly Card[], more: Partial<QuizPayload> = {}) {
  const friends = await friendsOn(site, cards)
  const { ann, bob, deck, room } = friends
  const payload = payloadSchema.parse({ deck, pace: 'host', questionMs: 600_000, ...more })
  await ann.client.quiz.start.mutate({ room, payload })
  const conducting = await conduct(site.server().foyer, room, cards)
  const [a, b] = await Promise.all([openRoom(site, ann.id, room), openRoom(site, bob.id, room)])
  return { ...friends, a, b, [Symbol.asyncDispose]: conducting[Symbol.asyncDispose] }
}
