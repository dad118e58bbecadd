import type { Store } from '../server/store/connect.ts'
import type { Lost } from './quiz/reap.ts'

export interface ReleaserParts {
  store: Pick<Store, 'leases' | 'workers'>
  reap: (lost: Lost) => Promise<unknown>
}

/** Frees what a child held that has ended, by who saw that: it is wanted again; the rooms that end with their conductor do. */
export const releaser =
  ({ store, reap }: ReleaserParts) =>
  async (worker: string): Promise<void> => {
    await store.workers.lose(worker)
    const { evanescent } = await store.leases.releaseAll({ worker })
    await Promise.all(evanescent.map(reap))
  }
