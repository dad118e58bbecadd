import type { Filter } from 'mongodb'
import type { Doc } from './docs.ts'

// edge: the driver cannot type a filter over a generic document; every such filter is built here.
export const filterOf = <D extends Doc>(filter: Record<string, unknown>) => filter as Filter<D>

export const idIn = <D extends Doc>(ids: readonly string[]) => filterOf<D>({ _id: { $in: ids } })
