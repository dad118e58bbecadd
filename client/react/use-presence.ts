import { useCallback, useMemo, useSyncExternalStore } from 'react'
import type { z } from 'zod'
import type { Json } from '../../shared/json.ts'
import type { Presence } from '../../shared/room/schema.ts'
import type { Room } from '../room/types.ts'

/** Of one connection's state, a cursor for instance. */
export type PresenceSchema = z.ZodType<unknown, Json>

export interface UsePresenceOptions<P extends PresenceSchema> {
  /** Of what others show: whose state does not fit is left out. Make it outside of components. */
  schema?: P | undefined
}

/** Who shows what. `state` is by the schema. */
export type Present<T> = Omit<Presence, 'state'> & { state: T }

export interface RoomPresence<P extends PresenceSchema> {
  /** The other connections: one entry each, other tabs of this user too. */
  others: readonly Present<z.output<P>>[]
  /** This connection, as the others see it; null while it shows nothing. */
  own: Present<z.output<P>> | null
  /**
   * Shows this connection to the others with any small state; null: it is away. Does nothing while there is no room. The same
   * function while the room is the same.
   */
  present: (state: z.input<P> | null) => void
}

/** What presence is read off: an open room, of whatever data. */
export type PresentRoom = Pick<Room, 'conn' | 'present' | 'presence' | 'subscribe'>

type AnyPresence = z.ZodType<Json, Json>

const NOBODY: readonly Presence[] = []
const nobody = () => NOBODY
const nothing = () => () => {}

/**
 * Who is present in a room that `useRoom` opened (`null`, while it opens: nobody). Renders when somebody comes, goes or shows
 * something else, and only then. What is shown stays until `present(null)`, or until the room is closed.
 */
export function usePresence<P extends PresenceSchema = AnyPresence>(
  room: PresentRoom | null,
  { schema }: UsePresenceOptions<P> = {},
): RoomPresence<P> {
  const subscribe = room?.subscribe ?? nothing
  const all = useSyncExternalStore(subscribe, () => room?.presence ?? NOBODY, nobody)
  const conn = room?.conn
  const read = useMemo(() => all.flatMap((one) => fit(one, schema)), [all, schema])
  const others = useMemo(() => read.filter((one) => one.conn !== conn), [read, conn])
  const present = useCallback((state: z.input<P> | null) => room?.present(state), [room])
  return { others, own: read.find((one) => one.conn === conn) ?? null, present }
}

function fit<P extends PresenceSchema>(one: Presence, schema: P | undefined): Present<z.output<P>>[] {
  // edge: without a schema P is AnyPresence, whose output is any JSON
  if (schema === undefined) return [one as Present<z.output<P>>]
  const { success, data } = schema.safeParse(one.state)
  return success ? [{ ...one, state: data }] : []
}
