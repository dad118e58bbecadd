import type { Page } from 'playwright-core'
import { databaseUrl } from './mongo.ts'
import { FAST, type QuizFleet, startQuizFleet } from './quiz-fleet.ts'
import { forgetFormer } from './quiz-play.ts'
import { openAs, QUIZ_ENV } from './quiz-site.ts'
import { type Site, useSite } from './site.ts'

/** A demo site whose users have names of their own, for tests in which real workers conduct. */
export const useWorkedSite = (file: string): Promise<Site> => useSite(file, { ...QUIZ_ENV, ...FAST })

/** Workers of one process each, beside the site's server. */
export async function startWorkers(site: Site, env: Record<string, string> = {}): Promise<QuizFleet> {
  await forgetFormer(site.db)
  const url = databaseUrl(site.db.databaseName)
  return startQuizFleet({ url, db: site.db, servers: 0, workers: 1, env: { WORKER_CHILDREN: '1', ...env } })
}

/** The start, as this user opens it. */
export async function openHome(site: Site, user: string): Promise<Page> {
  const page = await openAs(site, user, '/quiz')
  await page.getByTestId('home').waitFor()
  return page
}

/** The seconds that a page says are left. */
export const secondsOn = async (page: Page): Promise<number> =>
  Number(await page.getByTestId('countdown').locator('b').innerText())

/** The standings of a page, best first. `me`: whom it calls "You". */
export const standingsOn = (page: Page, me: string) =>
  page.locator('[data-place]').evaluateAll(
    (rows, user) =>
      rows.map((row) => ({
        user: row.getAttribute('data-me') === 'true' ? user : (row.getAttribute('data-place') ?? ''),
        rank: Number(row.getAttribute('data-rank')),
        points: Number(row.querySelector('.number')?.textContent?.replaceAll(/\D/g, '')),
      })),
    me,
  )
