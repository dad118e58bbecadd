import { RuleError } from '../shared/rules.ts'

/** An object or array of parsed JSON, by key or index. */
type Branch = Record<string, unknown>
const isBranch = (value: unknown): value is Branch => typeof value === 'object' && value !== null

const refuse = (what: string): never => {
  throw new RuleError('bad-request', { issues: { '(input)': [what] } })
}

const revived = (type: unknown, value: unknown): unknown => {
  if (type === 'undefined') return undefined
  if (type === 'Date' && typeof value === 'string') return new Date(value)
  return refuse('superjson: only Date and undefined are taken')
}

/**
 * Reads what a client's superjson wrote, but only `Date` and `undefined`, and only where the JSON has a value. superjson's
 * own reader does whatever the annotations say: a typed array of four billion elements, a cycle, or a tree of shared
 * references that no validator gets out of. Errors: bad-request.
 */
export function decodeInput(payload: unknown): unknown {
  // A call without an input, over a WebSocket.
  if (payload === undefined) return undefined
  if (!isBranch(payload)) return refuse('is not what superjson writes')
  const root: Branch = { json: payload.json }
  const { meta } = payload
  if (isBranch(meta) && meta.values !== undefined) annotate(meta.values, root, 'json')
  return root.json
}

/** A node of superjson's annotations: `[type]`, or annotations by path below. */
function annotate(node: unknown, parent: Branch, key: string): void {
  if (Array.isArray(node)) {
    if (node.length !== 1) refuse('superjson: only Date and undefined are taken')
    parent[key] = revived(node[0], parent[key])
  } else if (isBranch(node)) {
    for (const [path, below] of Object.entries(node)) descend(keysOf(path), below, { parent, key })
  } else refuse('superjson: broken annotations')
}

function descend(keys: string[], below: unknown, { parent, key }: { parent: Branch; key: string }): void {
  let at = { parent, key }
  for (const next of keys) {
    const inner = at.parent[at.key]
    if (!isBranch(inner) || !Object.hasOwn(inner, next)) return refuse('superjson: an annotation of nothing')
    at = { parent: inner, key: next }
  }
  annotate(below, at.parent, at.key)
}

/** superjson's paths: keys joined by dots, a dot inside of a key as `\.`, a backslash as `\\`. */
function keysOf(path: string): string[] {
  const keys = ['']
  for (let i = 0; i < path.length; i++) {
    if (path[i] === '.') keys.push('')
    else keys.push(`${keys.pop()}${path[i] === '\\' ? path[++i] : path[i]}`)
  }
  return keys
}
