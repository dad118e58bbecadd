import { expect, test } from 'bun:test'
import { boardSchema } from '../../client/demo/board/data.ts'
import {
  drag,
  follow,
  join,
  makeBoard,
  person,
  press,
  roomOf,
  saved,
  shownOf,
  shownOn,
  shows,
  stroke,
  type,
} from '../kit/board.ts'
import { reach, textOf } from '../kit/chat.ts'
import { roomLog } from '../kit/room-log.ts'
import { useSite } from '../kit/site.ts'
import { until } from '../kit/until.ts'

const site = await useSite(import.meta.path)

const dataOf = async (room: string) => boardSchema.parse((await roomLog(site.db, room)).state.data)

async function pair() {
  const alice = await makeBoard(site, 'Alice')
  const bob = await join(site, alice, { name: 'Bob' })
  return { alice, bob, room: roomOf(alice) }
}

site.describe('the demo site`s board in Chromium', () => {
  test('two people draw, fill the table and count, and both see what the log says', async () => {
    const { alice, bob, room } = await pair()
    await stroke(alice, [
      [100, 100],
      [300, 200],
      [500, 100],
    ])
    await stroke(bob, [
      [100, 400],
      [600, 500],
    ])
    await press(alice, 'Add row')
    await type(alice, 0, ['Task', 'Bring the lanterns'])
    await shows(bob, 'the row comes', ({ rows }) => rows.length === 1)
    await type(bob, 0, ['Who', 'Bob'])
    await press(bob, 'Add row')
    await type(bob, 1, ['Task', 'Ask the neighbours'])
    await press(bob, 'Move row 2 up')
    for (let i = 0; i < 5; i++) await Promise.all([press(alice, 'One more'), press(bob, 'One more')])
    await press(alice, 'One less')
    await Promise.all([saved(alice), saved(bob)])
    const data = await dataOf(room)
    expect(data.count).toBe(9)
    expect(data.rows).toMatchObject([{ task: 'Ask the neighbours' }, { task: 'Bring the lanterns', who: 'Bob' }])
    expect(data.strokes.length).toBe(2)
    for (const page of [alice, bob])
      await shows(page, 'the data of the log', (shown) => Bun.deepEquals(shown, shownOf(data)))
    await press(alice, 'Remove row 1')
    await shows(bob, 'the row goes', ({ rows }) => rows.length === 1)
  })

  test('a line shows to others while it is drawn, with the pen`s name, and is theirs once when it is done', async () => {
    const { alice, bob } = await pair()
    await drag(alice, [
      [100, 100],
      [200, 250],
      [400, 300],
    ])
    await bob.locator('[data-cursor=Alice] .stroke').waitFor({ state: 'attached' })
    await bob.locator('[data-cursor=Alice] text', { hasText: 'Alice' }).waitFor()
    expect((await shownOn(bob)).strokes).toEqual([])
    await alice.mouse.up()
    await shows(bob, 'the stroke', ({ strokes }) => strokes.length === 1)
    await bob.locator('[data-cursor=Alice] .stroke').waitFor({ state: 'detached' })
    expect(await shownOn(bob)).toEqual(await shownOn(alice))
  })

  test('the drawing works by keyboard, and the table keeps the focus where one works', async () => {
    const { alice, bob } = await pair()
    await alice.getByTestId('surface').focus()
    await alice.keyboard.press('Space')
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'Shift+ArrowLeft']) await alice.keyboard.press(key)
    await alice.keyboard.press('Space')
    await shows(bob, 'the stroke', ({ strokes }) => strokes.length === 1)
    await press(alice, 'Add row')
    await alice.keyboard.type('Lanterns')
    await alice.keyboard.press('Tab')
    await alice.keyboard.type('Alice')
    await alice.keyboard.press('Escape')
    await shows(bob, 'the cell that was left, and not the one that was taken back', ({ rows }) =>
      rows.some((row) => row.endsWith('| Lanterns |  | ')),
    )
  })

  test('undo takes back one`s own, and leaves what others did since', async () => {
    const { alice, bob, room } = await pair()
    await stroke(alice, [
      [100, 100],
      [300, 200],
    ])
    await shows(bob, 'her stroke', ({ strokes }) => strokes.length === 1)
    await stroke(bob, [
      [100, 400],
      [300, 500],
    ])
    await press(bob, 'One more')
    await shows(alice, 'his stroke and count', ({ strokes, count }) => strokes.length === 2 && count === '1')
    await press(alice, 'One more')
    await alice.keyboard.press('Control+z')
    await alice.keyboard.press('Control+z')
    await shows(bob, 'his alone', ({ strokes, count }) => strokes.length === 1 && count === '1')
    await press(alice, 'Redo')
    await shows(bob, 'her stroke again', ({ strokes, count }) => strokes.length === 2 && count === '1')
    await Promise.all([saved(alice), saved(bob)])
    expect(await shownOn(alice)).toEqual(shownOf(await dataOf(room)))
  })

  test('a change that cannot be taken back is told in plain words', async () => {
    const { alice, bob } = await pair()
    await press(alice, 'Add row')
    await type(alice, 0, ['Task', 'Lanterns'])
    await shows(bob, 'the cell', ({ rows }) => rows.some((row) => row.includes('Lanterns')))
    await type(bob, 0, ['Task', 'Candles'])
    await shows(alice, 'his words', ({ rows }) => rows.some((row) => row.includes('Candles')))
    await press(alice, 'Undo')
    await alice.getByTestId('rejected').getByText('others have changed it since').waitFor()
    await press(alice, 'Understood')
    await alice.getByTestId('rejected').waitFor({ state: 'detached' })
  })
})

site.describe('the people of a board', () => {
  test('a page that is closed, or killed, is soon shown as away and its pen goes', async () => {
    const { alice, bob } = await pair()
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
    const { alice, bob } = await pair()
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
    const { alice, bob, room } = await pair()
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
    const { alice, bob, room } = await pair()
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
