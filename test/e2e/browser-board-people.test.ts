import { expect, test } from 'bun:test'
import { follow, join, makeBoard, pairOn, person, press, roomOf, stroke } from '../kit/board.ts'
import { reach, textOf } from '../kit/chat.ts'
import { useSite } from '../kit/site.ts'
import { until } from '../kit/until.ts'

const site = await useSite(import.meta.path)

site.describe('the people of a board', () => {
  test('a page that is closed, or killed, is soon shown as away and its pen goes', async () => {
    const { alice, bob } = await pairOn(site)
    await stroke(bob, [
      [100, 400],
      [300, 500],
    ])
    await alice.locator('[data-cursor=Bob] text').waitFor()
    await bob.context().close()
    await until(async () => (await alice.locator('[data-cursor=Bob]').count()) === 0, {
      what: 'the pen goes',
      deadlineMs: 11_000,
    })
    await person(alice, 'Bob', 'away')
  })

  test('who is removed is told, and may come back; who gets the board may do the same', async () => {
    const { alice, bob } = await pairOn(site)
    await press(alice, 'Remove Bob from the board')
    await reach(bob, 'board', 'ended')
    expect(await textOf(bob, 'over')).toContain('The owner has removed you from the board.')
    await alice.waitForSelector('[data-person=Bob]', { state: 'detached' })
    await press(bob, 'Open it again')
    await reach(bob, 'board', 'open')
    await press(alice, 'Make Bob the owner')
    await press(bob, 'Remove Alice from the board')
    await reach(alice, 'board', 'ended')
    expect(await alice.getByRole('heading', { level: 1 }).innerText()).toBe('The board of Alice')
  })

  test('a deleted board ends for everybody, and is told of to who comes late', async () => {
    const { alice, bob, room } = await pairOn(site)
    await press(alice, 'Delete board')
    await press(alice, 'Delete for everybody')
    for (const page of [alice, bob]) {
      await reach(page, 'board', 'ended')
      expect(await textOf(page, 'over')).toContain('The board was deleted.')
    }
    const late = await follow(site, room, { name: 'Late' })
    await reach(late, 'board', 'failed')
    expect(await textOf(late, 'over')).toContain('There is no board at this link, or it was deleted.')
    await press(late, 'Back to the boards')
    await late.getByTestId('entry').waitFor()
  })

  test('who is not known any more comes in again, to the same board', async () => {
    const { alice, bob, room } = await pairOn(site)
    await bob.evaluate(() => sessionStorage.setItem('foyer:demo:guest', '{"name":"Bob","token":"a.b.c"}'))
    await bob.reload()
    await reach(bob, 'board', 'failed')
    expect(await textOf(bob, 'over')).toContain('Your guest’s pass has run out.')
    await press(bob, 'Come in again')
    const form = bob.getByTestId('open-form')
    expect(await form.getByLabel('Link').inputValue()).toContain(room)
    await form.getByLabel('Your name').fill('Bob the second')
    await form.getByRole('button', { name: 'Open' }).click()
    await person(alice, 'Bob the second', 'here')
  })

  test('the start lists one`s boards; who left one finds it there no more', async () => {
    const alice = await makeBoard(site, 'Alice')
    const room = roomOf(alice)
    await alice.goto(`${site.server().url}/board`)
    await alice.locator(`[data-board="${room}"]`).getByRole('button').click()
    const bob = await join(site, alice, { name: 'Bob' })
    await press(bob, 'Leave')
    await reach(bob, 'board', 'ended')
    expect(await textOf(bob, 'over')).toContain('You left the board.')
    await press(bob, 'Back to the boards')
    await bob.getByText('You are on no board.').waitFor()
  })
})
