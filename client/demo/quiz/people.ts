import { useSyncExternalStore } from 'react'

const KEY = 'foyer:demo:names'
const KEPT = 500
const GUEST = /^(guest-([0-9a-f]{4})[0-9a-f-]{32})(?:\s+(\S.*))?$/i

type Names = Readonly<Record<string, string>>
const listeners = new Set<() => void>()
let read: { text: string | null; names: Names } = { text: null, names: {} }

/** By user id. The service knows ids only, names are an application's; here they go along with codes and links, and stay in the browser. */
function names(): Names {
  const text = localStorage.getItem(KEY)
  // edge: only `learnName` writes under this key
  if (text !== read.text) read = { text, names: JSON.parse(text ?? '{}') as Names }
  return read.names
}

export function learnName(user: string, name: string | null | undefined): void {
  if (!name || names()[user] === name) return
  const { [user]: _, ...others } = names()
  const newest = [...Object.entries(others), [user, name]].slice(-KEPT)
  localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(newest)))
  for (const listener of listeners) listener()
}

/** What to call a user: the name they go by, where it is known. */
export const nameOf = (user: string): string =>
  (Object.hasOwn(names(), user) ? names()[user] : undefined) ?? unnamed(user)

/** A guest's id is random and long: this much tells guests apart. */
function unnamed(user: string): string {
  const [, , digits] = GUEST.exec(user) ?? []
  return digits === undefined ? user : `Guest ${digits.toUpperCase()}`
}

/** `nameOf`, for a component that is to show names as soon as they are known. */
export function useNames(): (user: string) => string {
  useSyncExternalStore(listen, names)
  return nameOf
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    removeEventListener('storage', listener)
  }
}

/** Some people in a sentence. */
export const listed = (people: readonly string[]): string => new Intl.ListFormat('en').format(people)

/** What somebody gives to others, for asking them to be friends: their id, and their name along with it. */
export const codeOf = (user: string, name: string): string => `${user} ${name}`

/** The user of a code; whatever is no code of a guest is taken for a bare id. */
export function personIn(code: string): { user: string; name?: string | undefined } {
  const [, user, , name] = GUEST.exec(code.trim()) ?? []
  return user === undefined ? { user: code.trim() } : { user, name }
}
