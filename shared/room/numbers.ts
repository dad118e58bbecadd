import { RuleError } from '../rules.ts'
import type { Operation } from './operations.ts'

/** The sum that an increment makes. Throws out-of-bounds, with the bound as `limit` where there is one. */
export function increased(number: number, { by, min, max, clamp }: Extract<Operation, { op: 'increment' }>): number {
  // JSON knows no -0: adding 0 makes it 0, so that the data is the same after a fold of its text.
  const sum = number + by + 0
  if (min !== undefined && sum < min) return clamp ? bounded(min) : outOfBounds(min)
  if (max !== undefined && sum > max) return clamp ? bounded(max) : outOfBounds(max)
  return Number.isFinite(sum) ? sum : outOfBounds()
}

const bounded = (bound: number) => (Number.isFinite(bound) ? bound + 0 : outOfBounds())

function outOfBounds(limit?: number): never {
  throw new RuleError('out-of-bounds', limit === undefined ? {} : { limit })
}
