import type { Json } from '../../shared/json.ts'
import type { Operation } from '../../shared/room/operations.ts'
import type { FoyerError } from '../errors.ts'
import type { Step } from './history.ts'

/** What an edit's sender hears. */
export interface EditReply {
  /** The room's version right after the edit. */
  version: number
  /** True: the server had done it before, and told so at a repeat. */
  replayed: boolean
  /** One for each `increment` (the number that it made) and `setIfAbsent` (whether it put its value), in order. */
  values: readonly (number | boolean | null)[]
}

export interface Answer {
  done: (reply: EditReply) => void
  refused: (error: FoyerError) => void
}

/** One edit that the server has not confirmed yet: all of it is applied to the view, or it is refused. */
export interface Part {
  /** As they are to be done on what stands before them: the confirmed data and the parts before. */
  operations: readonly Operation[]
  /** The same as applied to the view. */
  applied: readonly Operation[]
  /** Whether others changed something before it since it was made. */
  wasCarried: boolean
  /** What takes it back; null where nobody can ask for that. */
  step: Step | null
  answer: Answer | null
}

/** Data that parts are applied to, one upon the other. `bytes`: those of its JSON text, to hold the limits. */
export interface Base {
  data: Json
  bytes: number
}

export const partOf = (operations: readonly Operation[]): Part => ({
  operations,
  applied: operations,
  wasCarried: false,
  step: null,
  answer: null,
})
