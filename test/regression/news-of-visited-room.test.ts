import { expect, test } from 'bun:test'
import { befriend } from '../kit/quiz.ts'
import { says } from '../kit/quiz-home.ts'
import { friendsOn, named, openRoom, useQuizSite } from '../kit/quiz-site.ts'

const site = await useQuizSite(import.meta.path)

site.describe('the news above a quiz room', () => {
  test('are over once one is in the room that they tell of: not shown again where that room leads to', async () => {
    const { ann, bob, room } = await friendsOn(site, [])
    const cleo = await named(site, `cleo ${crypto.randomUUID()}`)
    await befriend(ann, cleo)
    const page = await openRoom(site, bob.id, room)
    const { room: other } = await ann.client.quiz.group.mutate({ others: [bob.id, cleo.id], text: 'Come over' })
    await says(page, 'news', 'has brought you into a group room.')
    for (const to of [other, room]) {
      await page.evaluate((hash) => void (location.hash = hash), `#room=${to}`)
      await page.waitForSelector(`[data-testid=quiz-room][data-room="${to}"][data-state=open]`)
    }
    expect(await page.getByTestId('news').innerText()).toBe('')
  })
})
