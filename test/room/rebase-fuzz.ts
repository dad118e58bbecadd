import type { Json } from '../../shared/json.ts'
import { applyOperations } from '../../shared/room/apply.ts'
import type { Element, Operation } from '../../shared/room/operations.ts'
import { locate } from '../../shared/room/place.ts'
import { rebaseOperations } from '../../shared/room/rebase.ts'
import { RuleError } from '../../shared/rules.ts'
import type { Random } from './random.ts'
import { Operations } from './random-operations.ts'

/** The hidden key by which a test knows an element again, whatever happened to it. */
const MARK = 'k'
let marks = 0

/** An element with a mark of its own, often with lists of such elements inside; some have ids, some keys look like indices. */
function marked(random: Random, depth = 2): Json {
  const more: Record<string, Json> = {}
  const list = () => Array.from({ length: random.below(4) }, () => marked(random, depth - 1))
  if (random.chance(0.3)) more.id = random.of(['a', 'b', 'c', 'd', 'e'])
  if (depth > 0 && random.chance(0.6)) {
    if (random.chance(0.1)) return list()
    more.list = list()
    if (random.chance(0.3)) Object.assign(more, { 0: list(), 1: marked(random, 0) })
  }
  return { [MARK]: ++marks, ...more }
}

function applied(data: Json, operation: Operation): { data: Json; operations: readonly Operation[] } | null {
  const done = applyOperations(data, [operation])
  return done instanceof RuleError ? null : done
}

/** What a token leads through: a dictionary, by id, or an index and the mark of the element that it names. */
type Passed = 'key' | 'id' | { mark: Json | undefined }

function passed(data: Json, pointer: string, ids: boolean): Passed[] {
  let value: Json | undefined = data
  return pointer
    .split('/')
    .slice(1)
    .map((token): Passed => {
      const here = value
      if (!Array.isArray(here)) {
        value = child(here, token.replaceAll('~1', '/').replaceAll('~0', '~'))
        return 'key'
      }
      const byId = ids && token.startsWith('@')
      value = byId ? here.find((element) => child(element, 'id') === token.slice(1)) : here[Number(token)]
      return byId || token === '-' ? 'id' : { mark: child(value, MARK) }
    })
}

function child(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return Object.entries<Json>(value).find(([name]) => name === key)?.[1]
}

/** Single operations: a JSON Patch in its parts. */
const parts = (operations: readonly Operation[]): Operation[] =>
  operations.flatMap((one): Operation[] =>
    one.op === 'patch' ? one.patch.map((part) => ({ op: 'patch', patch: [part] })) : [one],
  )

/** What an operation names in the data that it is done on, as marks; places between elements aside. */
export function aims(data: Json, operation: Operation): Passed[][] {
  if (operation.op !== 'patch') {
    const { path } = operation
    const at = 'at' in operation && operation.op !== 'insert' ? [elementPointer(path, operation.at)] : []
    return [path, ...at].map((pointer) => passed(data, pointer, true))
  }
  return operation.patch.flatMap((part) => {
    if (part.op === 'add') return [passed(data, above(part.path), false)]
    if (!('from' in part)) return [passed(data, part.path, false)]
    const from = passed(data, part.from, false)
    const rest =
      part.op === 'copy' ? data : applied(data, { op: 'patch', patch: [{ op: 'remove', path: part.from }] })?.data
    return rest === undefined ? [from] : [from, passed(rest, above(part.path), false)]
  })
}

const above = (pointer: string) => pointer.slice(0, Math.max(0, pointer.lastIndexOf('/')))
const elementPointer = (path: string, at: Element) =>
  `${path}/${'id' in at ? `@${at.id.replaceAll('~', '~0').replaceAll('/', '~1')}` : at.index}`

/** Where an `insert` by index goes: the mark of the element before it (null: the end, or not known), and all marks of the list. */
function gapOf(data: Json, operation: Operation): { next: Json; all: Json[] } {
  if (operation.op !== 'insert' || !('index' in operation.at)) return { next: null, all: [] }
  const list = applied(data, { op: 'append', path: operation.path, values: [null] })?.operations[0]
  const place = list?.op === 'append' ? locate(data, list.path).value : undefined
  const all = Array.isArray(place) ? place.map((element: Json) => child(element, MARK) ?? null) : []
  return { next: all[operation.at.index] ?? null, all }
}

