import { expect, test } from 'bun:test'
import { textOf } from '../kit/chat.ts'
import {
  atHome,
  codeOn,
  enter,
  friend,
  friendsAtHome,
  goHome,
  idOn,
  noFriend,
  press,
  request,
  roomOn,
  says,
} from '../kit/quiz-home.ts'
import { useSite } from '../kit/site.ts'

const site = await useSite(import.meta.path)

site.describe('the people of the quiz rooms', () => {
  test('who is asked hears of it at once and accepts, and who asked hears of that; a reload forgets nothing', async () => {
    const [ada, bob] = await Promise.all([atHome(site, 'Ada'), atHome(site, 'Bob')])
    const [adasId, bobsId] = [await idOn(ada), await idOn(bob)]
    await request(bob, await codeOn(ada))
    await friend(bob, adasId, 'requested')
    expect(await bob.locator(`[data-friend="${adasId}"]`).innerText()).toContain('Ada')
    await ada.locator('[data-news="friend.requested"][data-state=unread]').waitFor()
    await friend(ada, bobsId, 'incoming')
    await press(ada, /^Accept /)
    await friend(ada, bobsId, 'friends')
    await bob.locator('[data-news="friend.accepted"]', { hasText: 'Ada is your friend now.' }).waitFor()
    await friend(bob, adasId, 'friends')

    await bob.reload()
    await friend(bob, adasId, 'friends')
    expect(await idOn(bob)).toBe(bobsId)
    await bob.waitForSelector('[data-testid=inbox][data-unread="1"]')
    await press(bob, 'Mark all as read')
    await bob.waitForSelector('[data-testid=inbox][data-unread="0"]')
    await bob.reload()
    await bob.locator('[data-news="friend.accepted"][data-state=read]').waitFor()
  })

  test('a request is declined or taken back, and whom one blocks can ask no more', async () => {
    const [ada, bob] = await Promise.all([atHome(site, 'Ada'), atHome(site, 'Bob')])
    const [adasId, bobsId] = [await idOn(ada), await idOn(bob)]
    await request(bob, await codeOn(ada))
    await friend(ada, bobsId, 'incoming')
    await press(ada, /^Decline /)
    await Promise.all([noFriend(ada, bobsId), noFriend(bob, adasId)])
    await request(bob, adasId)
    await friend(bob, adasId, 'requested')
    await press(bob, 'Take back your request to Ada')
    await noFriend(bob, adasId)
    await request(bob, adasId)
    await friend(ada, bobsId, 'incoming')
    await press(ada, /^Block /)
    await friend(ada, bobsId, 'blocked')
    await noFriend(bob, adasId)
    await request(bob, adasId)
    await bob.getByRole('alert').getByText('This person takes no request from you.').waitFor()
    await request(ada, bobsId)
    await ada.getByRole('alert').getByText('You have blocked this person. Unblock them first.').waitFor()
    await press(ada, /^Unblock /)
    await noFriend(ada, bobsId)
  })

  test('a friend who is asked into a group is told at once, also on another page, and goes there from it', async () => {
    const { one: ada, other: bob } = await friendsAtHome(site, ['Ada', 'Bob'])
    await press(bob, 'Make a sample')
    await bob.getByTestId('deck').waitFor()
    const group = ada.getByTestId('new-room')
    await group.getByLabel('First message').fill('Shall we?')
    await press(ada, 'Begin')
    await says(ada, 'new-room', 'Choose somebody')
    await group.getByRole('checkbox', { name: 'Bob' }).check()
    await press(ada, 'Begin')
    const room = await roomOn(ada)
    await says(bob, 'news', 'has brought you into a group room.')
    await press(bob, 'Go there')
    expect(await roomOn(bob)).toBe(room)
    await bob.getByText('Shall we?').waitFor()

    await goHome(site, bob)
    const listed = bob.locator(`[data-testid=rooms] [data-room="${room}"]`)
    expect(await listed.innerText()).toContain('“Shall we?”')
    await bob.locator('[data-news="room.added"][data-state=read]').getByRole('button').click()
    expect(await roomOn(bob)).toBe(room)
  })

  test('a group that holds a friend is joined from the start', async () => {
    const { one: ada, other: bob } = await friendsAtHome(site, ['Ada', 'Bob'])
    const cleo = await atHome(site, 'Cleo')
    await request(cleo, await codeOn(ada))
    await friend(ada, await idOn(cleo), 'incoming')
    await press(ada, /^Accept /)
    await ada.getByTestId('new-room').getByRole('checkbox', { name: 'Bob' }).check()
    await ada.getByLabel('First message').fill('The two of us')
    await press(ada, 'Begin')
    const room = await roomOn(ada)
    // Rooms are found by their snapshots, which are up to 10 s behind.
    await site.server().foyer.quizzes.log.settle(room)
    await cleo.locator(`[data-testid=joinable] [data-room="${room}"]`).getByRole('button').click()
    expect(await roomOn(cleo)).toBe(room)
    await goHome(site, cleo)
    await cleo.locator(`[data-testid=rooms] [data-room="${room}"]`).waitFor()
    expect(await cleo.locator(`[data-testid=joinable] [data-room="${room}"]`).count()).toBe(0)
    await bob.close()
  })

  test('who comes by a link says who they are, and is in the room as a friend; the link works once', async () => {
    const ada = await atHome(site, 'Ada')
    await ada.getByLabel('First message').fill('Come over')
    await press(ada, 'Begin with a link')
    const link = await ada.getByTestId('made-link').getByLabel('Link').inputValue()
    const path = link.replace(site.server().url, '')
    const newcomer = await enter(site, 'Nora', { path })
    const room = await roomOn(newcomer)
    await newcomer.getByText('Come over').waitFor()
    await goHome(site, newcomer)
    await friend(newcomer, await idOn(ada), 'friends')
    expect(await newcomer.locator(`[data-friend="${await idOn(ada)}"]`).innerText()).toContain('Ada')
    await press(ada, 'Go to the room')
    expect(await roomOn(ada)).toBe(room)

    const late = await enter(site, 'Late', { path })
    await late.getByRole('alert').getByText('This link is used up or too old').waitFor()
    await press(late, 'To the quiz rooms')
    await late.getByTestId('home').waitFor()
  })

  test('who is somebody already is asked before a link is used, and nobody uses their own', async () => {
    const [ada, bob] = await Promise.all([atHome(site, 'Ada'), atHome(site, 'Bob')])
    await ada.getByLabel('First message').fill('Come over')
    await press(ada, 'Begin with a link')
    const link = await ada.getByTestId('made-link').getByLabel('Link').inputValue()
    await ada.goto(link)
    await press(ada, 'Accept')
    await ada.getByRole('alert').getByText('This is your own link.').waitFor()
    await bob.goto(link)
    expect(await textOf(bob, 'title')).toBe('Ada invites you')
    await press(bob, 'Accept')
    await roomOn(bob)
  })

  test('who is not known any more says anew who they are, on the way to the same place', async () => {
    const ada = await atHome(site, 'Ada')
    await ada.evaluate(() => sessionStorage.setItem('foyer:demo:guest', '{"name":"Ada","token":"a.b.c"}'))
    await ada.reload()
    await ada.getByRole('alert').getByText('Your guest’s pass has run out.').waitFor()
    await ada.getByLabel('Your name').fill('Ada the second')
    await press(ada, 'Come in')
    await ada.getByText('You are Ada the second').waitFor()
    await press(ada, 'be somebody else')
    await ada.getByTestId('entry').waitFor()
  })
})
