import { answerOf, assertAnswer, assertOffer, type Contender, offerOf } from './handshake.ts'

/** A message of PeerJS's protocol: the server adds `src` and relays by `dst`. */
interface Message {
  type: string
  src?: string
  dst?: string
  payload?: { sdp: string }
}

/** A client of the PeerJS server, as peerjs 1.5 opens it: a WebSocket that is ready when the server says OPEN. */
class Client {
  readonly id: string
  private readonly socket: WebSocket
  private readonly inbox: Message[] = []
  private waiting: PromiseWithResolvers<Message> | null = null

  constructor(port: number, id: string) {
    this.id = id
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/peerjs?key=peerjs&id=${id}&token=${id}&version=1.5.5`)
    this.socket.onmessage = ({ data }) => {
      const message: Message = JSON.parse(String(data))
      if (this.waiting === null) this.inbox.push(message)
      else this.waiting.resolve(message)
      this.waiting = null
    }
    this.socket.onerror = () => this.waiting?.reject(new Error('the PeerJS server closed the connection'))
  }

  /** The next message; anything but the expected type is an error. */
  async expect(type: string): Promise<Message> {
    const message = await (this.inbox.shift() ?? (this.waiting = Promise.withResolvers()).promise)
    if (message.type !== type) throw new Error(`PeerJS sent ${message.type} where ${type} was due`)
    return message
  }

  send = (message: Message) => this.socket.send(JSON.stringify(message))
  close = () => this.socket.close()
}

async function relay({ host, guest, i }: { host: Client; guest: Client; i: number }) {
  host.send({ type: 'OFFER', dst: guest.id, payload: { sdp: offerOf(i) } })
  const { src = '', payload } = await guest.expect('OFFER')
  assertOffer(i, payload?.sdp)
  const sent = performance.now()
  guest.send({ type: 'ANSWER', dst: src, payload: { sdp: answerOf(i) } })
  const answer = await host.expect('ANSWER')
  const at = performance.now()
  assertAnswer(i, answer.payload?.sdp)
  return { sent, at }
}

/** Two strangers meet: both connect, wait for OPEN, exchange offer and answer, and go. What a mailbox handshake replaces. */
export const peerjsFresh = (port: number, run: string): Contender => ({
  name: 'PeerJS, two strangers',
  handshake: async (i) => {
    const began = performance.now()
    const [host, guest] = [new Client(port, `${run}-${i}-host`), new Client(port, `${run}-${i}-guest`)]
    try {
      await Promise.all([host.expect('OPEN'), guest.expect('OPEN')])
      const { sent, at } = await relay({ host, guest, i })
      return { answer: at - sent, whole: at - began }
    } finally {
      host.close()
      guest.close()
    }
  },
})

/** PeerJS at its best: pairs of clients that are connected already and know each other's id. Only the relay is left. */
export function peerjsHeld(port: number, run: string): Contender & Disposable {
  const idle: { host: Client; guest: Client }[] = []
  const opened: Client[] = []
  const pair = async (i: number) => {
    const [host, guest] = [new Client(port, `${run}-${i}-host`), new Client(port, `${run}-${i}-guest`)]
    opened.push(host, guest)
    await Promise.all([host.expect('OPEN'), guest.expect('OPEN')])
    return { host, guest }
  }
  return {
    name: 'PeerJS, sockets held open',
    handshake: async (i) => {
      const { host, guest } = idle.pop() ?? (await pair(i))
      const began = performance.now()
      const { sent, at } = await relay({ host, guest, i })
      idle.push({ host, guest })
      return { answer: at - sent, whole: at - began }
    },
    [Symbol.dispose]: () => {
      for (const client of opened) client.close()
    },
  }
}