export interface RebaseTally {
  rounds: number
  done: number
  stale: number
  failed: number
}

/**
 * From one base: others do a few commands, and a sender, who saw none of them, one. Rebased, each operation of it has to name the
 * elements that the sender named. Throws where it names another.
 */
export function fuzzRebase(random: Random, rounds: number): RebaseTally {
  const tally: RebaseTally = { rounds, done: 0, stale: 0, failed: 0 }
  for (let round = 0; round < rounds; round++) {
    const base: Json = {
      list: Array.from({ length: 5 }, () => marked(random)),
      a: { 0: marked(random), list: [marked(random)] },
    }
    const value = () => marked(random)
    const next = (data: Json) => new Operations(random, data, { value, hidden: MARK }).operation()
    const others = commands(base, 1 + random.below(4), next)
    const own = commands(base, 1 + random.below(3), next)
    const operations = gathered(own.given, random)
    const rebased = rebaseOperations(operations, others.applied, others.data)
    if (rebased instanceof RuleError) tally.stale++
    else if (
      compare({
        base,
        own: parts(operations),
        now: others.data,
        rebased: parts(rebased),
        others: others.applied,
      })
    )
      tally.done++
    else tally.failed++
  }
  return tally
}

/** Two elements may have one mark then: by a copy, or because a value that stood there was put in again. */
const isTwice = (mark: Json, edits: readonly (readonly Operation[])[]) =>
  edits.flat().some((one) => one.op === 'patch' && one.patch.some(({ op }) => op === 'copy')) ||
  new RegExp(`"${MARK}":${mark}[,}]`).test(JSON.stringify(edits))

/** Operations that work one after the other. */
function commands(data: Json, count: number, next: (data: Json) => Operation) {
  const given: Operation[] = []
  const all: (readonly Operation[])[] = []
  for (let tries = 0; tries < 40 && given.length < count; tries++) {
    const operation = next(data)
    const done = applied(data, operation)
    if (done === null || done.operations.length === 0) continue
    given.push(operation)
    all.push(done.operations)
    data = done.data
  }
  return { data, given, applied: all }
}

/** Sometimes the JSON Patches of a command as one. */
function gathered(operations: readonly Operation[], random: Random): readonly Operation[] {
  const patches = operations.flatMap((one) => (one.op === 'patch' ? one.patch : []))
  return random.chance(0.5) && patches.length > 1 && operations.every(({ op }) => op === 'patch')
    ? [{ op: 'patch', patch: patches }]
    : operations
}

interface Comparison {
  base: Json
  own: readonly Operation[]
  now: Json
  rebased: readonly Operation[]
  others: readonly (readonly Operation[])[]
}

/** Does both lines step by step. False: the rebased command fails, as it may. */
function compare({ base, own, now, rebased, others }: Comparison): boolean {
  let [old, current] = [base, now]
  const wrong: unknown[] = []
  for (const [at, operation] of own.entries()) {
    const other = rebased[at]
    if (other === undefined) throw new Error('an operation is gone')
    const [meant, hit] = [aims(old, operation), aims(current, other)]
    const [gap, gapNow] = [gapOf(old, operation), gapOf(current, other)]
    const isKept = gap.next === null || gap.next === gapNow.next || !gapNow.all.includes(gap.next)
    if (!sameAims(meant, hit) || !(isKept || isTwice(gap.next, [own, ...others])))
      wrong.push({ operation, other, meant, hit, gap, gapNow })
    const [oldDone, currentDone] = [applied(old, operation), applied(current, other)]
    if (oldDone === null || currentDone === null) return false
    old = oldDone.data
    current = currentDone.data
  }
  if (wrong.length > 0)
    throw new Error(`another element was hit\n${JSON.stringify({ wrong, own, rebased, others, base, now })}`)
  return true
}

const sameAims = (meant: Passed[][], hit: Passed[][]) =>
  meant.every((pointer, i) =>
    pointer.every((one, depth) => {
      const other = hit[i]?.[depth]
      return typeof one === 'object' ? typeof other === 'object' && other.mark === one.mark : other === one
    }),
  )
