import type { Handlers } from '../../client/subscription.ts'
import type { RoomFrame } from '../../shared/room/schema.ts'
import { endsStream } from '../../shared/room/view.ts'
import { RuleError } from '../../shared/rules.ts'
import type { FakeLink } from './fake-link.ts'
import { ROOM } from './fake-room.ts'

type Snapshot = Extract<RoomFrame, { kind: 'snapshot' }>

/** One subscription of `room.events`: frames at the pace of its link, which may hold, cut, or replace them by a snapshot. */
export class FakeStream {
  #at: number | null
  #isOver = false
  #isSending = false
  readonly #link: FakeLink
  readonly #handlers: Handlers<unknown>
  readonly #forget: () => void

  constructor(link: FakeLink, after: number | null, handlers: Handlers<unknown>) {
    this.#link = link
    this.#at = after
    this.#handlers = handlers
    link.streams.add(this)
    this.#forget = link.server.read((news) => {
      if (news.kind === 'events') this.wake()
      else if (!link.isHeld) this.#send({ kind: 'presence', room: ROOM, all: false, present: [news.present] })
    })
    queueMicrotask(() => this.#open())
  }

  stop(): void {
    this.#isOver = true
    this.#link.streams.delete(this)
    this.#forget()
  }

  /** As a lost connection does. */
  cut(): void {
    this.#end(new TypeError('the stream broke'))
  }

  wake(): void {
    if (!this.#isSending) void this.#run()
  }

  #open(): void {
    const { isUp, hasStreams, server, user } = this.#link
    if (this.#isOver) return
    if (!isUp) return this.cut()
    if (!hasStreams) return this.#end(Object.assign(new Error('no stream'), { name: 'TimeoutError' }))
    try {
      server.admit(user)
    } catch (error) {
      return this.#end(error)
    }
    this.#handlers.onStarted()
    this.wake()
  }

  #end(error: unknown): void {
    if (this.#isOver) return
    this.stop()
    this.#handlers.onError(error)
  }

  #isDue = () => !this.#isOver && !this.#link.isHeld && this.#at !== this.#link.server.state.seq

  async #run(): Promise<void> {
    this.#isSending = true
    await Promise.resolve()
    while (this.#isDue()) {
      await this.#link.pause('frame')
      if (this.#isDue()) this.#next()
    }
    this.#isSending = false
  }

  #next(): void {
    const { server, resyncs, take } = this.#link
    const { seq, deleted } = server.state
    if (deleted !== null) this.#snapshot('deleted')
    else if (this.#at === null) this.#snapshot('start')
    else if (resyncs) this.#snapshot('resync')
    else this.#events(this.#at + 1, this.#at + Math.min(seq - this.#at, Math.max(1, take(seq - this.#at))))
  }

  #send(frame: Exclude<RoomFrame, { kind: 'end' }>): void {
    if (frame.kind === 'presence') return this.#handlers.onData({ id: '0', data: frame })
    this.#at = frame.version
    this.#handlers.onData({ id: String(frame.version), data: frame })
  }

  #snapshot(why: Snapshot['why']): void {
    const { server, user } = this.#link
    this.#link.resyncs = false
    this.#send({
      kind: 'snapshot',
      room: ROOM,
      version: server.state.seq,
      why,
      view: JSON.stringify(server.news(user)),
    })
  }

  #events(from: number, version: number): void {
    const { server, user } = this.#link
    const events = server.log.slice(from - 1, version)
    this.#send({ kind: 'events', room: ROOM, from, version, events: JSON.stringify(events) })
    for (const event of events) {
      const rule = endsStream(event, server.actor(user), server.state)
      if (rule !== null) return this.#end(new RuleError(rule))
    }
  }
}
