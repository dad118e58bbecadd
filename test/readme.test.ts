import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { envSchema } from '../server/env.ts'
import { useDatabase } from './kit/mongo.ts'
import { spawnServer, spawnWorker } from './kit/processes.ts'
import { ROOT } from './kit/test-mongo.ts'
import { JWT_SECRET, tokenOf } from './kit/tokens.ts'

const { url } = useDatabase(import.meta.path)
const readme = await readFile(join(ROOT, 'README.md'), 'utf8')
// Under .foyer, which is not tracked, so that the examples resolve the project's packages.
const dir = await mkdtemp(join(ROOT, '.foyer', 'readme-'))
afterAll(() => rm(dir, { recursive: true, force: true }))

const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(([, code = '']) => code)
const example = (word: string) => blocks('ts').find((code) => code.includes(word)) ?? ''

const TSCONFIG = {
  extends: join(ROOT, 'tsconfig.json'),
  compilerOptions: {
    paths: {
      foyer: [join(ROOT, 'client/index.ts')],
      'foyer/react': [join(ROOT, 'client/react.ts')],
      'foyer/testkit': [join(ROOT, 'test/kit/index.ts')],
    },
  },
  include: ['*.ts', '*.tsx'],
}
await Bun.write(join(dir, 'tsconfig.json'), JSON.stringify(TSCONFIG))
await Bun.write(
  join(dir, 'werift.ts'),
  `
import { Werift } from '${join(ROOT, 'test/kit/werift.ts')}'
Object.assign(globalThis, { RTCPeerConnection: Werift })
`,
)

interface RunOptions {
  as: string
  at: string
  until: RegExp
  env?: Record<string, string>
}

/** Runs an example as it stands, in a process with a global RTCPeerConnection; resolves once its output has the text. */
async function run(code: string, { as, at, until, env = {} }: RunOptions) {
  const file = join(dir, `${as}.ts`)
  await Bun.write(file, `import './werift.ts'\n${code.replaceAll('http://localhost:3000', at)}\nexport {}\n`)
  const child = Bun.spawn([process.execPath, file], {
    cwd: dir,
    stdout: 'pipe',
    stderr: 'inherit',
    env: { ...process.env, ...env },
  })
  let said = ''
  const decoder = new TextDecoder()
  const heard = (async () => {
    for await (const chunk of child.stdout) {
      said += decoder.decode(chunk)
      if (until.test(said)) return said
    }
    throw new Error(`${as} ended and had said only: ${said}`)
  })()
  return { heard, [Symbol.dispose]: () => child.kill('SIGKILL') }
}

describe('README', () => {
  test('every example type-checks', async () => {
    for (const language of ['ts', 'tsx'])
      for (const [i, code] of blocks(language).entries())
        await Bun.write(join(dir, `block-${i}.${language}`), `${code}\nexport {}\n`)
    const tsc = Bun.spawn([process.execPath, join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', dir, '--noEmit'], {
      stdout: 'pipe',
    })
    expect(await new Response(tsc.stdout).text()).toBe('')
    expect(blocks('ts').length).toBeGreaterThanOrEqual(4)
  }, 60_000)

  test('the meet example connects two who run it', async () => {
    await using server = await spawnServer({ url })
    const options = { at: server.url, until: /hello from the (host|guest)/ }
    using first = await run(example('meet('), { as: 'meet-1', ...options })
    using second = await run(example('meet('), { as: 'meet-2', ...options })
    const said = await Promise.all([first.heard, second.heard])
    expect(said.map((text) => /hello from the (\w+)/.exec(text)?.[1]).toSorted()).toEqual(['guest', 'host'])
  }, 30_000)

  test('the session examples connect a client to its host', async () => {
    await using server = await spawnServer({ url })
    using host = await run(example('hostSession('), { as: 'host', at: server.url, until: /others join \S+/ })
    await host.heard
    using client = await run(example('joinSession('), { as: 'client', at: server.url, until: /welcome, Bob/ })
    expect(await client.heard).toContain('welcome, Bob')
  }, 30_000)

  test('the room example: what Alice does Bob sees, and what she takes back is gone', async () => {
    await using server = await spawnServer({ url })
    const options = { as: 'room', at: server.url, until: /"score":7[^]*"score":5[^]*by Bob/ }
    using room = await run(example('openRoom('), options)
    expect(await room.heard).toContain('"text":"by Alice"')
  }, 30_000)

  test('the backend example hears of what it does for a user', async () => {
    await using server = await spawnServer({ url, env: { JWT_SECRET } })
    const env = { SERVICE_TOKEN: await tokenOf('backend', { role: 'service' }) }
    const options = { as: 'backend', at: server.url, env, until: /by: "alice",[^]*version: 2,/ }
    using backend = await run(example('connectRooms('), options)
    expect(await backend.heard).toContain('data.edited')
  }, 30_000)

  test('the quiz example: two friends play, and both see the same scores at its end', async () => {
    await using server = await spawnServer({ url })
    await using _worker = await spawnWorker({ url })
    using quiz = await run(example('followQuiz('), { as: 'quiz', at: server.url, until: /the end (.+)[^]*the end/ })
    expect(await quiz.heard).toMatch(/"rank":1,"points":[1-9]/)
  }, 60_000)

  test('the procedures of a room answer with all of it', async () => {
    await using server = await spawnServer({ url })
    using calls = await run(example('room.create.mutate('), { as: 'calls', at: server.url, until: /score: 1/ })
    expect(await calls.heard).toContain('status: "live"')
  }, 30_000)

  test('the curl lines do what stands beside them', async () => {
    await using server = await spawnServer({ url })
    const lines = (blocks('sh').find((block) => block.includes('curl')) ?? '').trim().split('\n')
    const replies: { status: string; body: string }[] = []
    let key = ''
    for (const line of [lines[0], lines[2]?.replace(',"offerId":"…"', ''), lines[1], lines[0], lines[3]]) {
      const command = (line ?? '').replace(/ #.*/, '').replaceAll('localhost:3000', server.url)
      const child = Bun.spawn(['sh', '-c', command.replace('curl', "curl -s -w '\\n%{http_code}'")], {
        env: { ...process.env, KEY: key },
      })
      const [body = '', status = ''] = (await new Response(child.stdout).text()).split('\n')
      key = /"key":"([^"]+)"/.exec(body)?.[1] ?? key
      replies.push({ status, body })
    }
    expect(replies.map((reply) => reply.status)).toEqual(['201', '201', '200', '201', '204'])
    expect(replies[2]?.body).toBe('{"answer":"v=0…"}')
  }, 30_000)

  test('every command that it names exists', async () => {
    const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))
    const named = [...readme.matchAll(/\bbun run ([\w:]+)/g)].map(([, name = '']) => name)
    expect(named).toContain('test')
    for (const name of named) expect(Object.keys(scripts)).toContain(name)
    for (const [, path = ''] of readme.matchAll(/\]\(((?:server|client|shared|test|worker)\/[^)#]+)\)/g))
      expect(await Bun.file(join(ROOT, path)).exists(), path).toBe(true)
  })

  test('the settings are those of the environment, with their defaults', () => {
    const rows = [...readme.matchAll(/^\| `([A-Z_]+)`\s*\| (none|`[^`]*`)\s*\|/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ])
    const defaults: Record<string, unknown> = envSchema.parse({})
    const expected = Object.keys(envSchema.shape).map((name) => {
      const value = defaults[name]
      return [
        name,
        value === undefined || (Array.isArray(value) && value.length === 0) ? 'none' : `\`${String(value)}\``,
      ]
    })
    expect(rows).toEqual(expected)
  })
})
