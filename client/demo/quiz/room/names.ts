/** A guest's id is random and long: this much tells guests of one room apart. */
const GUEST = /^guest-([0-9a-f]{4})[0-9a-f-]+$/

/** What somebody is called here. An application has names of its own. */
export const nameOf = (user: string): string => {
  const [, digits] = GUEST.exec(user) ?? []
  return digits === undefined ? user : `Guest ${digits.toUpperCase()}`
}

/** The same, as the reader is spoken of. */
export const callOf = (user: string, me: string): string => (user === me ? 'You' : nameOf(user))

const SOME = 3

/** Ann, Bob and 4 others. */
export function namesIn(users: readonly string[], me: string): string {
  const others = users.filter((user) => user !== me).map(nameOf)
  if (others.length === 0) return 'Just you'
  const some = others.slice(0, SOME)
  const left = others.length - some.length
  const last = left > 0 ? `${left} ${left === 1 ? 'other' : 'others'}` : some.pop()
  return some.length === 0 ? `${last} and you` : `${some.join(', ')}, ${last} and you`
}
