import type { z } from 'zod'
import type { Presence } from '../../shared/room/schema.ts'
import { emitter } from '../emitter.ts'
import type { FoyerError } from '../errors.ts'
import { reading } from './reading.ts'
import type { Replica } from './replica.ts'
import type { DataSchema, RoomChange, RoomEvents, RoomSnapshot, RoomStateName } from './types.ts'

/** What the application sees of a replica: by events, and as one snapshot that is replaced and never changed. */
export function createPublisher<S extends DataSchema>(replica: Replica, schema: S | undefined) {
  const { on, emit } = emitter<RoomEvents<z.output<S>>>()
  const listeners = new Set<() => void>()
  const read = reading(schema)
  const first = read(replica.view.data)
  if (first.error !== null) throw first.error
  let { data } = first
  let error: FoyerError | null = null
  let state: RoomStateName = 'online'
  let presence: readonly Presence[] = []
  let snapshot: RoomSnapshot<z.output<S>> | null = null

  /** The snapshot is another. */
  const touch = (): void => {
    snapshot = null
    for (const listener of [...listeners]) listener()
  }

  const made = (): RoomSnapshot<z.output<S>> => {
    const { confirmed, view, history, pending } = replica
    const { owner, occupants, capacity, metadata } = view
    const { canUndo, canRedo } = history
    const room = { version: confirmed.seq, owner, occupants, capacity, metadata }
    return { data, ...room, state, pending: pending.waiting, canUndo, canRedo, presence, error }
  }

  const changed = (cause: RoomChange<z.output<S>>['cause'], events: RoomChange<z.output<S>>['events']): void => {
    const fit = read(replica.view.data)
    const isNews = fit.error !== error
    error = fit.error
    if (fit.error === null) data = fit.data
    touch()
    emit('change', { data, version: replica.confirmed.seq, cause, events })
    if (isNews && error !== null) emit('error', error)
  }

  return {
    on,
    emit,
    touch,
    changed,
    /** Whether data as it is now would fit the schema, or did not fit before either. */
    mayBe: (raw: Parameters<typeof read>[0]): FoyerError | null => (error === null ? read(raw).error : null),
    get snapshot() {
      snapshot ??= made()
      return snapshot
    },
    get state() {
      return state
    },
    enter: (next: RoomStateName): void => {
      if (state === next || state === 'ended') return
      state = next
      touch()
      emit('state', { state })
    },
    present: (list: readonly Presence[]): void => {
      presence = list
      touch()
      emit('presence', list)
    },
    subscribe: (listener: () => void): (() => void) => {
      // The same function twice is two subscriptions.
      const own = () => listener()
      listeners.add(own)
      return () => void listeners.delete(own)
    },
  }
}
export type Publisher<S extends DataSchema> = ReturnType<typeof createPublisher<S>>
