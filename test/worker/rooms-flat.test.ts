import { expect, test } from 'bun:test'
import { openFoyer } from '../kit/server.ts'
import { useDatabase } from '../kit/mongo.ts'
import { ruleOf } from '../kit/session.ts'
import { datedUuid } from '../../server/uuid.ts'
import { creationOf, DAY, HOUR, increment, openSweeper, send } from './sweeper.ts'

const { url, db } = useDatabase(import.meta.path)

test('storage stays flat over many sweeps, whatever was written, and no state is lost', async () => {
  await using kit = await openSweeper(url)
  const ids = Array.from({ length: 20 }, () => crypto.randomUUID())
  const rounds = 25
  const counts: number[] = []
  // Each round is two hours of edits; the clock of what writes comes from far back, and ends today.
  for (let round = 0; round < rounds; round++) {
    const rooms = kit.process({ agoMs: 30 * HOUR + (rounds - round) * 2 * HOUR })
    await Promise.all(ids.map((id) => send(rooms, id, round === 0 ? creationOf(id) : increment)))
    await rooms.close()
    await kit.sweep()
    counts.push(await db.collection('events').countDocuments())
  }
  expect(counts).toEqual(counts.map(() => 0))
  expect(await db.collection('rooms').countDocuments()).toBe(ids.length)
  for (const id of ids) expect(await kit.process().read(id)).toMatchObject({ seq: rounds, data: { n: rounds - 1 } })
})

test('a command id is refused before its entry in the log may be gone', async () => {
  const { foyer, close } = await openFoyer({ url })
  await using kit = await openSweeper(url)
  const id = crypto.randomUUID()
  await send(kit.process(), id, creationOf(id))
  const account = { id: 'alice', name: 'Alice', role: 'user' as const, expiresAt: null }
  const edit = (agoMs: number) => {
    const envelope = { id: datedUuid(new Date(Date.now() - agoMs)), reply: 'result' as const }
    return ruleOf(foyer.rooms.run(account, id, { envelope, command: increment }))
  }
  expect(await edit(DAY + 1)).toBe('stale-command')
  expect(await edit(DAY - 30 * 60_000)).toBe('stale-command')
  expect(await edit(DAY - 90 * 60_000)).toBe('ok')
  await close()
})
