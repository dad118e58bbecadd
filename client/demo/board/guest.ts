import { connect, type FoyerClient, retry } from '../../index.ts'
import { createRoom } from '../../room.ts'
import { boardSchema, EMPTY } from './data.ts'

/** Who this tab is: a guest, whom the development start lets in. An application has accounts of its own instead. */
export interface Guest {
  name: string
  token: string
}

const KEY = 'foyer:demo:guest'
const SIGN_IN_MS = 15_000

/** Kept in this tab's storage: a reload is the same guest, another tab somebody else. */
export function recallGuest(): Guest | null {
  const text = sessionStorage.getItem(KEY)
  // edge: only `signIn` writes under this key
  return text === null ? null : (JSON.parse(text) as Guest)
}

export const forgetGuest = (): void => sessionStorage.removeItem(KEY)

/** The same guest as long as the name is the same. Errors: `guests-off`, `offline`. */
export async function signIn(name: string): Promise<Guest> {
  const known = recallGuest()
  if (known?.name === name) return known
  const client = connect({ url: '' })
  const { token } = await retry((signal) => client.account.guest.mutate({ name }, { signal }), {
    deadlineMs: SIGN_IN_MS,
  })
  const guest = { name, token }
  sessionStorage.setItem(KEY, JSON.stringify(guest))
  return guest
}

/** Calls and streams of this guest. */
export const clientOf = ({ token }: Guest): FoyerClient => connect({ url: '', token })

/** Makes a board, and gives its id. */
export async function makeBoard(guest: Guest, title: string): Promise<string> {
  const room = await createRoom({ client: clientOf(guest), schema: boardSchema, data: EMPTY, metadata: { title } })
  room.close()
  return room.id
}
