/** A message of ShareDB's protocol 1, as its client and server exchange them. */
export interface Message {
  a: string
  id?: string | number
  c?: string
  d?: string
  v?: number | null
  src?: string
  seq?: number
  op?: readonly unknown[]
  create?: { type: string; data: unknown }
  data?: { v: number; data?: { n: number } }
  error?: { code: string; message: string }
}

export interface Line {
  send(message: Message): void
}

/** What is known of the documents' versions: shared by all writers of a process, as if each subscribed and heard it for free. */
export type Versions = Map<string, number>

const JSON0 = 'http://sharejs.org/types/JSONv0'
export const COLLECTION = 'rooms'
const INCREMENT = [{ p: ['n'], na: 1 }]

/**
 * One client of a ShareDB server, speaking its protocol without the client library: no copy of the document and no
 * transformation on this side, so that the server is what is measured. `heard` is told of other clients' operations.
 */
export function sharedbTalk(line: Line, versions: Versions, heard: (message: Message) => void = () => {}) {
  // Not Promise.withResolvers: this runs on Node 20 as well.
  const waiting = new Map<string, { resolve: (message: Message) => void; reject: (error: Error) => void }>()
  let me = ''
  let seq = 0

  const wait = (key: string) => new Promise<Message>((resolve, reject) => void waiting.set(key, { resolve, reject }))
  const receive = (message: Message): void => {
    const own = message.a === 'op' && (message.src === undefined || message.src === me)
    if (message.a === 'op' && !own) return heard(message)
    const key = own ? `op ${message.seq}` : message.a === 'hs' ? 'hs' : `${message.a} ${message.d}`
    const reply = waiting.get(key)
    waiting.delete(key)
    if (message.error !== undefined) reply?.reject(new Error(`${message.error.code}: ${message.error.message}`))
    else reply?.resolve(message)
  }

  const submit = async (d: string, what: Pick<Message, 'op' | 'create'>): Promise<number> => {
    seq++
    const acknowledged = wait(`op ${seq}`)
    line.send({ a: 'op', c: COLLECTION, d, v: versions.get(d) ?? 0, seq, ...what })
    const { v } = await acknowledged
    const next = (v ?? 0) + 1
    versions.set(d, Math.max(next, versions.get(d) ?? 0))
    return next
  }

  return {
    receive,
    greet: async () => {
      const greeted = wait('hs')
      line.send({ a: 'hs' })
      me = String((await greeted).id)
    },
    create: (d: string) => submit(d, { create: { type: JSON0, data: { n: 0 } } }),
    /** The document's version after it. */
    increment: (d: string) => submit(d, { op: INCREMENT }),
    read: async (d: string): Promise<number> => {
      const read = wait(`f ${d}`)
      line.send({ a: 'f', c: COLLECTION, d, v: null })
      const { data } = await read
      versions.set(d, data?.v ?? 0)
      return data?.data?.n ?? 0
    },
    subscribe: async (d: string): Promise<number> => {
      const subscribed = wait(`s ${d}`)
      line.send({ a: 's', c: COLLECTION, d, v: null })
      return (await subscribed).data?.v ?? 0
    },
  }
}
export type SharedbTalk = ReturnType<typeof sharedbTalk>
