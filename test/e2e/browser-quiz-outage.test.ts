import { expect, test } from 'bun:test'
import { databaseUrl } from '../kit/mongo.ts'
import { isGiven, NINE, option, sendAnswer } from '../kit/quiz-answers.ts'
import { control, friendsPlaying, openRoom, phase, QUIZ_ENV, useQuizSite } from '../kit/quiz-site.ts'
import { startServer } from '../kit/server.ts'

const site = await useQuizSite(import.meta.path)

site.describe('a quiz while its server is away, in Chromium', () => {
  test('an answer waits, is sent when the server is back, and is shown as it was given', async () => {
    await using playing = await friendsPlaying(site, NINE.slice(0, 1))
    const { a, bob, room } = playing
    await control(a, 'start')
    await phase(a, 'question')
    const options = { url: databaseUrl(site.db.databaseName), env: QUIZ_ENV, demo: true }
    const { port, url, stop } = await startServer(options)
    const page = await openRoom(site, bob.id, room, { origin: url })
    await phase(page, 'question')
    await stop()
    await page.getByTestId('notes').getByText('Offline.').waitFor({ timeout: 20_000 })
    await option(page, 'Nice').click()
    await sendAnswer(page)
    await page.getByRole('button', { name: 'Sending …' }).waitFor()
    expect(await a.getByTestId('counts').innerText()).toBe('0 of 2 answered')
    await using _ = await startServer({ ...options, port })
    await isGiven(page)
    await a.getByText('1 of 2 answered').waitFor()
    await page.getByTestId('notes').waitFor({ state: 'detached', timeout: 20_000 })
    await page.locator('[data-chosen=true]', { hasText: 'Nice' }).waitFor()
  })
})
