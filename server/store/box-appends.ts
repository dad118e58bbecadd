import { LIMITS } from '../../shared/limits.ts'
import { RuleError } from '../../shared/rules.ts'
import type { Signal } from '../../shared/session/schema.ts'
import { randomId } from '../secrets.ts'
import { turns } from '../turns.ts'
import { boxHeads, type HeadOptions } from './box-heads.ts'
import type { BoxEdges } from './box-reads.ts'
import type { SignalDoc } from './docs.ts'

export interface AppendOptions extends HeadOptions {
  /** After the commit: wakes who waits on the box in this process. */
  onAppend: (box: string) => void
  onConflict: (index: string) => void
}

export interface Letter {
  /** Deterministic where a repeat must find it; see the flows. */
  id: string
  box: string
  seat: string
  gen: number
  print: string
  /** Absent: nothing to deliver, only to wake the readers of all processes. */
  signal?: Signal
}

/** `repeated`: it was stored before. `taken`: another one has its id, so somebody else was first. */
export type Appended = 'stored' | 'repeated' | 'taken'

const RACE_MS = 5_000

/** Thrown by a document's form when its box must be read first. */
class Unread extends Error {}

/**
 * Appends to boxes. The next n is the head's plus one, where the head is known from a majority read or an acknowledged
 * insert: so n + 1 never lands before n, and the unique index (box, n) lets exactly one writer of any process have each n.
 */
export function boxAppends(options: AppendOptions, edgesOf: (box: string) => Promise<BoxEdges | null>) {
  const { signals, clock, expiryMs, onAppend, onConflict } = options
  const heads = boxHeads(options, edgesOf)
  const inTurn = turns()

  /** Called when the document's batch departs; the lane has nothing else in flight, so the head is the newest known. */
  const form = ({ id, box, seat, gen, print, signal }: Letter): SignalDoc => {
    const head = heads.fresh(box)
    if (head === null) throw new Unread()
    const now = clock.now().getTime()
    const expiresAt = new Date(now + expiryMs)
    // Strictly growing, so that TTL removes in order and the head last.
    const purgeAt = new Date(Math.max(head.purgeAt.getTime() + 1, now + expiryMs))
    const doc = { _id: id, box, n: head.n + 1, inc: head.inc, seat, gen, print, expiresAt, purgeAt }
    return signal === undefined ? { ...doc, kind: 'wake' } : { ...doc, kind: signal.kind, body: JSON.stringify(signal) }
  }

  /** One try. Null: the n was taken or the box must be read; go again. */
  const attempt = async (letter: Letter): Promise<Appended | null> => {
    const { box } = letter
    const formed: SignalDoc[] = []
    const formOnce = () => {
      const doc = form(letter)
      formed.push(doc)
      return doc
    }
    try {
      const outcome = await signals.append(formOnce, box)
      if (outcome.stored) {
        formed.forEach(heads.advance)
        onAppend(box)
        return 'stored'
      }
      if (outcome.lost === '_id_') return await settled(letter)
      onConflict(`signals.${outcome.lost}`)
      heads.forget(box)
    } catch (error) {
      if (!(error instanceof Unread)) throw error
    }
    return null
  }

  const settled = async ({ id, print }: Letter): Promise<Appended> =>
    (await signals.byId(id))?.print === print ? 'repeated' : 'taken'

  /** Appends one signal, after those that this process was asked for before. Errors: unknown-outcome. */
  const append = (letter: Letter): Promise<Appended> => {
    const end = performance.now() + RACE_MS
    return inTurn(letter.box, () => raced(letter, end))
  }

  const raced = async (letter: Letter, end: number): Promise<Appended> => {
    while (performance.now() < end) {
      if (heads.fresh(letter.box) === null) await heads.read(letter.box)
      const appended = await attempt(letter)
      if (appended !== null) return appended
    }
    throw new RuleError('unknown-outcome')
  }

  /** Lets a caller's own signal into the box, or throws too-many-signals. What the service itself has to say is not bounded. */
  const admit = async (box: string): Promise<void> => {
    const head = heads.fresh(box)
    if (head !== null && head.waiting < LIMITS.signalsPerBox) return
    // Signals expire or are dropped without this process hearing of it: count them.
    if ((await heads.read(box)).waiting >= LIMITS.signalsPerBox)
      throw new RuleError('too-many-signals', { limit: LIMITS.signalsPerBox })
  }

  /** Wakes the readers of a box in every process, so that they look whether they still may read it. */
  const wake = (box: string, seat: string) => append({ id: randomId(), box, seat, gen: 0, print: '' })

  return { append, admit, wake }
}
