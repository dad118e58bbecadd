import { type Here, INKS } from './data.ts'

export interface Person {
  user: string
  name: string
  ink: number
  isMe: boolean
  isOwner: boolean
  /** Has the board open, in one tab or more. */
  isHere: boolean
}

export interface Seats {
  me: string
  owner: string
  occupants: readonly string[]
  /** Names by user id. */
  people: Readonly<Record<string, string>>
  /** What each connection shows. */
  shown: readonly { user: string; state: Here }[]
}

/** Everybody with a seat, oneself first. */
export function personsOf({ me, owner, occupants, people, shown }: Seats): Person[] {
  const heres = new Map(shown.map(({ user, state }) => [user, state]))
  const persons = occupants.map((user): Person => {
    const here = heres.get(user)
    const name = here?.name ?? (Object.hasOwn(people, user) ? people[user] : undefined) ?? user
    const isMe = user === me
    return {
      user,
      name,
      ink: here?.ink ?? inkOf(user),
      isMe,
      isOwner: user === owner,
      isHere: isMe || here !== undefined,
    }
  })
  return [...persons.filter(({ isMe }) => isMe), ...persons.filter(({ isMe }) => !isMe)]
}

/** A pen to begin with: the same after each reload, and seldom that of somebody else. */
export const inkOf = (user: string): number =>
  [...user].reduce((sum, char) => sum + (char.codePointAt(0) ?? 0), 0) % INKS.length
