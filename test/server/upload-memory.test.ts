import { readFile } from 'node:fs/promises'
import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { until } from '../kit/until.ts'
import { rawRequest, statusOf } from './raw-http.ts'

const { url } = useDatabase(import.meta.path)
const MB = 1_000_000
const CHUNK = Buffer.alloc(64_000, 'x')

/** The most memory that a process ever had, in bytes; where there is no /proc, what it has now. */
const peakOf = async (pid: number) => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null)
  const now = () => Bun.spawnSync(['ps', '-o', 'rss=', '-p', String(pid)]).stdout.toString()
  return Number(status === null ? now() : /VmHWM:\s+(\d+)/.exec(status)?.[1]) * 1_024
}

/** Sends 20 MB and never looks at the answer before it is through. */
const upload = async (base: string, { target, chunked }: { target: string; chunked: boolean }) => {
  const request = rawRequest(base, `${target} HTTP/1.1`)
  const length = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${20 * MB}`
  await request.write(`Content-Type: application/json\r\n${length}\r\n\r\n`)
  for (let sent = 0; sent < 20 * MB; sent += CHUNK.length) {
    if (chunked) await request.write(`${CHUNK.length.toString(16)}\r\n`)
    await request.write(CHUNK)
    if (chunked) await request.write('\r\n')
  }
  await until(() => statusOf(request.heard.text), { what: 'an answer' })
  request.end()
  return statusOf(request.heard.text)
}

const TARGETS = ['PUT /custom/room', 'POST /trpc/mailbox.put', 'DELETE /custom/room', 'POST /nowhere']

test('ten uploads of 20 MB at once, with and without Content-Length, leave the server`s memory as it was', async () => {
  await using server = await spawnServer({ url })
  const before = await peakOf(server.pid)
  for (const target of TARGETS) {
    for (const chunked of [false, true]) {
      const statuses = await Promise.all(Array.from({ length: 10 }, () => upload(server.url, { target, chunked })))
      if (target.includes('/custom/room') || target.includes('/trpc'))
        expect(new Set(statuses)).toEqual(new Set([target.startsWith('DELETE') ? '400' : '413']))
    }
  }
  expect((await peakOf(server.pid)) - before).toBeLessThan(40 * MB)
})
