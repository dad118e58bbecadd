import { expect, test } from 'bun:test'
import { watchNotifications } from '../../client/notifications.ts'
import type { InboxServer } from '../../client/react/inbox.ts'
import type { Handlers } from '../../client/subscription.ts'
import type { Inbox, Notification } from '../../shared/notification/schema.ts'
import { RuleError } from '../../shared/rules.ts'
import { until } from '../kit/until.ts'

type Item = { id: string; data: Notification }

/** One user's inbox on a server in this process; the network does what the test says. */
class FakeInbox {
  all: Notification[] = []
  isUp = true
  hasStreams = true
  refusal: RuleError | null = null
  readonly streams = new Map<Handlers<Item>, number>()

  tell(): void {
    const cursor = (this.all.at(-1)?.cursor ?? 0) + 3
    this.all.push({ id: `n${cursor}`, cursor, at: 0, kind: 'friend.requested', from: 'bob', readAt: null })
    if (this.isUp) for (const handlers of this.streams.keys()) this.#send(handlers)
  }
  down(): void {
    this.isUp = false
    for (const handlers of [...this.streams.keys()]) handlers.onError(new TypeError('the stream broke'))
  }
  #send(handlers: Handlers<Item>): void {
    const after = this.streams.get(handlers) ?? 0
    for (const data of this.all.filter(({ cursor }) => cursor > after))
      handlers.onData({ id: String(data.cursor), data })
    this.streams.set(handlers, this.all.at(-1)?.cursor ?? 0)
  }
  async #list({ before = Number.MAX_SAFE_INTEGER, limit = 50 }): Promise<Inbox> {
    if (!this.isUp) throw new TypeError('fetch failed')
    if (this.refusal !== null) throw this.refusal
    const notifications = this.all
      .filter(({ cursor }) => cursor < before)
      .toReversed()
      .slice(0, limit)
    return {
      notifications,
      unread: this.all.length,
      next: notifications.length < limit ? null : (notifications.at(-1)?.cursor ?? null),
    }
  }
  #subscribe({ after }: { after: number }, handlers: Handlers<Item>) {
    queueMicrotask(() => {
      if (!this.isUp) return handlers.onError(new TypeError('fetch failed'))
      if (!this.hasStreams) return handlers.onError(Object.assign(new Error('no stream'), { name: 'TimeoutError' }))
      this.streams.set(handlers, after)
      handlers.onStarted()
      this.#send(handlers)
    })
    return { unsubscribe: () => void this.streams.delete(handlers) }
  }

  get client(): InboxServer {
    const list = { query: (input: { before?: number; limit?: number }) => this.#list(input) }
    const events = {
      subscribe: (input: { after: number }, handlers: Handlers<Item>) => this.#subscribe(input, handlers),
    }
    // edge: what is asked of an inbox by client/notifications.ts
    return { notification: { list, events } } as unknown as InboxServer
  }
}

function watching(inbox: FakeInbox, after?: number) {
  const heard: number[] = []
  const ends: string[] = []
  const stop = watchNotifications(inbox.client, {
    after,
    onNotification: ({ cursor }) => void heard.push(cursor),
    onEnd: ({ rule }) => void ends.push(rule),
  })
  const opens = () => until(() => inbox.streams.size === 1, { what: 'the stream' })
  return { heard, ends, stop, opens }
}
const cursorsOf = ({ all }: FakeInbox) => all.map(({ cursor }) => cursor)

test('what comes from now on is told, each once and in order, over outages; what was there before is not', async () => {
  const inbox = new FakeInbox()
  inbox.tell()
  const { heard, stop, opens } = watching(inbox)
  await opens()
  for (let i = 0; i < 3; i++) {
    inbox.tell()
    inbox.down()
    inbox.tell()
    inbox.isUp = true
    await opens()
    await until(() => heard.at(-1) === cursorsOf(inbox).at(-1), { what: 'the newest' })
  }
  expect(heard).toEqual(cursorsOf(inbox).slice(1))
  stop()
  inbox.tell()
  await until(() => inbox.streams.size === 0, { what: 'the stream is closed' })
  expect(heard).toHaveLength(6)
})

test('from a cursor on, what was missed comes first', async () => {
  const inbox = new FakeInbox()
  for (let i = 0; i < 5; i++) inbox.tell()
  const { heard, stop, opens } = watching(inbox, 6)
  await opens()
  expect(heard).toEqual([9, 12, 15])
  stop()
})

test('where streams are blocked it is polled for, however much has come meanwhile', async () => {
  const inbox = new FakeInbox()
  inbox.hasStreams = false
  for (let i = 0; i < 120; i++) inbox.tell()
  const { heard, stop } = watching(inbox, 3)
  await until(() => heard.length === 119, { what: 'all of it' })
  expect(heard).toEqual(cursorsOf(inbox).slice(1))
  stop()
})

test('the server`s refusal ends it, and is told', async () => {
  const inbox = new FakeInbox()
  inbox.refusal = new RuleError('forbidden')
  const { ends } = watching(inbox)
  await until(() => ends.length > 0, { what: 'the end' })
  expect(ends).toEqual(['forbidden'])
})
