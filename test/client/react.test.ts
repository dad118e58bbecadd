import { expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { createAs, openAs } from '../kit/open-rooms.ts'
import { until } from '../kit/until.ts'
import { commits, countOf, press, says, useReactSite } from './react-site.ts'

const { site, visit, open, url } = await useReactSite(import.meta.path)

const board = () => createAs({ url: url(), user: 'owner' }, { data: { title: 'board', n: 0 } })

site.describe('useRoom', () => {
  test('in StrictMode opens one room, and closes it with the component', async () => {
    const room = await board()
    await open(1)
    const { page, calls } = await visit({ user: 'ann', room: room.id, parts: 'first' })
    await says(page, 'first', 'open board 0 pending 0')
    await open(2)
    await press(page, 'Remount')
    await room.increment('/n')
    await says(page, 'first', 'open board 1 pending 0')
    expect([countOf(calls, 'room.join'), countOf(calls, 'room.events')]).toEqual([1, 1])
    await press(page, 'Toggle first')
    await open(1)
    room.close()
    await open(0)
    await press(page, 'Toggle first')
    await says(page, 'first', 'open board 1 pending 0')
    await open(1)
    expect(room.occupants).toEqual(['owner', 'ann'])
  })

  test('shared by two components is one room and one stream, open until both are gone', async () => {
    const room = await board()
    const { page, calls } = await visit({ user: 'ann', room: room.id, parts: 'first,second' })
    await says(page, 'first', 'open board 0 pending 0')
    await says(page, 'second', 'open board 0 pending 0')
    await open(2)
    expect([countOf(calls, 'room.join'), countOf(calls, 'room.events')]).toEqual([1, 1])
    await press(page, 'Toggle first')
    await press(page, 'Toggle first')
    await says(page, 'first', 'open board 0 pending 0')
    await press(page, 'Toggle second')
    await press(page, 'Add', 'first')
    await says(page, 'first', 'open board 1 pending 0')
    expect([countOf(calls, 'room.join'), countOf(calls, 'room.events')]).toEqual([1, 1])
    await press(page, 'Toggle first')
    await open(1)
  })

  test('is opened once by a component that makes its options anew at each render', async () => {
    const room = await board()
    const { page, calls } = await visit({ user: 'ann', room: room.id, parts: 'careless' })
    await says(page, 'careless', 'open board 0 pending 0')
    for (let n = 1; n <= 3; n++) {
      await room.increment('/n')
      await says(page, 'careless', `open board ${n} pending 0`)
    }
    expect([countOf(calls, 'room.join'), countOf(calls, 'room.events')]).toEqual([1, 1])
  })

  test('shows an own edit before the server has it, and all components agree', async () => {
    const room = await board()
    const { page } = await visit({ user: 'ann', room: room.id, parts: 'first,second' })
    await says(page, 'first', 'open board 0 pending 0')
    const held = Promise.withResolvers<void>()
    await page.route('**/trpc/room.edit**', async (route) => {
      await held.promise
      await route.continue()
    })
    await press(page, 'Edit')
    for (const part of ['first', 'second']) await says(page, part, 'open edited 0 pending 1')
    expect(room.data).toEqual({ title: 'board', n: 0 })
    held.resolve()
    for (const part of ['first', 'second']) await says(page, part, 'open edited 0 pending 0')
    await until(() => room.version === 3, { what: 'the edit reaches the owner' })
    expect(room.data).toEqual({ title: 'edited', n: 0 })
  })

  test('shows what another user does', async () => {
    const room = await board()
    const { page } = await visit({ user: 'ann', room: room.id, parts: 'first' })
    await says(page, 'first', 'open board 0 pending 0')
    await room.set('/title', 'theirs')
    await says(page, 'first', 'open theirs 0 pending 0')
  })

  test('goes to another room, and leaves the first one`s stream', async () => {
    const [one, two] = [await board(), await board()]
    await two.set('/title', 'other')
    const { page } = await visit({ user: 'ann', room: one.id, other: two.id, parts: 'first' })
    await says(page, 'first', 'open board 0 pending 0')
    await press(page, 'Other room')
    await says(page, 'first', 'open other 0 pending 0')
    await one.set('/title', 'unseen')
    await two.increment('/n')
    await says(page, 'first', 'open other 1 pending 0')
    await open(3)
  })
})

site.describe('the end of a room', () => {
  /** The reason of an end comes with the stream, which begins after the room has opened: once it brings what happens. */
  const heard = async (page: Page, room: Awaited<ReturnType<typeof board>>) => {
    await room.increment('/n')
    await says(page, 'first', 'open board 1 pending 0')
  }

  test('that is deleted shows with its reason', async () => {
    const room = await board()
    const { page } = await visit({ user: 'ann', room: room.id, parts: 'first,second' })
    await says(page, 'first', 'open board 0 pending 0')
    await heard(page, room)
    await room.destroy('done')
    for (const part of ['first', 'second']) await says(page, part, 'ended deleted done Again')
    await open(0)
    await press(page, 'Again', 'first')
    for (const part of ['first', 'second']) await says(page, part, 'failed room-gone Again')
  })

  test('for one who is kicked may be undone by them, for all components', async () => {
    const room = await board()
    const { page, calls } = await visit({ user: 'ann', room: room.id, parts: 'first,second' })
    await says(page, 'first', 'open board 0 pending 0')
    await heard(page, room)
    await room.kick('ann', 'enough')
    await says(page, 'first', 'ended kicked enough Again')
    await open(1)
    await press(page, 'Again', 'second')
    for (const part of ['first', 'second']) await says(page, part, 'open board 1 pending 0')
    await open(2)
    expect(countOf(calls, 'room.join')).toBe(2)
  })

  test('before its beginning is a failure by its rule, and may be tried again', async () => {
    const room = await board()
    await room.ban('ann')
    const { page } = await visit({ user: 'ann', room: room.id, parts: 'first' })
    await says(page, 'first', 'failed banned Again')
    await room.unban('ann')
    await press(page, 'Again')
    await says(page, 'first', 'open board 0 pending 0')
  })
})

site.describe('usePresence', () => {
  test('shows others, by the schema, and oneself, and renders nobody else', async () => {
    const room = await board()
    const { page } = await visit({ user: 'ann', room: room.id, parts: 'first,second' })
    // Nobody is present while the room opens, either, and what is shown then comes to nothing.
    await says(page, 'second', 'open board 0 pending 0')
    await says(page, 'second', 'own - others ')
    room.present({ x: 'nowhere' })
    await press(page, 'Point')
    await says(page, 'second', 'own 7 others ')
    await until(() => room.presence.length === 2, { what: 'both are present' })
    const before = await commits(page)
    for (const x of [1, 2, 3]) {
      room.present({ x })
      await says(page, 'second', `own 7 others owner:${x}`)
    }
    expect(await commits(page)).toBe(before)
    room.close()
    await says(page, 'second', 'own 7 others ')
  })
})

site.describe('useRooms', () => {
  test('lists the user`s rooms page by page, and again when asked', async () => {
    const rooms = await Promise.all([board(), board(), board()])
    const { page } = await visit({ user: 'lister', room: '', parts: 'rooms' })
    await says(page, 'rooms', 'success 0')

    for (const { id } of rooms) await openAs({ url: url(), user: 'lister' }, id)
    await press(page, 'Refresh')
    await says(page, 'rooms', 'success 2')
    await press(page, 'More')
    await says(page, 'rooms', 'success 3')
  })
})
