const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const ID = /^[\w-]{22}$/

/** Where one is in the quiz part of the site. `by`: what the maker of an invitation link calls themselves. */
export type Place =
  | { at: 'home' }
  | { at: 'deck'; deck: string }
  | { at: 'room'; room: string; from?: string }
  | { at: 'link'; link: string; by: string | null }

/** What a part of the page asks for, as the page of a room knows it. */
export type Destination = { room: string; from?: string } | { deck: string } | { home: true }

const matching = (text: string | null, pattern: RegExp) => (text !== null && pattern.test(text) ? text : undefined)

/** The place that an address names, after `#` or `?`. A link's secret belongs after `#`, which no server is sent. */
export function placeIn({ hash, search }: { hash: string; search: string }): Place {
  const said = new URLSearchParams(hash.replace(/^#/, ''))
  const asked = new URLSearchParams(search)
  const value = (name: string) => said.get(name) ?? asked.get(name)
  const link = matching(value('link'), ID)
  if (link !== undefined) return { at: 'link', link, by: value('by') }
  const room = matching(value('room'), UUID)
  const from = matching(value('from'), UUID)
  if (room !== undefined) return { at: 'room', room, ...(from === undefined ? {} : { from }) }
  const deck = matching(value('deck'), ID)
  return deck === undefined ? { at: 'home' } : { at: 'deck', deck }
}

export const placeOf = (to: Destination): Place =>
  'room' in to ? { at: 'room', ...to } : 'deck' in to ? { at: 'deck', ...to } : { at: 'home' }

/** The address of a place, within its origin. */
export function pathTo(place: Place): string {
  switch (place.at) {
    case 'home':
      return '/quiz'
    case 'deck':
      return `/quiz#deck=${place.deck}`
    case 'room':
      return `/quiz#room=${place.room}${place.from === undefined ? '' : `&from=${place.from}`}`
    case 'link': {
      const by = place.by === null ? '' : `&${new URLSearchParams({ by: place.by })}`
      return `/quiz#link=${place.link}${by}`
    }
  }
}

export const invitation = (link: string, by: string): string => `${location.origin}${pathTo({ at: 'link', link, by })}`
