import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dir, '../..')
const dir = await mkdtemp(join(tmpdir(), 'foyer-pack-'))
afterAll(() => rm(dir, { recursive: true, force: true }))

const run = async (command: string[], cwd: string) => {
  const child = Bun.spawn(command, { cwd, stdout: 'pipe', stderr: 'pipe' })
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}\n${out}\n${err}`)
  return out
}
const bun = process.execPath

const FRONTEND = `
import { connect, FoyerError, hostSession, joinSession, meet, type Meeting } from 'foyer'

export async function play(room: string): Promise<string> {
  const meeting: Meeting<RTCPeerConnection, RTCDataChannel> = await meet(room, { url: '' })
  meeting.channel.send('hello')
  return meeting.role
}
export const host = () => hostSession({ url: '', hostName: 'Alice' })
export const join = () => joinSession({ url: '', name: 'table', clientName: 'Bob' })
export const isFull = (error: unknown) => error instanceof FoyerError && error.rule === 'room-full'

export async function list() {
  const client = connect({ url: '' })
  const { sessions } = await client.session.list.query({ limit: 10 })
  // @ts-expect-error a session in the list has no secret
  sessions.map((session) => session.secret)
  // @ts-expect-error a room's name is a text
  await client.mailbox.put.mutate({ room: 1, offer: 'v=0' })
  return sessions.map(({ name, createdAt }) => name + createdAt.toISOString())
}
`
const HOOKS = `
import { createRoom, FoyerError, type Room } from 'foyer'
import { type RoomStatus, usePresence, useRoom } from 'foyer/react'
import { z } from 'zod'

const schema = z.object({ title: z.string(), done: z.array(z.object({ id: z.string(), text: z.string() })) })

export function useBoard(room: string): string {
  const board: RoomStatus<typeof schema> = useRoom({ url: '', room, schema })
  const { others, present } = usePresence(board.room, { schema: z.object({ x: z.number() }) })
  present({ x: 1 })
  // @ts-expect-error a cursor is where its schema says
  present({ y: 1 })
  if (board.status === 'failed') return board.error.rule
  if (board.status === 'ended') return board.end.why
  // @ts-expect-error there is no data before the room is open
  if (board.status === 'opening') return board.data.title
  board.room.append('/done', { id: 'a', text: 'b' })
  // @ts-expect-error a title is a text
  board.room.set('/title', 1)
  return board.data.title + board.data.done.map(({ text }) => text).join() + others.map(({ state }) => state.x).join()
}

export async function start(): Promise<Room<typeof schema>> {
  try {
    return await createRoom({ url: '', schema, data: { title: 'new', done: [] } })
  } catch (error) {
    throw error instanceof FoyerError ? new Error(error.rule) : error
  }
}
`
const QUERIES = `
import { useQuery } from '@tanstack/react-query'
import { useFoyer, useRooms } from 'foyer/react-query'

export function useList(): string {
  const { rooms, query } = useRooms({ refetchInterval: 5_000 })
  const { data } = useQuery(useFoyer().session.list.queryOptions({ limit: 10 }))
  // @ts-expect-error the list has no data of its rooms
  rooms.map((room) => room.data)
  return rooms.map(({ room, owner }) => room + owner).join() + query.error?.rule + data?.sessions.length
}
`
const BACKEND = `
import { startFoyer } from 'foyer/testkit'
import { connectRooms, type RoomVersions } from 'foyer'
export const start = async () => (await startFoyer()).url

