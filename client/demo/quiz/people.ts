/** A guest of the development start: their name, and what tells two of that name apart (server/accounts.ts). */
const GUEST = /^(.+)-[0-9a-f]{8}$/

/** What to call a user. The service knows ids only, names are an application's; a guest's is in its id. */
export const nameOf = (user: string): string => GUEST.exec(user)?.[1] ?? user

/** Some people in a sentence. */
export const listed = (people: readonly string[]): string => new Intl.ListFormat('en').format(people)
