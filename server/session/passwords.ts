/** Small costs (4 MiB, two passes: about 5 ms): a session lives for minutes, and everybody may ask for a join. */
const ARGON = { algorithm: 'argon2id', memoryCost: 4_096, timeCost: 2 } as const

/** A password as it is stored. */
export const hashPassword = (password: string) => Bun.password.hash(password, ARGON)

/** Whether a password opens a session; a session without one is open. */
export const opens = async (password: string | undefined, hash: string | undefined) =>
  hash === undefined || (password !== undefined && (await Bun.password.verify(password, hash)))
