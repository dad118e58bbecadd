import { describe, expect, test } from 'bun:test'
import { createHttp } from '../../server/http.ts'
import { useDatabase } from '../kit/mongo.ts'
import { openFoyer } from '../kit/server.ts'

const { url } = useDatabase(import.meta.path)
const { foyer, logs, close } = await openFoyer({ url })
const broken = () => Promise.reject(new Error('mongodb://user:pass@host: the secret is 42'))
const { app } = createHttp({ ...foyer, mailbox: { ...foyer.mailbox, put: broken } }, null)
const ask = (path: string, init: RequestInit) => app.handle(new Request(`http://localhost${path}`, init))

describe('REST', () => {
  test('masks a fault of ours as problem+json, and logs it once with its cause', async () => {
    const response = await ask('/custom/r', { method: 'PUT', body: '{"offer":"o"}' })
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const body = await response.json()
    expect(body).toEqual({
      type: 'urn:foyer:rule:internal',
      title: 'Internal error',
      status: 500,
      rule: 'internal',
      retryable: true,
    })
    expect(logs).toHaveLength(1)
    expect(JSON.parse(logs[0] ?? '')).toMatchObject({ level: 50, procedure: 'rest.put', msg: 'request failed' })
    expect(logs[0]).toContain('//[secret]@host')
  })

  test('says what is wrong with an input by path, never with its value', async () => {
    const body = JSON.stringify({ offer: 7, hunter2: 'hunter2' })
    const reply = await (await ask('/custom/%00', { method: 'PUT', body })).text()
    expect(Object.keys(JSON.parse(reply).issues).sort()).toEqual(['offer', 'room'])
    expect(reply).not.toContain('hunter2')
  })

  test('takes a body that is an object only', async () => {
    for (const body of ['[]', '"x"', '7', 'null', 'true']) {
      const response = await ask('/custom/r', { method: 'PUT', body })
      expect([response.status, (await response.json()).rule]).toEqual([400, 'bad-request'])
    }
  })

  test('takes no body for an empty object: what is missing is named', async () => {
    const response = await ask('/custom/r', { method: 'PUT' })
    expect((await response.json()).issues).toHaveProperty('offer')
    await close()
  })
})
