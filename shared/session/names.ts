const COLOURS = (
  'amber aqua azure beige black blue bronze brown cobalt copper coral cream crimson cyan ebony emerald gold green grey indigo ' +
  'ivory jade khaki lemon lilac lime magenta maroon mint navy ochre olive orange pearl pink plum purple red rose ruby ' +
  'rust sage sand scarlet silver slate tan teal violet white'
).split(' ')

const ANIMALS = (
  'badger bear beaver bison camel cat crane deer dingo dog dolphin eagle falcon ferret finch fox gecko goose hare hawk heron ' +
  'horse ibis jaguar koala lemur lion llama lynx magpie marten mole moose mouse newt otter owl panda parrot pony puffin quail ' +
  'rabbit raven robin seal sheep shrew sparrow stork swan tiger toad turtle walrus whale wolf wombat wren yak zebra'
).split(' ')

/** How many names there are: about 28 million, so a new one is nearly always free. */
export const NAMES = COLOURS.length * ANIMALS.length * 9_000

/** A name that is easy to say and to type, such as `amber-otter-4821`, for a whole number in [0, NAMES). */
export function speakableName(number: number): string {
  const digits = 1_000 + (number % 9_000)
  const words = Math.floor(number / 9_000)
  const colour = COLOURS[words % COLOURS.length] ?? 'amber'
  const animal = ANIMALS[Math.floor(words / COLOURS.length) % ANIMALS.length] ?? 'otter'
  return `${colour}-${animal}-${digits}`
}
