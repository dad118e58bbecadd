import { nameOf } from '../people.ts'

/** What somebody is called, as the reader is spoken of. */
export const callOf = (user: string, me: string): string => (user === me ? 'You' : nameOf(user))

const SOME = 3

/** Ann, Bob, 4 others and you. */
export function namesIn(users: readonly string[], me: string): string {
  const others = users.filter((user) => user !== me).map(nameOf)
  if (others.length === 0) return 'Just you'
  const left = others.length - SOME
  const rest = left > 0 ? [`${left} ${left === 1 ? 'other' : 'others'}`] : []
  return new Intl.ListFormat('en').format([...others.slice(0, SOME), ...rest, 'you'])
}
