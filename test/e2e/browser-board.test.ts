import { expect, test } from 'bun:test'
import { boardOf, drag, pairOn, press, saved, shownOf, shownOn, shows, stroke, type } from '../kit/board.ts'
import { useSite } from '../kit/site.ts'

const site = await useSite(import.meta.path)

site.describe('the demo site`s board in Chromium', () => {
  test('two people draw, fill the table and count, and both see what the log says', async () => {
    const { alice, bob, room } = await pairOn(site)
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
    const data = await boardOf(site, room)
    expect(data.count).toBe(9)
    expect(data.rows).toMatchObject([{ task: 'Ask the neighbours' }, { task: 'Bring the lanterns', who: 'Bob' }])
    expect(data.strokes.length).toBe(2)
    for (const page of [alice, bob])
      await shows(page, 'the data of the log', (shown) => Bun.deepEquals(shown, shownOf(data)))
    await press(alice, 'Remove row 1')
    await shows(bob, 'the row goes', ({ rows }) => rows.length === 1)
  })

  test('a line shows to others while it is drawn, with the pen`s name, and is theirs once when it is done', async () => {
    const { alice, bob } = await pairOn(site)
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
    const { alice, bob } = await pairOn(site)
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
    const { alice, bob, room } = await pairOn(site)
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
    expect(await shownOn(alice)).toEqual(shownOf(await boardOf(site, room)))
  })

  test('a change that cannot be taken back is told in plain words', async () => {
    const { alice, bob } = await pairOn(site)
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
