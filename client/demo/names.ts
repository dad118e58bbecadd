const KIND =
  'amber brisk calm clever copper early fern gentle golden hazel ivory jade keen lively lunar mellow misty noble olive quiet rapid ruby sandy silver sunny tidal velvet warm wild young'
const THING =
  'badger beacon birch canyon comet coral delta ember falcon fjord harbor heron island lagoon lantern maple meadow orchid otter pebble pine raven reef ridge river sparrow summit thicket tulip willow'

function pick(words: string): string {
  const list = words.split(' ')
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1))
  return list[random % list.length] ?? 'room'
}

/** Easy to say over the phone; 90,000 of them, so that two strangers seldom share one. */
export function randomRoom(): string {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1))
  return `${pick(KIND)}-${pick(THING)}-${String(random % 100).padStart(2, '0')}`
}

/** A name for somebody who has not given one. */
export function randomPerson(): string {
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
  return `${capital(pick(KIND))} ${capital(pick(THING))}`
}
