const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i

/** The board's id in a link, or in what somebody typed; null: there is none in it. */
export const boardIn = (text: string): string | null => UUID.exec(text)?.[0].toLowerCase() ?? null

/** Which board the address names, after `#` or as `?room=`. */
export const boardHere = (): string | null =>
  boardIn(location.hash) ?? boardIn(new URLSearchParams(location.search).get('room') ?? '')

export const linkTo = (room: string): string => `${location.origin}/board#${room}`

/** What its maker called it. */
export const titleOf = ({ title }: { title?: unknown }): string => (typeof title === 'string' ? title : 'A board')

/** The address follows; null: no board. Not an entry of the history: a board is left by leaving it. */
export const setPlace = (room: string | null): void =>
  history.replaceState(null, '', room === null ? '/board' : linkTo(room))
