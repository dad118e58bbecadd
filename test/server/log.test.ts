import { describe, expect, test } from 'bun:test'
import { createLog } from '../../server/log.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'

const { url } = useDatabase(import.meta.path)

/** What a log line says, as text and as fields. */
const logged = (fields: object) => {
  const lines: string[] = []
  createLog('test', 'info', { write: (line) => void lines.push(line) }).error(fields, 'failed')
  return { text: lines.join(''), line: JSON.parse(lines[0] ?? '') }
}

describe('a log line', () => {
  test('is JSON with its process`s name, a level and a message', () => {
    expect(logged({ a: 1 }).line).toMatchObject({ name: 'test', level: 50, msg: 'failed', a: 1 })
  })

  test.each(['authorization', 'key', 'secret', 'password', 'token', 'offer', 'answer', 'sdp', 'candidates', 'body'])(
    'never has the field %s, at the top or one level down',
    (field) => {
      expect(logged({ [field]: 'hunter2' }).text).not.toContain('hunter2')
      expect(logged({ request: { [field]: 'hunter2' } }).text).not.toContain('hunter2')
    },
  )

  test('has an error`s type, message, code, stack and causes', () => {
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    const { err } = logged({ err: new TypeError('broken', { cause }) }).line
    expect(err).toMatchObject({
      type: 'TypeError',
      message: 'broken',
      cause: { message: 'refused', code: 'ECONNREFUSED' },
    })
    expect(err.stack).toContain('log.test.ts')
  })

  test('has no credentials of an address in an error', () => {
    const { text } = logged({ err: new Error('cannot reach mongodb+srv://user:hunter2@db.example/foyer') })
    expect(text).toContain('mongodb+srv://[secret]@db.example/foyer')
    expect(text).not.toContain('hunter2')
  })

  test('ends where an error is its own cause', () => {
    const error = new Error('round')
    error.cause = error
    expect(logged({ err: error }).line.err.cause.message).toBe('round')
  })
})

test('no secret and no SDP of the traffic reaches the output of a server, at its most talkative', async () => {
  await using server = await spawnServer({
    url,
    env: { LOG_LEVEL: 'trace', JWT_SECRET: 'jwt-secret-of-the-installation-32!' },
  })
  const sdp = 'v=0 the-address-of-a-person'
  const secrets = [sdp, 'jwt-secret-of-the-installation', 'stolen-bearer', 'idempotency-key-of-mine']
  const call = async (method: string, path: string, { body = {}, bearer = '' } = {}) => {
    const headers = {
      'content-type': 'application/json',
      'idempotency-key': `idempotency-key-of-mine-${path.length}${method}`,
      ...(bearer === '' ? {} : { authorization: `Bearer ${bearer}` }),
    }
    const reply = await (await fetch(server.url + path, { method, headers, body: JSON.stringify(body) })).text()
    return reply === '' ? {} : JSON.parse(reply)
  }
  for (const { put, join, keep, remove, wrap } of [
    {
      put: 'PUT /custom/r',
      join: 'POST /custom/r/join',
      keep: 'POST /custom/r/keep',
      remove: 'DELETE /custom/r',
      wrap: false,
    },
    {
      put: 'POST /trpc/mailbox.put',
      join: 'POST /trpc/mailbox.join',
      keep: 'POST /trpc/mailbox.keep',
      remove: 'POST /trpc/mailbox.remove',
      wrap: true,
    },
  ]) {
    const to = async (target: string, input: object, bearer?: string) => {
      const [method = '', path = ''] = target.split(' ')
      const reply = await call(method, path, {
        body: wrap ? { json: { room: 't', ...input } } : input,
        ...(bearer === undefined ? {} : { bearer }),
      })
      return wrap ? (reply.result?.data.json ?? reply) : reply
    }
    const { key } = await to(put, { offer: sdp })
    expect(key).toBeString()
    secrets.push(key, key.split('.')[1])
    await to(join, { answer: sdp })
    await to(keep, {}, key)
    await to(keep, { offer: 7 }, 'stolen-bearer')
    await to(remove, {}, key)
    await to(put, { offer: { sdp } })
  }
  const { result } = await call('POST', '/trpc/account.guest', { body: { json: { name: 'guest' } } })
  secrets.push(result.data.json.token)
  await fetch(`${server.url}/trpc/account.me`, { headers: { authorization: `Bearer ${result.data.json.token}` } })
  expect(await server.stop()).toBe('exit code 0')
  const output = server.logs.join('\n')
  expect(output).toContain('listening')
  for (const secret of secrets) expect(output).not.toContain(secret)
})
