import { RuleError } from '../rules.ts'

/** A place in a box of signals: after the n-th of this incarnation. */
export interface BoxCursor {
  inc: string
  n: number
}

const BOX = /^([\w-]{22})\.(\d{1,15})$/
const LIST = /^(\d{1,15})\.([\w-]{22})$/

const malformed = (field: string) =>
  new RuleError('bad-request', { issues: { [field]: ['is not a cursor of this service'] } })

export const formatBoxCursor = ({ inc, n }: BoxCursor) => `${inc}.${n}`

/** Reads a cursor back; absent is the beginning. Error: bad-request. */
export function parseBoxCursor(text: string | null | undefined): BoxCursor | null {
  if (text === undefined || text === null) return null
  const [, inc, n] = BOX.exec(text) ?? []
  if (inc === undefined) throw malformed('cursor')
  return { inc, n: Number(n) }
}

/** A place in the public list: after the session with this time and id. */
export interface ListCursor {
  at: Date
  id: string
}

export const formatListCursor = ({ at, id }: ListCursor) => `${at.getTime()}.${id}`

/** Reads a list cursor back; absent is the newest session. Error: bad-request. */
export function parseListCursor(text: string | undefined): ListCursor | null {
  if (text === undefined) return null
  const [, at, id] = LIST.exec(text) ?? []
  if (id === undefined) throw malformed('cursor')
  return { at: new Date(Number(at)), id }
}
