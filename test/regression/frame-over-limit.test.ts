import { expect, test } from 'bun:test'
import { LIMITS } from '../../shared/limits.ts'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'

const { url } = useDatabase(import.meta.path)

// Elysia does not pass on what stands at a `.ws()` route: frames of up to 16 MB were read and parsed.
test.each([LIMITS.bodyBytes + 1, 1_000_000])(
  'a WebSocket frame of %d bytes closes the connection with 1009',
  async (bytes) => {
    await using server = await startServer({ url })
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/trpc`)
    const closed = new Promise<number>((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)))
    socket.addEventListener('open', () => socket.send('x'.repeat(bytes)))
    expect(await closed).toBe(1009)
  },
)
