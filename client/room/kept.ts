import type { SecretStore } from '../session.ts'
import type { Command, Wire } from './command.ts'
import { partOf } from './part.ts'
import { operationsFault } from '../../shared/room/operation-fault.ts'
import type { Operation } from '../../shared/room/operations.ts'

/** What a page that closes leaves to the next: commands that were not confirmed, and the version that they stand on. */
export interface KeptQueue {
  version: number
  commands: readonly Command[]
}

export interface QueueKeeper {
  /** What the page before left. */
  kept: KeptQueue | null
  write: (queue: KeptQueue) => void
  /** Another page may have it now. */
  release: () => void
}

interface KeptCommand {
  id: string
  parts: readonly (readonly Operation[])[]
  ifVersion?: number | undefined
  wire: Wire | null
  base: number | null
  isHidden: boolean
}

type Locks = Pick<LockManager, 'request'>

/** Pages of one user in one room that may each keep a queue at the same time. */
const SLOTS = 8

/**
 * Where the queue of a room is kept. Pages that share a store (`localStorage`) take turns by Web Locks: each has a slot of its own,
 * and what a page left that is gone is taken over, once. Where there are no locks, one page at a time may use a store.
 */
export async function queueKeeper(store: SecretStore | undefined, key: string): Promise<QueueKeeper> {
  if (store === undefined) return { kept: null, write: () => {}, release: () => {} }
  const { slot, release } = await takeSlot(store, key, globalThis.navigator?.locks)
  return {
    kept: read(store, slot),
    write: (queue) => write(store, slot, queue),
    release,
  }
}

async function takeSlot(store: SecretStore, key: string, locks: Locks | undefined) {
  const slots = Array.from({ length: SLOTS }, (_, nth) => `${key}:${nth}`)
  const [first = key] = slots
  if (locks === undefined) return { slot: first, release: () => {} }
  const left = slots.filter((slot) => read(store, slot) !== null)
  for (const slot of new Set([...left, ...slots])) {
    const release = await hold(locks, `foyer:${slot}`)
    if (release !== null) return { slot, release }
  }
  return { slot: `${key}:${SLOTS}`, release: () => {} }
}

/** Takes a lock until it is released or the page is gone; null: somebody has it. */
function hold(locks: Locks, name: string): Promise<(() => void) | null> {
  const { promise, resolve } = Promise.withResolvers<(() => void) | null>()
  const held = locks.request(name, { ifAvailable: true }, (lock) => {
    if (lock === null) return resolve(null)
    return new Promise<void>((release) => resolve(release))
  })
  // Locks are refused to some pages (opaque origins): they have no other pages to share a store with.
  Promise.resolve(held).catch(() => resolve(() => {}))
  return promise
}

function read(store: SecretStore, slot: string): KeptQueue | null {
  try {
    // edge: this module writes the text; what else stands there fails below, and counts as nothing
    const { version, commands } = JSON.parse(store.getItem(slot) ?? '') as { version: number; commands: KeptCommand[] }
    const isWhole = commands.every(
      ({ parts }) => parts.length > 0 && parts.every((one) => operationsFault(one) === null),
    )
    if (!Number.isSafeInteger(version) || commands.length === 0 || !isWhole) return null
    return { version, commands: commands.map(commandOf) }
  } catch {
    return null
  }
}

const commandOf = ({ id, parts, ifVersion, wire, base, isHidden }: KeptCommand): Command => ({
  id,
  parts: parts.map(partOf),
  ifVersion,
  wire,
  base,
  acked: null,
  isHidden,
})

/** A store that is full or forbidden is as good as none. */
function write(store: SecretStore, slot: string, { version, commands }: KeptQueue): void {
  try {
    if (commands.length === 0) return store.removeItem(slot)
    const kept = commands.map(({ parts, id, ifVersion, wire, base, isHidden }): KeptCommand => {
      return { id, parts: parts.map(({ operations }) => operations), ifVersion, wire, base, isHidden }
    })
    store.setItem(slot, JSON.stringify({ version, commands: kept }))
  } catch {}
}
