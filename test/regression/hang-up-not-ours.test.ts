import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'
import { until } from '../kit/until.ts'
import { rawRequest } from '../server/raw-http.ts'

const { url } = useDatabase(import.meta.path)

// The body's AbortError was taken for a bug of ours: each tab closed in mid-upload was an error in the log and a 500 in the metrics.
test('a client that hangs up in the middle of its body is no fault of ours', async () => {
  await using server = await startServer({ url })
  const request = rawRequest(server.url, 'PUT /custom/r HTTP/1.1')
  await request.write('Content-Length: 5000\r\n\r\n{"offer":')
  await fetch(`${server.url}/health`)
  request.end()
  const outcomes = async () => (await server.foyer.metrics.requests.get()).values.map(({ labels }) => labels.outcome)
  await until(async () => (await outcomes()).includes('hung-up'), { what: 'the request counted' })
  expect(await outcomes()).toEqual(['hung-up'])
  expect(server.logs).toEqual([])
})
