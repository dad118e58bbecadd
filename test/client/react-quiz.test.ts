import { expect, test } from 'bun:test'
import { befriend, deckFor, type Person, person, quickly } from '../kit/quiz.ts'
import { until } from '../kit/until.ts'
import { countOf, press, says, useReactSite } from './react-site.ts'

const { site, visit, open, url } = await useReactSite(import.meta.path, 'react-quiz-page.tsx')

/** Two friends, and the group room that the first has asked for. */
async function pair() {
  const [ann, bob] = [await person(url(), 'ann'), await person(url(), 'bob')]
  await befriend(ann, bob)
  const { room } = await ann.client.quiz.group.mutate({ others: [bob.id], text: 'hello' })
  return { ann, bob, room }
}
const say = ({ client }: Person, room: string, text: string) => client.quiz.message.mutate({ room, text })

site.describe('useQuiz', () => {
  test('in StrictMode opens one room, and closes it with the last component that uses it', async () => {
    const { ann, bob, room } = await pair()
    const { page, calls } = await visit({ user: bob.id, room, parts: 'first,second' })
    for (const part of ['first', 'second']) await says(page, part, 'open GroupPerpetual 2 here: hello')
    await open(1)
    await press(page, 'Remount')
    await say(ann, room, 'more')
    for (const part of ['first', 'second']) await says(page, part, 'open GroupPerpetual 2 here: hello,more')
    await press(page, 'Toggle first')
    await press(page, 'Say', 'second')
    await says(page, 'second', 'open GroupPerpetual 2 here: hello,more,by second')
    expect([countOf(calls, 'quiz.events'), countOf(calls, 'quiz.join')]).toEqual([1, 0])
    await press(page, 'Toggle second')
    await open(0)
    await press(page, 'Toggle first')
    await says(page, 'first', 'open GroupPerpetual 2 here: hello,more,by second')
    await open(1)
  })

  test('goes with the room to one that it spawns, and back', async () => {
    const { ann, bob, room } = await pair()
    const { page } = await visit({ user: bob.id, room, parts: 'first,second' })
    await says(page, 'first', 'open GroupPerpetual 2 here: hello')
    const deck = await deckFor(site.db, ann.id)
    const { result } = await ann.client.quiz.spawn.mutate({ room, payload: quickly(deck) })
    for (const part of ['first', 'second']) await says(page, part, 'open GroupEvanescent 2 here:')
    await open(1)
    // edge: what spawn's result is
    const { child } = result as { child: string }
    const worker = { user: 'worker', service: true }
    const command = { type: 'reap', epoch: 0, reason: 'never-started' } as const
    await site.server().foyer.quizzes.log.send({ room: child, id: 'reap', actor: worker, command, hash: 'reap' })
    for (const part of ['first', 'second']) await says(page, part, 'open GroupPerpetual 2 here: hello,spawned,returned')
    await open(1)
  })

  test('of no room is none, and of another one that one', async () => {
    const { ann, bob, room } = await pair()
    const { page } = await visit({ user: bob.id, room, parts: 'first' })
    await says(page, 'first', 'open GroupPerpetual 2 here: hello')
    await press(page, 'Other room')
    await says(page, 'first', 'none')
    await open(0)
    const { page: another } = await visit({ user: ann.id, room: crypto.randomUUID(), other: room, parts: 'first' })
    await says(another, 'first', 'failed room-gone Again')
    await press(another, 'Other room')
    await says(another, 'first', 'open GroupPerpetual 2 here: hello')
  })

  test('lets who left come back', async () => {
    const { bob, room } = await pair()
    const { page } = await visit({ user: bob.id, room, parts: 'first,second' })
    await says(page, 'first', 'open GroupPerpetual 2 here: hello')
    await press(page, 'Leave', 'first')
    for (const part of ['first', 'second']) await says(page, part, 'ended GroupPerpetual 1 here: hello Again')
    await open(0)
    await press(page, 'Again', 'second')
    for (const part of ['first', 'second']) await says(page, part, 'open GroupPerpetual 2 here: hello')
  })
})

site.describe('useNotifications', () => {
  test('shows what comes at once, and what is read as read, for all components', async () => {
    const { bob } = await pair()
    const { page, calls } = await visit({ user: bob.id, room: crypto.randomUUID(), parts: 'inbox' })
    await says(page, 'inbox', 'open 2 of room.added,friend.requested')
    await press(page, 'Read')
    await says(page, 'inbox', 'open 0 of room.added,friend.requested')
    const cy = await person(url(), 'cy')
    await cy.client.friend.request.mutate({ user: bob.id })
    await says(page, 'inbox', 'open 1 of friend.requested,room.added,friend.requested')
    await until(async () => (await bob.client.notification.list.query({})).unread === 1, { what: 'one is unread' })
    expect(countOf(calls, 'notification.events')).toBe(1)
  })
})
