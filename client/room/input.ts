import { operationsFault } from '../../shared/room/operation-fault.ts'
import type { Operation } from '../../shared/room/operations.ts'
import { FoyerError } from '../errors.ts'

/** Operations as they will be on the wire, whatever the caller does with its objects later; or what the server would say of them. */
export function wireCopy(given: readonly Operation[]): readonly Operation[] | FoyerError {
  const copy = copyOf(given)
  if (copy instanceof FoyerError) return copy
  const fault = operationsFault(copy)
  if (fault === null) return copy
  const { path, message, params } = fault
  if (params !== undefined) return new FoyerError('limit-reached', { details: params })
  return new FoyerError('bad-request', { details: { issues: { [['operations', ...path].join('.')]: [message] } } })
}

function copyOf(given: readonly Operation[]): readonly Operation[] | FoyerError {
  try {
    // edge: JSON of operations is operations; what is in them is looked at above
    return JSON.parse(JSON.stringify(given)) as readonly Operation[]
  } catch (cause) {
    return new FoyerError('bad-request', { cause })
  }
}
