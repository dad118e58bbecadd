import { describe, expect, test } from 'bun:test'
import type { BoxCursor } from '../../shared/session/cursor.ts'
import type { SignalDoc } from '../../server/store/docs.ts'
import { type OpenBoxes, openBoxes } from '../kit/boxes.ts'
import { useDatabase } from '../kit/mongo.ts'

const { url, db } = useDatabase(import.meta.path)
const signals = db.collection<SignalDoc>('signals')
const of = (box: string) => signals.find({ box }).sort({ n: 1 }).toArray()

describe('a box', () => {
  test('counts from 1 without gaps, under one incarnation, and is purged in order, the newest last', async () => {
    await using one = await openBoxes({ url })
    for (let i = 0; i < 20; i++) await one.say('order', `order ${i}`)
    const docs = await of('order')
    expect(docs.map(({ n }) => n)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(new Set(docs.map(({ inc }) => inc)).size).toBe(1)
    const purges = docs.map(({ purgeAt }) => purgeAt.getTime())
    expect(purges).toEqual([...new Set(purges)].sort((a, b) => a - b))
  })

  test('takes a repeat for what it is, and another signal under the same id for a rival', async () => {
    await using one = await openBoxes({ url })
    await using two = await openBoxes({ url })
    const letter = { id: 'twice', box: 'twice', seat: 's', gen: 1, print: 'p' }
    expect(await one.boxes.append(letter)).toBe('stored')
    expect(await one.boxes.append(letter)).toBe('repeated')
    expect(await two.boxes.append(letter)).toBe('repeated')
    expect(await two.boxes.append({ ...letter, print: 'q' })).toBe('taken')
    // A refused one uses up no number.
    await one.say('twice', 'next')
    expect((await of('twice')).map(({ n }) => n)).toEqual([1, 2])
  })

  test('delivers neither what expired nor what was dropped, and the rest as if nothing had been', async () => {
    await using one = await openBoxes({ url })
    for (const text of ['a', 'b', 'c', 'd']) await one.say('holes', text)
    const { cursor } = await one.boxes.read('holes', null)
    await one.say('holes', 'e')
    await signals.updateOne({ _id: 'b' }, { $set: { expiresAt: new Date(Date.now() - 1) } })
    await signals.updateOne({ _id: 'd' }, { $unset: { body: '' } })
    expect((await one.hear('holes')).texts).toEqual(['a', 'c', 'e'])
    expect((await one.hear('holes', cursor)).texts).toEqual(['e'])
  })

  test('whose oldest signals TTL has removed is read on from the cursor, or from what is left', async () => {
    await using one = await openBoxes({ url })
    for (let i = 1; i <= 200; i++) await one.say('purged', `purged ${i}`)
    const { cursor } = await one.hear('purged')
    await one.say('purged', 'purged 201')
    await signals.deleteMany({ box: 'purged', n: { $lte: 200 } })
    expect((await one.hear('purged')).texts).toEqual(['purged 201'])
    expect((await one.hear('purged', cursor)).texts).toEqual(['purged 201'])
    expect((await one.hear('purged', cursor && { ...cursor, n: 201 })).texts).toEqual([])
  })

  test('that was emptied begins anew at 1, and an old cursor reads it from there', async () => {
    await using one = await openBoxes({ url })
    await using two = await openBoxes({ url })
    for (let i = 1; i <= 5; i++) await one.say('emptied', `emptied ${i}`)
    const { cursor } = await one.hear('emptied')
    await signals.deleteMany({ box: 'emptied' })
    expect(await two.hear('emptied', cursor)).toEqual({ texts: [], cursor })
    for (let i = 6; i <= 8; i++) await two.say('emptied', `emptied ${i}`)
    expect((await one.hear('emptied', cursor)).texts).toEqual(['emptied 6', 'emptied 7', 'emptied 8'])
    const docs = await of('emptied')
    expect(docs.map(({ n }) => n)).toEqual([1, 2, 3])
    expect(docs[0]?.inc).not.toBe(cursor?.inc)
  })

  test('whose newest signal TTL may remove soon keeps it before it goes on counting', async () => {
    await using one = await openBoxes({ url })
    await using two = await openBoxes({ url })
    await one.say('kept', 'kept 1')
    await signals.updateOne({ _id: 'kept 1' }, { $set: { purgeAt: new Date(Date.now() + 1_000) } })
    await two.say('kept', 'kept 2')
    const [first, second] = await of('kept')
    expect(first?.purgeAt.getTime()).toBeGreaterThan(Date.now() + 60_000)
    expect(second?.purgeAt.getTime()).toBeGreaterThan(first?.purgeAt.getTime() ?? Number.POSITIVE_INFINITY)
  })
})

describe('many writers of one box in two processes', () => {
  test('leave no gap and no double, and every reader meanwhile sees each signal once and in the same order', async () => {
    await using one = await openBoxes({ url })
    await using two = await openBoxes({ url })
    const texts = Array.from({ length: 300 }, (_, i) => `race ${i}`)
    let done = false
    const read = async ({ boxes }: OpenBoxes) => {
      const seen: string[] = []
      let cursor: BoxCursor | null = null
      for (let last = false; ; last = done) {
        const page = await boxes.read('race', cursor)
        seen.push(...page.found.map(({ signal }) => signal.client))
        cursor = page.cursor
        if (last && page.end) return seen
      }
    }
    const readers = [read(one), read(two), read(one)]
    await Promise.all(texts.map((text, i) => (i % 2 === 0 ? one : two).say('race', text)))
    done = true
    const seen = await Promise.all(readers)
    const docs = await of('race')
    expect(docs.map(({ n }) => n)).toEqual(texts.map((_, i) => i + 1))
    for (const each of seen) expect(each).toEqual(docs.map(({ _id }) => _id))
    expect(one.conflicts.length + two.conflicts.length).toBeGreaterThan(0)
  })

  test('keep the order in which each of them spoke', async () => {
    await using one = await openBoxes({ url })
    await using two = await openBoxes({ url })
    const speak = async (who: typeof one, name: string) => {
      for (let i = 0; i < 40; i++) await who.say('turns', `${name}${i}`)
    }
    await Promise.all([speak(one, 'a'), speak(two, 'b'), speak(one, 'c')])
    const { texts } = await two.hear('turns')
    for (const name of ['a', 'b', 'c'])
      expect(texts.filter((text) => text.startsWith(name))).toEqual(Array.from({ length: 40 }, (_, i) => `${name}${i}`))
  })
})
