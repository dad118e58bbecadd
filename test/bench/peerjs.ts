import { answerOf, assertAnswer, assertOffer, type Contender, offerOf } from './handshake.ts'

/** A message of PeerJS's protocol; the server adds `src` and relays by `dst`. */
interface Message {
  type: string
  src?: string
  dst?: string
  payload?: { sdp: string }
}

const ENDED = 'the PeerJS connection ended'

/** A client of the PeerJS server as peerjs 1.5 connects: a WebSocket, ready when the server says OPEN. */
function connect(port: number, id: string) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/peerjs?key=peerjs&id=${id}&token=${id}&version=1.5.5`)
  const inbox: Message[] = []
  let waiting = Promise.withResolvers<void>()
  socket.onmessage = ({ data }) => {
    inbox.push(JSON.parse(String(data)))
    waiting.resolve()
  }
  socket.onclose = () => waiting.reject(new Error(ENDED))

  /** The next message, which must be of this type. */
  const expect = async (type: string): Promise<Message> => {
    if (inbox.length === 0) {
      if (socket.readyState > WebSocket.OPEN) throw new Error(ENDED)
      waiting = Promise.withResolvers()
      await waiting.promise
    }
    const message = inbox.shift()
    if (message?.type !== type) throw new Error(`PeerJS sent ${message?.type} where ${type} was due`)
    return message
  }
  // An end that nobody waits for is heard at the next call.
  waiting.promise.catch(() => {})
  return { id, expect, send: (message: Message) => socket.send(JSON.stringify(message)), close: () => socket.close() }
}

async function openPair(port: number, name: string) {
  const [host, guest] = [connect(port, `${name}-host`), connect(port, `${name}-guest`)]
  await Promise.all([host.expect('OPEN'), guest.expect('OPEN')])
  const dispose = () => {
    host.close()
    guest.close()
  }
  return { host, guest, [Symbol.dispose]: dispose }
}
type Pair = Awaited<ReturnType<typeof openPair>>

/** The host knows the guest's id; offer and answer pass through the server. */
async function exchange({ host, guest }: Pair, i: number) {
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

/** Two strangers: both connect, exchange offer and answer, and go. What a mailbox handshake stands beside. */
export const peerjsOfStrangers = (port: number): Contender => ({
  name: 'PeerJS, new connections',
  handshake: async (i) => {
    const began = performance.now()
    using pair = await openPair(port, `stranger-${i}`)
    const { sent, at } = await exchange(pair, i)
    return { answer: at - sent, whole: at - began }
  },
})

/** PeerJS at its best: both are connected already, only the relay is left. */
export function peerjsHeld(port: number): Contender & Disposable {
  const idle: Pair[] = []
  const dispose = () => {
    for (const pair of idle) pair[Symbol.dispose]()
  }
  const handshake = async (i: number) => {
    const pair = idle.pop() ?? (await openPair(port, `held-${i}`))
    const began = performance.now()
    const { sent, at } = await exchange(pair, i)
    idle.push(pair)
    return { answer: at - sent, whole: at - began }
  }
  return { name: 'PeerJS, sockets held open', handshake, [Symbol.dispose]: dispose }
}
