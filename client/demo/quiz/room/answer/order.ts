/** A list with the element of one place at another one; the same list where there is no such place. */
export function moved(order: readonly number[], from: number, to: number): number[] {
  const element = order[from]
  if (element === undefined || to < 0 || to >= order.length) return [...order]
  return order.filter((_, place) => place !== from).toSpliced(to, 0, element)
}
