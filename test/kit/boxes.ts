import type { BoxCursor } from '../../shared/session/cursor.ts'
import { createBoxes } from '../../server/store/boxes.ts'
import { connectStore } from '../../server/store/connect.ts'

/** The boxes of one process over the database at `url`, without anything that wakes readers. */
export async function openBoxes({ url, expiryMs = 120_000 }: { url: string; expiryMs?: number }) {
  const store = await connectStore({ url, appName: 'foyer-test', onError: () => {} })
  const conflicts: string[] = []
  const boxes = createBoxes({
    signals: store.signals,
    clock: store.clock,
    expiryMs,
    onAppend: () => {},
    onConflict: (index) => void conflicts.push(index),
  })
  /** Appends a signal that carries this text; its id is the text too. */
  const say = (box: string, text: string) =>
    boxes.append({ id: text, box, seat: 'seat', gen: 1, print: text, signal: { kind: 'left', client: text } })

  /** All texts after the cursor, and the cursor after them. */
  const hear = async (box: string, after: BoxCursor | null = null) => {
    const texts: string[] = []
    for (let cursor = after; ;) {
      const page = await boxes.read(box, cursor)
      texts.push(...page.found.map(({ signal }) => signal.client))
      cursor = page.cursor
      if (page.end) return { texts, cursor }
    }
  }
  return { boxes, store, conflicts, say, hear, [Symbol.asyncDispose]: () => store.close() }
}
export type OpenBoxes = Awaited<ReturnType<typeof openBoxes>>
