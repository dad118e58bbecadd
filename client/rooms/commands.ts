import type { CommandReply } from '../../shared/room/schema.ts'
import { textBytes } from '../../shared/room/measure.ts'
import type { FoyerClient } from '../connect.ts'
import { type Attempt, roomCalls } from '../room/calls.ts'
import { editsOf } from '../room/edits.ts'
import { valuesIn } from '../room/outbox.ts'
import type { CommandDone, CommandOptions, RoomCommands } from './types.ts'
import type { Sender } from './sender.ts'

type Calls = ReturnType<typeof roomCalls>

/** The commands of one user on a connection; undefined: of the service itself. */
export function commandsOf(sender: Sender, as: string | undefined): RoomCommands {
  const send = (
    { id, signal }: CommandOptions,
    { size, attempt }: { size: unknown; attempt: (client: FoyerClient) => Attempt },
  ): Promise<CommandReply> =>
    sender.command({ id, signal, bytes: sizeOf([as, size]), attempt: (client, ...rest) => attempt(client)(...rest) })

  /** A command to a room, by what `client/room/calls.ts` has for it. */
  const command = async (
    room: string,
    options: CommandOptions,
    sent: { size?: unknown; of: (calls: Calls) => Attempt },
  ) => send(options, { size: sent.size, attempt: (client) => sent.of(roomCalls(client, { room, as })) })
  const done = async (...given: Parameters<typeof command>): Promise<CommandDone> => doneOf(await command(...given))

  const edit: RoomCommands['edit'] = async (room, operations, { ifVersion, base, ...options } = {}) => {
    const wire = { operations, ifVersion, base }
    const { version, replayed, result } = await command(room, options, { size: operations, of: (c) => c.edit(wire) })
    return { version, replayed, values: valuesIn(result) }
  }

  return {
    create: async ({ data = {}, capacity, metadata, ...options } = {}) => {
      // edge: the server takes the same JSON, whose type there is not readonly
      const given = { data: data as never, capacity, metadata: metadata as never, as }
      const attempt =
        (client: FoyerClient): Attempt =>
        (envelope, signal) =>
          client.room.create.mutate({ ...given, ...envelope }, { signal })
      return doneOf(await send(options, { size: [data, metadata], attempt }))
    },
    join: (room, options = {}) => done(room, options, { of: (calls) => calls.join }),
    leave: (room, options = {}) => done(room, options, { of: (calls) => calls.leave }),
    destroy: (room, { reason = '', ...options } = {}) =>
      done(room, options, { size: reason, of: (calls) => calls.destroy(reason) }),
    kick: (room, user, { reason = '', ...options } = {}) =>
      done(room, options, { size: [user, reason], of: (calls) => calls.kick(user, reason) }),
    ban: (room, user, { reason = '', ...options } = {}) =>
      done(room, options, { size: [user, reason], of: (calls) => calls.ban(user, reason) }),
    unban: (room, user, options = {}) => done(room, options, { size: user, of: (calls) => calls.unban(user) }),
    transfer: (room, to, options = {}) => done(room, options, { size: to, of: (calls) => calls.transfer(to) }),
    setMetadata: (room, metadata, options = {}) =>
      done(room, options, { size: metadata, of: (calls) => calls.setMetadata(metadata) }),
    edit,
    edits: (room) => editsOf((operation) => edit(room, [operation])),
    get: (room, { signal } = {}) =>
      sender.ask({ signal, bytes: sizeOf(as), attempt: (client, one) => roomCalls(client, { room, as }).get(one) }),
    list: ({ after, limit } = {}) =>
      sender.ask({
        bytes: sizeOf(as),
        attempt: (client, signal) => client.room.list.query({ as, after, limit }, { signal }),
      }),
  }
}

const doneOf = ({ room, version, replayed }: CommandReply): CommandDone => ({ room, version, replayed })

/** What a message has beside what its caller gave: ids and JSON around them, bytes; rounded up. */
const AROUND = 300

const sizeOf = (given: unknown): number => AROUND + (given === undefined ? 0 : textBytes(JSON.stringify(given)))
