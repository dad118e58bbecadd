/** What this tab hosts or has a seat in. */
export type Remembered =
  | {
      role: 'host'
      hostName: string
      name?: string
      visibility: 'public' | 'private'
      maxClients: number
      password?: string
      /** Ask before somebody comes in. */
      asks: boolean
      /** Who was let in already: after a reload they come back without being asked about. */
      accepted: string[]
    }
  | { role: 'guest'; name: string; clientName: string; password?: string }
export type Hosting = Extract<Remembered, { role: 'host' }>
export type Seated = Extract<Remembered, { role: 'guest' }>

const KEY = 'foyer:demo:session'

/** Kept in this tab's storage, like the client's secret, so that a reload takes over and the end of the tab forgets. */
export const remember = (what: Remembered): void => sessionStorage.setItem(KEY, JSON.stringify(what))

export const forget = (): void => sessionStorage.removeItem(KEY)

export function recall(): Remembered | null {
  const text = sessionStorage.getItem(KEY)
  // edge: only `remember` writes under this key
  return text === null ? null : (JSON.parse(text) as Remembered)
}
