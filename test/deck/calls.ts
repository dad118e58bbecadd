import { connect, type FoyerClient } from '../../client/connect.ts'
import { toFoyerError } from '../../client/errors.ts'
import { datedUuid } from '../../server/uuid.ts'
import { tokenOf } from '../kit/tokens.ts'

export interface Person {
  id: string
  token: string
  client: FoyerClient
}

let people = 0
/** Somebody new, with a hostile name, at the server of that address. */
export async function personAt(url: string): Promise<Person> {
  const id = `person ${++people} "$\\`
  const token = await tokenOf(id)
  return { id, token, client: connect({ url, token }) }
}

/** `ok`, or the rule by which a call was refused. */
export const ruleOf = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (thrown: unknown) => toFoyerError(thrown).rule,
  )

/** A command's id, of now. */
export const commandId = (at: number = Date.now()) => datedUuid(new Date(at))

/** Small cards with these ids. */
export const infos = (...ids: string[]) => ids.map((id) => ({ type: 'info' as const, prompt: `page ${id}`, id }))
