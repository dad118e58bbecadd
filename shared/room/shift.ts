import { type Effect, passesList, type Tokens } from './effects.ts'
import { isIndex } from './pointer.ts'

/** What tokens lead to: a value, or a place in a list, which stays even if the element goes before which it is. */
export type Aim = 'value' | 'place'

const isInside = (tokens: Tokens, outer: Tokens) =>
  tokens.length > outer.length && outer.every((token, depth) => token === tokens[depth])

/** The index that tokens take in a list; null if they do not lead through it. */
function indexIn(tokens: Tokens, list: Tokens): number | null {
  const token = isInside(tokens, list) ? tokens[list.length] : undefined
  return token !== undefined && isIndex(token) ? Number(token) : null
}

const withIndex = (tokens: Tokens, list: Tokens, index: number): Tokens => tokens.with(list.length, String(index))

/** Where the element at `index` stands after an element went from `from` to `to`. */
function afterMove(index: number, from: number, to: number): number {
  if (index === from) return to
  const without = index > from ? index - 1 : index
  return without >= to ? without + 1 : without
}

/** What tokens of the version before an effect are after it; null: they lead nowhere sure. */
export function after(tokens: Tokens, effect: Effect, aim: Aim): Tokens | null {
  if (effect.kind === 'lost') {
    if (!isInside(tokens, effect.path)) return tokens
    const rest = tokens.slice(effect.path.length)
    return (effect.lists && rest.some(isIndex)) || passesList(effect.value, rest) ? null : tokens
  }
  const { list } = effect
  const index = indexIn(tokens, list)
  if (index === null) return tokens
  const isPlace = aim === 'place' && tokens.length === list.length + 1
  const shifted = shiftedIndex(index, effect, isPlace)
  return shifted === null ? null : withIndex(tokens, list, shifted)
}

function shiftedIndex(index: number, effect: Exclude<Effect, { kind: 'lost' }>, isPlace: boolean): number | null {
  switch (effect.kind) {
    case 'insert':
      return index >= effect.index ? index + effect.count : index
    case 'remove':
      if (index === effect.index && !isPlace) return null
      return index > effect.index ? index - 1 : index
    case 'replace':
      return index === effect.index && !isPlace ? null : index
    case 'move': {
      if (index !== effect.index || !isPlace) return afterMove(index, effect.index, effect.to)
      return index >= effect.to ? index + 1 : index
    }
  }
}

/** What tokens of the version after an effect were before it; null: they lead to or into something that came by it. */
export function before(tokens: Tokens, effect: Effect): Tokens | null {
  if (effect.kind === 'lost') {
    const isPart = effect.path.every((token, depth) => token === tokens[depth])
    return isPart ? null : tokens
  }
  const { list } = effect
  const index = indexIn(tokens, list)
  if (index === null) return tokens
  switch (effect.kind) {
    case 'insert':
      if (index < effect.index) return tokens
      return index < effect.index + effect.count ? null : withIndex(tokens, list, index - effect.count)
    case 'remove':
      return index < effect.index ? tokens : withIndex(tokens, list, index + 1)
    case 'replace':
      return index === effect.index ? null : tokens
    case 'move':
      return withIndex(tokens, list, afterMove(index, effect.to, effect.index))
  }
}

/** Tokens to or into what came by `from`, as those of the same thing that came by its counterpart `to`; null: not for sure the same. */
export function transposed(tokens: Tokens, from: Effect, to: Effect): Tokens | null {
  const depth = from.kind === 'lost' ? from.path.length : from.list.length + 1
  const rest = tokens.slice(depth)
  if ((from.kind === 'lost' || from.kind === 'insert') && from.carried && rest.some(isIndex)) return null
  if (to.kind === 'lost') return [...to.path, ...rest]
  const offset = from.kind === 'lost' ? 0 : Number(tokens[depth - 1]) - from.index
  return [...to.list, String(to.index + offset), ...rest]
}
