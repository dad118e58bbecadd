import { expect, test } from 'bun:test'
import type { WorkerDoc } from '../../server/store/docs-quiz.ts'
import { startAlone } from '../kit/quiz-alone.ts'
import { isGiven } from '../kit/quiz-answers.ts'
import { recordEpochs } from '../kit/quiz-epochs.ts'
import type { QuizFleet } from '../kit/quiz-fleet.ts'
import { roomFaults } from '../kit/quiz-history.ts'
import { control, phase, QUIZ_ENV } from '../kit/quiz-site.ts'
import { give, planning, practising, spawned } from '../kit/quiz-story.ts'
import { secondsOn, standingsOn, startWorkers, useWorkedSite } from '../kit/quiz-workers.ts'
import { databaseUrl } from '../kit/mongo.ts'
import type { Site } from '../kit/site.ts'
import { until } from '../kit/until.ts'

const site = await useWorkedSite(import.meta.path)
const say = (text: string) => process.env.LONG === '1' && process.stderr.write(text)

/** What kills who conducts. */
type Kill = (holder: WorkerDoc) => void

/** How a worker dies. `begin`: starts the one that is to die, and gives what kills it. */
interface Death {
  what: string
  /** How long the room may have nobody, as a page sees it, ms. */
  withinMs: number
  begin: (site: Site, fleet: QuizFleet) => Promise<Kill>
}

const DEATHS: readonly Death[] = [
  {
    what: 'the process that conducts it is killed',
    withinMs: 2_000,
    begin: async (_, fleet) => {
      await fleet.addWorker()
      return ({ pid }) => process.kill(pid, 'SIGKILL')
    },
  },
  {
    what: 'its worker is killed, whose processes see that and hand over',
    withinMs: 2_000,
    begin: async ({ db }) => {
      const worker = startAlone(databaseUrl(db.databaseName), { ...QUIZ_ENV, WORKER_CHILDREN: '1' })
      return () => worker.kill('SIGKILL')
    },
  },
  {
    what: 'its worker is killed with all of its processes, so that its lease has to run out',
    withinMs: 6_000,
    begin: async (_, fleet) => {
      const worker = await fleet.addWorker()
      return () => void worker.kill('SIGKILL')
    },
  },
]

const enrolled = (count: number) =>
  until(async () => (await site.db.collection('workers').countDocuments()) === count, {
    what: `${count} processes that conduct`,
    deadlineMs: 20_000,
  })

site.describe('three friends in Chromium, with real workers', () => {
  for (const { what, withinMs, begin } of DEATHS)
    test(`plan a quiz, play it apart to its end and are back, while another room goes on within ${withinMs / 1_000} s when ${what}`, async () => {
      await using fleet = await startWorkers(site)
      await using epochs = await recordEpochs(site.db)
      await enrolled(1)
      const { players, room } = await planning(site)
      const [ann, bob, cleo] = players
      const child = await spawned(players, cleo)
      for (const { page } of players) await page.getByRole('heading', { level: 1, name: 'Of three cards' }).waitFor()
      const { _id: lasting } = await fleet.holder(child)

      const kill = await begin(site, fleet)
      await enrolled(2)
      const practice = await practising({ site, fleet, players, not: lasting })
      const [own, other, third] = practice.pages
      await control(bob.page, 'start')
      for (const { page } of players) await give(page, 0, true)
      for (const { page } of players) await phase(page, 'reveal')
      await control(bob.page, 'next')
      await phase(bob.page, 'scoreboard')
      await control(ann.page, 'next')
      await give(ann.page, 1, true)

      // The owner has answered. Then the conductor is gone, and is to remove somebody: the page sees when there is another one.
      await give(own, 0, true)
      await other.getByText('1 of 3 answered').waitFor()
      const before = { left: await secondsOn(own), at: performance.now() }
      const remove = own.getByRole('button', { name: `Remove ${cleo.who.id} from the room` })
      const taken = epochs.takeovers([practice.room])
      const from = performance.now()
      kill(practice.holder)
      await remove.click()
      await own.locator(`[data-person="${cleo.who.id}"]`).waitFor({ state: 'detached' })
      const seen = performance.now() - from
      say(`${what}: ${Math.round((await taken)[0] ?? 0)} ms in the log, ${Math.round(seen)} ms on the page\n`)
      expect(seen).toBeLessThan(withinMs)
      expect((await fleet.holder(practice.room))._id).not.toBe(practice.holder._id)

      for (const page of [own, other])
        await page.waitForSelector('[data-testid=quiz][data-round="1"][data-question="0"][data-phase=question]')
      await isGiven(own)
      expect(await own.locator('[data-chosen=true]', { hasText: 'Paris' }).count()).toBe(1)
      const passed = (performance.now() - before.at) / 1_000
      expect(Math.abs(before.left - (await secondsOn(own)) - passed)).toBeLessThan(2)
      await third.getByTestId('over').waitFor()
      await give(other, 0, false)
      for (const page of [own, other]) await phase(page, 'reveal')
      await own.locator('[data-testid=verdict][data-tone=right]').waitFor()
      await control(own, 'next')
      await phase(own, 'scoreboard')
      expect(await standingsOn(own, ann.who.id)).toEqual([
        { user: ann.who.id, rank: 1, points: 1_000 },
        { user: bob.who.id, rank: 2, points: 0 },
        { user: cleo.who.id, rank: 2, points: 0 },
      ])

      // A page behind another one draws once a second.
      for (const { page } of players) await page.bringToFront()
      await give(bob.page, 1, true)
      await give(cleo.page, 1, false)
      await phase(cleo.page, 'reveal')
      await control(cleo.page, 'next')
      await phase(cleo.page, 'scoreboard')
      await control(cleo.page, 'next')
      for (const { who, page } of players) await give(page, 2, who === ann.who)
      await phase(ann.page, 'reveal')
      await control(ann.page, 'next')
      const standings = [ann, bob, cleo].map(({ who }, i) => ({ user: who.id, rank: i + 1, points: 3_000 - 1_000 * i }))
      for (const { who, page } of players) {
        await phase(page, 'scoreboard')
        expect(await standingsOn(page, who.id)).toEqual(standings)
      }
      await control(bob.page, 'next')
      for (const { page } of players) {
        await page.waitForURL(`**/quiz#room=${room}`)
        await page.waitForSelector(`[data-testid=quiz-room][data-room="${room}"][data-state=open]`)
        await page.getByText('Back from a quiz. The quiz was played to its end.').waitFor()
        await page.getByText('Something short, please.').waitFor()
      }
      const { results } = await cleo.who.client.quiz.results.query({ room: child })
      expect(results.rows.map(({ user, rank, points }) => ({ user, rank, points }))).toEqual(standings)
      expect(epochs.epoch(child)).toBe(1)
      for (const each of [room, child, practice.room]) expect(await roomFaults(site.db, each)).toEqual([])
    }, 180_000)
})
