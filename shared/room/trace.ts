import type { Json } from '../json.ts'
import { type Address, Finder, type PathAddress } from './address.ts'
import { Chain } from './chain.ts'
import { type Effect, lost, removed, replaced, type Tokens } from './effects.ts'

/** What is known while the operations of one command are carried over, one by one. */
export class Trace {
  readonly chain: Chain
  readonly find: Finder
  /** False: something was done of which it is not sure how it looked to the sender, so that indices after it mean nothing sure. */
  sure = true

  /** `past`: what was done since the version that the command was made on. `data`: the data after that. */
  constructor(past: readonly Effect[], data: Json) {
    this.chain = new Chain(past)
    this.find = new Finder(this.chain, data)
  }

  /** What the operation at hand does at an address. */
  note({ old, now }: Address, effect: (tokens: Tokens) => Effect): void {
    if (old === null) this.sure = false
    else this.chain.push(effect(old), effect(now))
  }

  put(address: PathAddress, value: Json): void {
    this.note(address, (tokens) => (address.inList ? replaced(tokens) : lost(tokens, value)))
  }

  take(address: PathAddress): void {
    this.note(address, (tokens) => (address.inList ? removed(tokens) : lost(tokens)))
  }
}
