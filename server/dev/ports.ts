import { createServer } from 'node:net'

/**
 * Asks the system for a port on `host`: the wanted one, or any free one for 0. Resolves to the port, or to nothing when
 * another process listens there.
 */
export const freePort = (wanted: number, host = '127.0.0.1'): Promise<number | undefined> => {
  const { promise, resolve } = Promise.withResolvers<number | undefined>()
  const server = createServer()
  server.once('error', () => resolve(undefined))
  server.listen(wanted, host, () => {
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : undefined
    server.close(() => resolve(port))
  })
  return promise
}

/** `count` different free ports, counted up from `from` where those are free. */
export const freePorts = async (count: number, from: number): Promise<number[]> => {
  const ports: number[] = []
  while (ports.length < count) {
    const wanted = from > 0 ? from + ports.length : 0
    const port = (await freePort(wanted)) ?? (await freePort(0))
    if (port !== undefined && !ports.includes(port)) ports.push(port)
  }
  return ports
}
