import { beforeEach, describe, expect, test } from 'bun:test'
import { openBoxes } from '../kit/boxes.ts'
import { useDatabase } from '../kit/mongo.ts'
import { openSessions, ruleOf, tally } from '../kit/session.ts'

const { url, db } = useDatabase(import.meta.path)
const many = (count: number) => Array.from({ length: count }, (_, i) => i)

// Nobody could build the index again on what the test before left.
beforeEach(async () => void (await db.dropDatabase()))

// The races of races.test.ts and boxes.test.ts without the unique index that decides them: each must go wrong.
describe('without the unique index', () => {
  test('`order` two processes give one number twice', async () => {
    await using one = await openBoxes({ url })
    await using two = await openBoxes({ url })
    await db.collection('signals').dropIndex('order')
    await Promise.all(many(300).map((i) => (i % 2 === 0 ? one : two).say('race', `race ${i}`)))
    const numbers = await db.collection('signals').distinct('n')
    expect(numbers.length).toBeLessThan(300)
  })

  test('`slot` more clients are in than there are seats', async () => {
    await using one = await openSessions({ url })
    await using two = await openSessions({ url })
    await db.collection('seats').dropIndex('slot')
    await one.host('ten seats', { maxClients: 10 })
    const join = (i: number) => ruleOf((i % 2 === 0 ? one : two).join('ten seats', `client ${i}`))
    const rules = tally(await Promise.all(many(50).map(join)))
    expect(rules.ok).toBeGreaterThan(10)
  })

  test('`client` one name is given to many', async () => {
    await using one = await openSessions({ url })
    await using two = await openSessions({ url })
    for (const index of ['client', 'slot']) await db.collection('seats').dropIndex(index)
    await one.host('one client', { maxClients: 200 })
    const join = (i: number) => ruleOf((i % 2 === 0 ? one : two).join('one client', 'Bob', `offer ${i}`))
    const rules = tally(await Promise.all(many(100).map(join)))
    expect(rules.ok).toBeGreaterThan(1)
  })

  test('`name` several hosts have one session name', async () => {
    await using one = await openSessions({ url })
    await using two = await openSessions({ url })
    await db.collection('sessions').dropIndex('name')
    const rules = await Promise.all(many(100).map((i) => ruleOf((i % 2 === 0 ? one : two).host('one name'))))
    expect(tally(rules).ok).toBeGreaterThan(1)
  })
})
