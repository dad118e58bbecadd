import type { Received } from '../kit/stream-checker.ts'
import { rawEvents } from './raw-events.ts'
import { rawSocket } from './raw-socket.ts'
import { Heard } from './streams.ts'

/**
 * Where a connection is lost: as soon as it has asked, once the server has taken it on (nothing has come yet), after so many
 * frames, or in the middle of one, after so many bytes.
 */
export type Cut = { at: 'request' } | { at: 'start' } | { at: 'frame'; frames: number } | { at: 'byte'; bytes: number }

export interface CutStreamOptions {
  user: string
  /** The rooms, each with the version after which to begin (null: all of it first). One room unless it is a `feed`. */
  rooms: Readonly<Record<string, number | null>>
  transport: 'websocket' | 'sse' | 'feed'
  /** For controls: what a receiver with a fault takes for its version. */
  resumeAt?: (version: number) => number
}

/** What one receiver has of its rooms, over as many connections as it takes: each goes on where the one before was cut. */
export class CutStream {
  readonly options: CutStreamOptions
  readonly heard = new Heard()
  readonly #at: Map<string, number | null>
  #lastId: string | undefined

  constructor(options: CutStreamOptions) {
    this.options = options
    this.#at = new Map(Object.entries(options.rooms))
  }

  /** It has the tombstone of its only room, or was refused. */
  get isOver(): boolean {
    return this.heard.ends.length > 0 || this.heard.frames.some((frame) => 'why' in frame && frame.why === 'deleted')
  }
  at = (room: string) => this.#at.get(room) ?? 0

  /** One room's part, as the checker wants it. */
  received = (room: string): Received => ({
    after: this.options.rooms[room] ?? null,
    frames: this.heard.frames.filter((frame) => frame.room === room),
  })

  /** One connection to a server, until it is cut, or the stream is over. */
  async cutOff(url: string, cut: Cut): Promise<void> {
    let frames = 0
    await this.#connected(url, (line) => {
      if (cut.at === 'byte') line.cutAfter(cut.bytes)
      if (cut.at === 'request') line.cut()
      return {
        started: () => cut.at === 'start',
        heard: () => cut.at === 'frame' && ++frames >= cut.frames,
      }
    })
  }

  /** One connection to a server, until each room has come to a version. */
  async reach(url: string, versions: Readonly<Record<string, number>>): Promise<void> {
    const there = () => Object.entries(versions).every(([room, version]) => this.at(room) >= version)
    if (!there() && !this.isOver) await this.#connected(url, () => ({ started: there, heard: there }))
  }

  async #connected(url: string, begin: (line: Line) => Stops): Promise<void> {
    const { heard, options } = this
    using line = await lineTo(url, options)
    const done = Promise.withResolvers<void>()
    const stopIf = (stops: boolean) => {
      if (!stops) return
      line.cut()
      done.resolve()
    }
    heard.onEnd = done.resolve
    // Asked before the cut, which may come with the request.
    line.ask(this.#position(), heard)
    const stops = begin(line)
    heard.onStart = () => stopIf(stops.started())
    heard.onFrame = (frame, id) => {
      if ('version' in frame) this.#at.set(frame.room, frame.version)
      this.#lastId = id ?? this.#lastId
      stopIf(stops.heard())
    }
    await Promise.race([done.promise, line.closed])
  }

  #position(): Position {
    const { resumeAt = (version: number) => version } = this.options
    const resumed = (version: number | null) => (version === null ? null : resumeAt(version))
    return {
      rooms: Object.fromEntries([...this.#at].map(([room, version]) => [room, resumed(version)])),
      lastId: this.#lastId,
    }
  }
}

interface Stops {
  started: () => boolean
  heard: () => boolean
}
interface Position {
  rooms: Record<string, number | null>
  /** Of the last frame, also where that was one of presence. */
  lastId: string | undefined
}
type Line = Awaited<ReturnType<typeof lineTo>>

/** A connection by which the rooms are asked for as the transport has it: by versions, or by the id of the last frame. */
async function lineTo(url: string, { transport, user, rooms }: CutStreamOptions) {
  const [[room, first] = ['', null]] = Object.entries(rooms)
  if (transport === 'sse') {
    const line = await rawEvents(url, user)
    const ask = ({ lastId }: Position, heard: Heard) =>
      line.follow({ room, after: first ?? undefined, lastEventId: lastId, presence: true }, heard)
    return Object.assign(line, { ask })
  }
  const line = await rawSocket(url, user, transport === 'feed' ? { role: 'service' } : {})
  const ask = (position: Position, heard: Heard) =>
    transport === 'feed'
      ? line.feed({ rooms: position.rooms }, heard)
      : line.follow({ room, after: position.rooms[room] ?? undefined, presence: true }, heard)
  return Object.assign(line, { ask })
}
