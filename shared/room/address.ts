import type { Json } from '../json.ts'
import { RuleError } from '../rules.ts'
import type { Chain, Sought } from './chain.ts'
import type { Tokens } from './effects.ts'
import type { Element } from './operations.ts'
import { formatPointer, idIn, isIndex, parsePointer } from './pointer.ts'
import { idOf, isDictionary, isList, ownValue } from './values.ts'

/** One thing in both lines of versions (see Chain), every element on the way named by its index. */
export interface Address {
  /** null: the sender did not see it, or not for sure. */
  old: Tokens | null
  now: Tokens
}

export interface PathAddress extends Address {
  /** The pointer to use now: indices as they are now, ids as they were given. */
  pointer: string
  /** Whether the last token is of a list. */
  inList: boolean
}

export interface ElementAddress extends Address {
  /** How to name the element now. */
  at: Element
}

const stale = () => new RuleError('stale-index')

/** What tokens lead to; undefined: nothing. */
export function valueAt(data: Json, tokens: Tokens): Json | undefined {
  let value: Json | undefined = data
  for (const token of tokens) value = childOf(value, token)
  return value
}

function childOf(value: Json | undefined, token: string): Json | undefined {
  if (isList(value)) return isIndex(token) ? value[Number(token)] : undefined
  return isDictionary(value) ? ownValue(value, token) : undefined
}

/** Finds things by the pointers and elements that a command's sender gave. */
export class Finder {
  constructor(
    readonly chain: Chain,
    public data: Json,
  ) {}

  /** The thing at a pointer. `room`: tokens `@id` name elements. Throws stale-index. */
  path(
    pointer: string,
    { dialect = 'room', sought = 'value' }: { dialect?: 'room' | 'patch'; sought?: Sought } = {},
  ): PathAddress {
    const tokens = parsePointer(pointer) ?? []
    const out: string[] = []
    let address: Address = { old: [], now: [] }
    let value: Json | undefined = this.data
    let inList = false
    for (const [depth, token] of tokens.entries()) {
      inList = isList(value)
      const id = dialect === 'room' ? idIn(token) : null
      if (id !== null) address = inList ? this.#byId(address, id) : this.#byKey(address, token)
      else address = this.#byToken(address, token, depth === tokens.length - 1 ? sought : 'value')
      const last = address.now.at(-1) ?? ''
      out.push(inList && id !== null ? token : last)
      value = childOf(value, last)
    }
    return { ...address, pointer: formatPointer(out), inList }
  }

  /** An element of a list, or the gap before it. Throws stale-index. */
  element(list: Address, at: Element, sought: Sought = 'value'): ElementAddress {
    if ('id' in at) return { ...this.#byId(list, at.id), at }
    const address = this.#byToken(list, String(at.index), sought)
    return { ...address, at: { index: Number(address.now.at(-1)) } }
  }

  /** The end of a list: where the next element would stand. */
  end(list: Address): Address {
    const value = valueAt(this.data, list.now)
    const now = [...list.now, String(isList(value) ? value.length : 0)]
    return { now, old: this.chain.toOld(now) }
  }

  #byToken({ old, now }: Address, token: string, sought: Sought): Address {
    if (!isIndex(token)) return { old: old && [...old, token], now: [...now, token] }
    const further = old && [...old, token]
    const moved = further && this.chain.toNow(further, sought)
    if (moved === null) throw stale()
    return { old: further, now: moved }
  }

  /** `@x` where no list stands: a key, unless a list has gone from there since, of which it may have meant an element. */
  #byKey({ old, now }: Address, key: string): Address {
    const wasNoList = old !== null && this.chain.toNow([...old, '0']) !== null
    if (!wasNoList) throw stale()
    return { old: [...old, key], now: [...now, key] }
  }

  #byId({ now }: Address, id: string): Address {
    const list = valueAt(this.data, now)
    const index = isList(list) ? list.findIndex((element) => idOf(element) === id) : -1
    if (index < 0) return { old: null, now: [...now, `@${id}`] }
    const found = [...now, String(index)]
    // By way of its id: an element that has got this id since is another one than the sender meant.
    return { now: found, old: this.chain.toOld([...found, 'id'])?.slice(0, -1) ?? null }
  }
}
