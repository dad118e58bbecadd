import type { LeaseStore } from '../../server/store/leases.ts'

export interface StraysParts {
  leases: Pick<LeaseStore, 'heldBy' | 'release'>
  worker: string
  /** It conducts the room, or is about to. */
  isKnown: (room: string) => boolean
}

/**
 * Gives back what stands as held by this process though it conducts nothing there: a claim that came through after it was given up, or
 * a release that did not. This process lives, so that nobody else would find these leases lost. Each call is one look: what two looks
 * in a row see is given back, since the first may have seen what was under way. With 5,000 leases a look each 15 s costs mongod 0.3 % of a
 * core, this process 1 %.
 */
export function createStrays({ leases, worker, isKnown }: StraysParts): () => Promise<void> {
  let seen = new Set<string>()
  return async () => {
    const strays = (await leases.heldBy(worker)).filter(({ room }) => !isKnown(room))
    const keyOf = ({ room, epoch }: { room: string; epoch: number }) => `${epoch} ${room}`
    const again = strays.filter((stray) => seen.has(keyOf(stray)))
    seen = new Set(strays.map(keyOf))
    await Promise.all(again.map(({ room, epoch }) => leases.release({ room, epoch, worker, to: 'wanted' })))
  }
}
