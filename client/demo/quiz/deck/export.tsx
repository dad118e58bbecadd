import type { DeckView } from '../../../../shared/deck/schema.ts'
import { ask } from '../calls.ts'
import { Trouble } from '../parts/trouble.tsx'
import { useSite } from '../site.ts'
import { useAct } from '../use-act.ts'

/** A deck as a file. */
export function ExportPanel({ deck: { id, title } }: { deck: DeckView }) {
  const { client } = useSite()
  const { act, isBusy, trouble } = useAct()
  const give = (format: 'json' | 'csv') =>
    act(async () => {
      const { mediaType, text } = await ask((options) => client.deck.export.query({ deck: id, format }, options))
      save(new Blob([text], { type: mediaType }), `${fileName(title)}.${format}`)
    })
  return (
    <section className="panel" aria-labelledby="export-title" data-testid="export">
      <h2 id="export-title">Export</h2>
      <Trouble words={trouble} />
      <div className="row">
        <button type="button" disabled={isBusy} onClick={() => void give('json')}>
          JSON
        </button>
        <button type="button" disabled={isBusy} onClick={() => void give('csv')}>
          CSV
        </button>
      </div>
      <p className="dim">JSON has all that the deck says, CSV its cards for a spreadsheet. Both can be imported.</p>
    </section>
  )
}

/** A title without what a file system may refuse. */
const fileName = (title: string) => title.replaceAll(/[^\p{L}\p{N} -]+/gu, ' ').trim() || 'deck'

function save(blob: Blob, name: string): void {
  const anchor = document.createElement('a')
  anchor.href = URL.createObjectURL(blob)
  anchor.download = name
  anchor.click()
  // The browser has taken it over with the click.
  URL.revokeObjectURL(anchor.href)
}