export async function watch(url: string, token: string, stored: RoomVersions): Promise<RoomVersions> {
  const rooms = connectRooms({ url, token, rooms: stored })
  rooms.on('events', ({ events }) => events.map((event) => event.type === 'data.edited' && event.operations.length))
  const { room } = await rooms.as('alice').create({ data: { score: 0 } })
  rooms.follow(room, { after: null })
  await rooms.as('alice').edit(room, [{ op: 'increment', path: '/score', by: 1 }])
  // @ts-expect-error there is no such operation
  await rooms.edit(room, [{ op: 'increase', path: '/score' }])
  return rooms.versions
}
`
const TSCONFIG = {
  compilerOptions: {
    target: 'ES2022',
    module: 'ESNext',
    moduleResolution: 'bundler',
    lib: ['ES2022', 'DOM'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    noEmit: true,
    types: [],
  },
  include: ['*.ts'],
}

const PEERS = ['react', '@types/react', '@tanstack/react-query', '@trpc/tanstack-react-query']

beforeAll(async () => {
  await run([bun, 'pm', 'pack', '--destination', dir, '--quiet'], ROOT)
  const [tarball] = await Array.fromAsync(new Bun.Glob('*.tgz').scan(dir))
  await Bun.write(join(dir, 'package.json'), JSON.stringify({ name: 'frontend', private: true }))
  // React and TanStack Query are the consumer's own: peers that are optional.
  const { devDependencies } = await Bun.file(join(ROOT, 'package.json')).json()
  const own = PEERS.map((name) => `${name}@${devDependencies[name]}`)
  await run([bun, 'add', join(dir, tarball ?? ''), ...own], dir)
  await Bun.write(join(dir, 'frontend.ts'), FRONTEND)
  await Bun.write(join(dir, 'hooks.ts'), HOOKS)
  await Bun.write(join(dir, 'queries.ts'), QUERIES)
  await Bun.write(join(dir, 'backend.ts'), BACKEND)
  await Bun.write(join(dir, 'tsconfig.json'), JSON.stringify(TSCONFIG))
}, 120_000)

test('the tarball holds the client, its types, the test kit and the processes, and no test of ours', async () => {
  const files = await Array.fromAsync(new Bun.Glob('**/*').scan(join(dir, 'node_modules/foyer')))
  for (const file of [
    'client/dist/index.js',
    'client/dist/react.js',
    'client/dist/react-query.js',
    'client/dist/types/client/index.d.ts',
    'client/dist/types/client/react.d.ts',
    'client/dist/types/client/react-query.d.ts',
    'test/kit/index.ts',
    'server/main.ts',
    'worker/main.ts',
  ])
    expect(files).toContain(file)
  expect(files.filter((file) => file.endsWith('.test.ts'))).toEqual([])
})

test('a frontend type-checks against it, and what it may not write is a type error', async () => {
  await run([bun, join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', dir], dir)
})

test('the frontend bundles for browsers, without the server and small', async () => {
  const built = await Bun.build({ entrypoints: [join(dir, 'frontend.ts')], target: 'browser', minify: true })
  const code = await built.outputs[0]?.text()
  expect(code).toBeDefined()
  expect(code).not.toMatch(/mongodb|elysia|node:/i)
  const kib = Bun.gzipSync(code ?? '').byteLength / 1024
  expect(kib).toBeLessThan(40)
}, 30_000)

test('the hooks bundle with the room that they open, once, and are marked for browsers', async () => {
  const page = join(dir, 'page.ts')
  await Bun.write(page, "export * from './hooks.ts'\nexport * from './queries.ts'\nexport * from './frontend.ts'\n")
  const built = await Bun.build({ entrypoints: [page], target: 'browser', minify: { whitespace: true, syntax: true } })
  const code = (await built.outputs[0]?.text()) ?? ''
  expect(code.match(/class FoyerError\w* extends/g)).toHaveLength(1)
  expect(code.match(/function openRoom\w*\(/g)).toHaveLength(1)
  for (const name of ['react', 'react-query']) {
    const text = await Bun.file(join(dir, `node_modules/foyer/client/dist/${name}.js`)).text()
    expect(text).toStartWith("'use client'")
  }
}, 30_000)

test('the test kit starts a real Foyer from the installed package', async () => {
  await Bun.write(
    join(dir, 'kit.test.ts'),
    `
import { expect, test } from 'bun:test'
import { connect } from 'foyer'
import { startFoyer } from 'foyer/testkit'
test('starts', async () => {
  await using foyer = await startFoyer({ mongoUrl: ${JSON.stringify(process.env.TEST_MONGODB_URL)} })
  expect(await connect({ url: foyer.url }).ice.servers.query()).toMatchObject({ iceServers: [] })
}, 30_000)
`,
  )
  await run([bun, 'test', './kit.test.ts'], dir)
}, 60_000)
