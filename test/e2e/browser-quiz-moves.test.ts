import { expect, test } from 'bun:test'
import { payloadSchema } from '../../shared/quiz/settings.ts'
import { NINE, option, sendAnswer } from '../kit/quiz-answers.ts'
import {
  conduct,
  control,
  friendsOn,
  friendsPlaying,
  logged,
  named,
  openRoom,
  phase,
  useQuizSite,
} from '../kit/quiz-site.ts'

const site = await useQuizSite(import.meta.path)
const single = NINE.filter(({ type }) => type === 'single')

/** The room that a group's room has spawned, by its log. */
const childOf = async (room: string): Promise<string> => {
  const { messages } = await logged(site.server().foyer, room, 'a child', (state) =>
    state.messages.some(({ about }) => about?.type === 'spawned'),
  )
  const about = messages.findLast((message) => message.about?.type === 'spawned')?.about
  if (about?.type !== 'spawned') throw new Error('nothing was spawned')
  return about.child
}

site.describe('a group`s room in Chromium', () => {
  test('friends talk, one proposes a quiz, another starts it from there, and it is stopped again', async () => {
    const { ann, bob, room } = await friendsOn(site, NINE)
    const [a, b] = await Promise.all([openRoom(site, ann.id, room), openRoom(site, bob.id, room)])
    await b.getByLabel('Message', { exact: true }).fill('Which one?')
    await b.getByLabel('Message', { exact: true }).press('Enter')
    await a.locator('[data-from=peer]', { hasText: 'Which one?' }).waitFor()
    await a.getByText('Propose a quiz').click()
    await a.getByTestId('propose').getByLabel('A host says when it goes on').check()
    await a.getByRole('button', { name: 'Propose', exact: true }).click()
    await b.getByTestId('proposal').getByText('Of everything').waitFor()
    await b.getByRole('button', { name: 'Use this' }).click()
    const form = b.getByTestId('start-form')
    expect(await form.getByLabel('A host says when it goes on').isChecked()).toBe(true)
    // It is hers alone, so that he cannot play it.
    await b.getByRole('button', { name: 'Start here' }).click()
    await b.getByTestId('start').getByText('This deck cannot be played').waitFor()
    await a.getByRole('button', { name: 'Use this' }).click()
    await a.getByRole('button', { name: 'Start here' }).click()
    await b.getByTestId('dormant').waitFor()
    await phase(b, 'lobby')
    await b.getByRole('button', { name: 'Stop the quiz' }).click()
    await b.getByRole('button', { name: 'Stop it' }).click()
    await a.getByRole('button', { name: 'Start here' }).waitFor()
  })

  test('a quiz in a room of its own takes both there and back, with the reason', async () => {
    const { ann, bob, room } = await friendsOn(site, single)
    const [a, b] = await Promise.all([openRoom(site, ann.id, room), openRoom(site, bob.id, room)])
    await a.getByText('More settings').click()
    await a.getByLabel('At the end, s').fill('0.2')
    await a.getByTestId('start-form').getByLabel('A host says when it goes on').check()
    await a.getByRole('button', { name: 'Play in a room of its own' }).click()
    const child = await childOf(room)
    for (const page of [a, b]) {
      await page.waitForSelector(`[data-testid=quiz-room][data-room="${child}"][data-state=open]`)
      await page.waitForURL(`**/quiz#room=${child}&from=${room}`)
    }
    expect(await b.getByRole('button', { name: 'Leave the room' }).count()).toBe(0)
    await using _ = await conduct(site.server().foyer, child, single)
    await control(b, 'start')
    for (const page of [a, b]) {
      await phase(page, 'question')
      await option(page, 'Paris').click()
      await sendAnswer(page)
    }
    await phase(a, 'reveal')
    await control(a, 'next')
    await phase(a, 'scoreboard')
    await control(a, 'next')
    for (const page of [a, b]) {
      await page.waitForSelector(`[data-testid=quiz-room][data-room="${room}"][data-state=open]`)
      await page.waitForURL(`**/quiz#room=${room}`)
      await page.getByText('Back from a quiz. The quiz was played to its end.').waitFor()
    }
  })

  test('the end has everybody`s place, and the results as a file', async () => {
    await using playing = await friendsPlaying(site, single)
    const { a, b, ann, bob, room } = playing
    await control(a, 'start')
    await phase(b, 'question')
    await option(a, 'Paris').click()
    await sendAnswer(a)
    await option(b, 'Lyon').click()
    await sendAnswer(b)
    await phase(a, 'reveal')
    await control(a, 'next')
    await phase(a, 'scoreboard')
    await control(a, 'next')
    await phase(b, 'end')
    await b.getByText('You are 2nd with 0 points.', { exact: true }).waitFor()
    expect(
      await b.locator('[data-place]').evaluateAll((all) => all.map((one) => one.getAttribute('data-place'))),
    ).toEqual([ann.id, 'You'])
    const begun = b.waitForEvent('download')
    await b.getByRole('button', { name: 'Download results (CSV)' }).click()
    const download = await begun
    expect(download.suggestedFilename()).toBe('quiz-round-1.csv')
    const { csv } = await bob.client.quiz.results.query({ room })
    // Text readers leave the mark out.
    const file = Buffer.from(await Bun.file(await download.path()).arrayBuffer())
    expect(file.toString()).toBe(`\uFEFF${csv}`)
    expect(csv).toContain(ann.id)
  })

  test('a solo quiz ends at its deck', async () => {
    const ann = await named(site, `ann ${crypto.randomUUID()}`)
    const { deck } = await ann.client.deck.create.mutate({ title: 'Alone', cards: [...single] })
    const times = { lobbyMs: 0, questionMs: 600_000, revealMs: 0, scoreboardMs: 0, endMs: 0 }
    const { room } = await ann.client.quiz.solo.mutate({ payload: payloadSchema.parse({ deck: deck.id, ...times }) })
    const a = await openRoom(site, ann.id, room)
    await using _ = await conduct(site.server().foyer, room, single)
    await phase(a, 'question')
    await option(a, 'Paris').click()
    await sendAnswer(a)
    await a.waitForURL(`**/quiz#deck=${deck.id}`)
  })

  test('a friend is in at once, a stranger by a link, and the last one to leave is told that it closes', async () => {
    const { ann, bob, room } = await friendsOn(site, single)
    const [cleo, dan] = [
      await named(site, `cleo ${crypto.randomUUID()}`),
      await named(site, `dan ${crypto.randomUUID()}`),
    ]
    await ann.client.friend.request.mutate({ user: cleo.id })
    await cleo.client.friend.accept.mutate({ user: ann.id })
    const a = await openRoom(site, ann.id, room)
    await a.getByLabel('A friend').selectOption(cleo.id)
    await a.getByRole('button', { name: 'Invite', exact: true }).click()
    await a.locator(`[data-person="${cleo.id}"]`).waitFor()
    await a.getByText(`${cleo.id} is told.`).waitFor()
    await a.getByRole('button', { name: 'Make a link' }).click()
    const link = new URLSearchParams((await a.getByTestId('link').innerText()).split('#')[1]).get('link') ?? ''
    expect(await dan.client.link.accept.mutate({ link })).toEqual({ by: ann.id, room })
    await a.locator(`[data-person="${dan.id}"]`).waitFor()
    for (const { client } of [bob, cleo, dan]) await client.quiz.leave.mutate({ room })
    await a.getByRole('heading', { level: 1, name: 'Just you' }).waitFor()
    await a.getByRole('button', { name: 'Leave the room' }).click()
    await a.getByText('You are the last one').waitFor()
    await a.getByRole('button', { name: 'Leave', exact: true }).click()
    await a.waitForURL('**/quiz')
    await logged(site.server().foyer, room, 'the end', ({ ended }) => ended?.reason === 'empty')
  })
})
