import type { Json, JsonObject } from '../../shared/json.ts'
import type { CommandReply } from '../../shared/room/schema.ts'
import type { FoyerClient } from '../connect.ts'
import type { Wire } from './command.ts'

/** One attempt of a command under its id; a repeat gets the first result. */
export type Attempt = (envelope: { id: string; reply: 'room' | 'result' }, signal: AbortSignal) => Promise<CommandReply>

/** What the server is asked of one room, for one user. */
export function roomCalls(client: FoyerClient, place: { room: string; as: string | undefined }) {
  const calls = client.room
  return {
    get: (signal: AbortSignal) => calls.get.query(place, { signal }),
    present: (conn: string, state: Json) => calls.present.mutate({ ...place, conn, state }),
    edit:
      (wire: Wire): Attempt =>
      (envelope, signal) =>
        calls.edit.mutate({ ...place, ...envelope, ...wire }, { signal }),
    join: ((envelope, signal) => calls.join.mutate({ ...place, ...envelope }, { signal })) satisfies Attempt,
    leave: ((envelope, signal) => calls.leave.mutate({ ...place, ...envelope }, { signal })) satisfies Attempt,
    destroy:
      (reason: string): Attempt =>
      (envelope, signal) =>
        calls.delete.mutate({ ...place, ...envelope, reason }, { signal }),
    kick:
      (user: string, reason: string): Attempt =>
      (envelope, signal) =>
        calls.kick.mutate({ ...place, ...envelope, user, reason }, { signal }),
    ban:
      (user: string, reason: string): Attempt =>
      (envelope, signal) =>
        calls.ban.mutate({ ...place, ...envelope, user, reason }, { signal }),
    unban:
      (user: string): Attempt =>
      (envelope, signal) =>
        calls.unban.mutate({ ...place, ...envelope, user }, { signal }),
    transfer:
      (to: string): Attempt =>
      (envelope, signal) =>
        calls.transfer.mutate({ ...place, ...envelope, to }, { signal }),
    setMetadata:
      (metadata: JsonObject): Attempt =>
      (envelope, signal) =>
        calls.setMetadata.mutate({ ...place, ...envelope, metadata }, { signal }),
  }
}
export type RoomCalls = ReturnType<typeof roomCalls>
