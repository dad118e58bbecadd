/** What an index of a list looks like in a pointer (RFC 6901, section 4): no sign, no leading zero. */
const INDEX = /^(?:0|[1-9]\d{0,8})$/
const BROKEN_ESCAPE = /~(?![01])/

/** The tokens of a JSON Pointer (RFC 6901), unescaped, `[]` for the root; null for a text that is none. */
export function parsePointer(pointer: string): string[] | null {
  if (pointer === '') return []
  if (!pointer.startsWith('/')) return null
  const tokens = pointer.slice(1).split('/')
  if (!pointer.includes('~')) return tokens
  return BROKEN_ESCAPE.test(pointer) ? null : tokens.map(unescaped)
}

// `~01` is the key `~1`: the slashes first, or it would become `/`.
const unescaped = (token: string) => token.replaceAll('~1', '/').replaceAll('~0', '~')
const escaped = (token: string) => token.replaceAll('~', '~0').replaceAll('/', '~1')

/** The JSON Pointer of these keys and indices. */
export function formatPointer(tokens: readonly (string | number)[]): string {
  let pointer = ''
  for (const token of tokens) pointer += `/${typeof token === 'number' ? token : escaped(token)}`
  return pointer
}

/** The pointer of what a pointer leads into; null for the root, which is in nothing. */
export const parentPointer = (pointer: string): string | null =>
  pointer === '' ? null : pointer.slice(0, pointer.lastIndexOf('/'))

/** The last token, as it is written. */
export const lastToken = (pointer: string): string => pointer.slice(pointer.lastIndexOf('/') + 1)

/** Whether a token is an index where a list stands. In a dictionary the same token is a key. */
export const isIndex = (token: string) => INDEX.test(token)

/** The id in a token `@id`, which names an element of a list by its id; null for any other token. */
export const idIn = (token: string) => (token.startsWith('@') ? token.slice(1) : null)
