/**
 * Lets at most so many acts run at the same time; the others wait, in the order in which they came. For what a crowd asks for at once and
 * a connection pool would refuse to the last of it.
 */
export function slots(most: number) {
  let free = most
  const waiting: (() => void)[] = []

  const enter = (): Promise<void> | undefined => {
    if (free === 0) return new Promise((resolve) => waiting.push(resolve))
    free--
    return undefined
  }
  const leave = (): void => {
    const next = waiting.shift()
    if (next === undefined) free++
    else next()
  }
  return async <T>(act: () => Promise<T>): Promise<T> => {
    await enter()
    try {
      return await act()
    } finally {
      leave()
    }
  }
}
