import { connect } from 'node:net'

/** A request that is written by hand, chunk by chunk: what fetch would never send. */
export function rawRequest(url: string, head: string) {
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  const heard = { text: '' }
  socket.on('data', (data: Buffer) => {
    heard.text += data.toString()
  })
  // A server that refuses a body may reset the connection once it has answered.
  socket.on('error', () => resolve())
  socket.on('close', () => resolve())
  const write = (chunk: string | Buffer) =>
    new Promise<void>((done) => {
      if (socket.destroyed || socket.write(chunk)) return done()
      socket.once('drain', done)
      void closed.then(done)
    })
  void write(`${head}\r\nHost: localhost\r\n`)
  return { heard, closed, write, end: () => socket.destroy() }
}

/** The status of the first response that was heard, or undefined while there is none. */
export const statusOf = (text: string) => /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]
