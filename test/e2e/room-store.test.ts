import { expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileStore } from '../kit/file-store.ts'
import { useDatabase } from '../kit/mongo.ts'
import { createAs, openAs } from '../kit/open-rooms.ts'
import { spawnServer } from '../kit/processes.ts'
import { roomLog } from '../kit/room-log.ts'
import { startTcpProxy, targetOf } from '../kit/tcp-proxy.ts'
import { JWT_SECRET, tokenOf } from '../kit/tokens.ts'
import { until } from '../kit/until.ts'

const { url: mongo, db } = useDatabase(import.meta.path)
const { url: server } = await spawnServer({ url: mongo, env: { JWT_SECRET } })

interface Place {
  url: string
  room: string
  file: string
}

/** Alice's page, in a process of its own. */
async function spawnAlice({ url, room, file }: Place) {
  const said: string[] = []
  const script = join(import.meta.dir, '../kit/room-child.ts')
  const child = Bun.spawn([process.execPath, script, url, await tokenOf('alice'), room, file], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const listen = async () => {
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) said.push(...chunk.trim().split('\n'))
  }
  void listen()
  const edit = (lines: readonly string[]) => {
    for (const line of lines) child.stdin.write(`${line}\n`)
    void child.stdin.flush()
  }
  const kill = async () => {
    child.kill('SIGKILL')
    await child.exited
  }
  const hear = (line: string) => until(() => said.includes(line), { what: `alice says: ${line}`, deadlineMs: 15_000 })
  await hear('open')
  return { edit, hear, kill, said, [Symbol.asyncDispose]: kill }
}

/** A room of Bob's, the way of Alice's page to it, and where the page keeps its queue. */
async function kit() {
  const end = new AsyncDisposableStack()
  const proxy = end.use(await startTcpProxy(targetOf(server)))
  const bob = await createAs({ url: server, user: 'bob' }, { data: { n: 0, list: ['b'] } })
  const folder = mkdtempSync(join(tmpdir(), 'foyer-'))
  end.defer(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'store.json')
  const alice = end.use(await spawnAlice({ url: proxy.url, room: bob.id, file }))
  const keptIds = (): string[] =>
    Object.values<string>(JSON.parse(readFileSync(file, 'utf8'))).flatMap((text) =>
      JSON.parse(text).commands.map(({ id }: { id: string }) => id),
    )
  const dispose = () => end.disposeAsync()
  return { proxy, bob, alice, file, store: fileStore(file), keptIds, [Symbol.asyncDispose]: dispose }
}

/** Opens Alice's room again, with what the killed page has left; resolves when nothing of it waits. */
async function again({ bob, store }: Pick<Awaited<ReturnType<typeof kit>>, 'bob' | 'store'>) {
  const alice = await openAs({ url: server, user: 'alice' }, bob.id, { store })
  const shown = alice.data
  await Promise.all([alice.settled(), bob.settled()])
  await until(() => alice.version === bob.version, { what: 'both have all' })
  const { state, commands } = await roomLog(db, bob.id)
  expect(state.data).toEqual(alice.data)
  expect(bob.data).toEqual(alice.data)
  expect(new Set(commands).size).toBe(commands.length)
  return { alice, shown, commands }
}

test('edits of a page that was killed offline are sent by the next, under their ids', async () => {
  await using page = await kit()
  const { proxy, bob, alice, store, keptIds } = page
  proxy.aim(null)
  proxy.cutAll()
  alice.edit(['1', '2', '3'])
  await alice.hear('3 wait')
  await alice.kill()
  const ids = keptIds()
  // Meanwhile the list is another: what waits is by index.
  await bob.insert('/list', 0, 'a')
  expect((await roomLog(db, bob.id)).commands).not.toContain(ids[0] ?? '')

  const next = await again(page)
  expect(next.shown).toEqual({ n: 3, list: ['a', '3', '2', '1', 'b'] })
  expect(next.alice.data).toEqual(next.shown)
  expect(ids.length).toBeGreaterThan(0)
  expect(next.commands.slice(-ids.length)).toEqual(ids)
  expect(store.keys()).toEqual([])
})

test('an edit that was done when its page was killed, and the page did not know, is not done twice', async () => {
  await using page = await kit()
  const { proxy, bob, alice, store, keptIds } = page
  // Its words arrive, and it hears nothing any more.
  proxy.mute()
  alice.edit(['done'])
  await until(() => JSON.stringify(bob.data).includes('done'), { what: 'bob has the edit' })
  alice.edit(['waits'])
  await alice.hear('2 wait')
  await alice.kill()
  const ids = keptIds()
  expect(ids).toHaveLength(2)
  await bob.insert('/list', 0, 'a')

  const next = await again(page)
  expect(next.alice.data).toEqual({ n: 2, list: ['a', 'waits', 'done', 'b'] })
  expect(next.commands.filter((id) => ids.includes(id))).toEqual(ids)
  expect(store.keys()).toEqual([])
})

test('pages that are killed one after the other while they send: what each had taken is done once, in order', async () => {
  await using page = await kit()
  const { proxy, bob, alice, file } = page
  const pages = [alice]
  for (let turn = 0; ; turn++) {
    const now = pages[turn] ?? (await spawnAlice({ url: proxy.url, room: bob.id, file }))
    pages[turn] = now
    now.edit(Array.from({ length: 15 }, (_, i) => `${turn}-${i}`))
    await until(() => JSON.stringify(bob.data).includes(`${turn}-`), { what: `page ${turn} is on its way` })
    await now.kill()
    if (turn === 2) break
  }
  const { alice: last } = await again(page)
  // edge: the test has made the data so
  const { n, list } = last.data as { n: number; list: string[] }
  expect(list).toHaveLength(n + 1)
  for (const [turn, { said }] of pages.entries()) {
    const mine = list.filter((line) => line.startsWith(`${turn}-`)).toReversed()
    expect(mine).toEqual(mine.map((_, i) => `${turn}-${i}`))
    expect(said.filter((line) => line.startsWith('rejected'))).toEqual([])
    expect(mine.length).toBeGreaterThanOrEqual(said.filter((line) => line.endsWith('wait')).length)
  }
})
