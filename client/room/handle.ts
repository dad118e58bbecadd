import type { z } from 'zod'
import type { Json } from '../../shared/json.ts'
import { toFoyerError } from '../errors.ts'
import type { RoomCalls } from './calls.ts'
import type { ServiceClock } from './command-id.ts'
import type { Core } from './core.ts'
import { editsOf } from './edits.ts'
import type { EditReply } from './part.ts'
import type { Publisher } from './publisher.ts'
import type { Replica } from './replica.ts'
import { transactor } from './transact.ts'
import type { DataSchema, Room, RoomEnd } from './types.ts'

export interface HandleParts<S extends DataSchema> {
  room: string
  conn: string
  schema: S | undefined
  clock: ServiceClock
  calls: RoomCalls
  core: Core<S>
  replica: Replica
  publisher: Publisher<S>
  present: (state: Json) => void
  /** Takes the own presence away. */
  farewell: () => void
}

/** What the application holds of an open room. */
export function handleOf<S extends DataSchema>(parts: HandleParts<S>): Room<S> {
  const { room, conn, schema, clock, calls, core, replica, publisher, present, farewell } = parts
  const { edit, command, reverse } = core

  const isOver = () => publisher.state === 'ended'

  const close = (over: RoomEnd = { why: 'closed', reason: '' }): void => {
    if (!isOver()) farewell()
    core.end(over)
  }

  /** A command after which the room is over, for us or for everybody: that may be heard before its reply. */
  const last = async (run: () => Promise<unknown>, over: RoomEnd): Promise<void> => {
    if (isOver()) return
    try {
      await run()
    } catch (thrown) {
      if (!isOver() || toFoyerError(thrown).rule !== 'aborted') throw thrown
    }
    close(over)
  }

  return {
    ...editsOf<z.input<S>, Promise<EditReply>>((operation) => edit([operation])),
    id: room,
    user: replica.actor.user,
    conn,
    get snapshot() {
      return publisher.snapshot
    },
    get data() {
      return publisher.snapshot.data
    },
    get version() {
      return publisher.snapshot.version
    },
    get owner() {
      return publisher.snapshot.owner
    },
    get occupants() {
      return publisher.snapshot.occupants
    },
    get capacity() {
      return publisher.snapshot.capacity
    },
    get metadata() {
      return publisher.snapshot.metadata
    },
    get state() {
      return publisher.snapshot.state
    },
    get pending() {
      return publisher.snapshot.pending
    },
    get canUndo() {
      return publisher.snapshot.canUndo
    },
    get canRedo() {
      return publisher.snapshot.canRedo
    },
    get presence() {
      return publisher.snapshot.presence
    },
    get error() {
      return publisher.snapshot.error
    },
    on: publisher.on,
    subscribe: publisher.subscribe,
    edit: (operations, options) => edit(operations, options),
    transact: transactor({ core, replica, schema, clock }),
    undo: () => reverse('undo'),
    redo: () => reverse('redo'),
    settled: () => core.outbox.exclusive(async () => {}),
    present: (state) => {
      if (!isOver()) present(state)
    },
    close: () => close(),
    leave: () => last(() => command(calls.leave), { why: 'left', reason: '' }),
    destroy: (reason = '') => last(() => command(calls.destroy(reason)), { why: 'deleted', reason }),
    kick: async (user, reason = '') => void (await command(calls.kick(user, reason))),
    ban: async (user, reason = '') => void (await command(calls.ban(user, reason))),
    unban: async (user) => void (await command(calls.unban(user))),
    transfer: async (to) => void (await command(calls.transfer(to))),
    setMetadata: async (metadata) => void (await command(calls.setMetadata(metadata))),
  }
}
