import { useEffect, useState } from 'react'

const SHOWN_MS = 2_500

/** Copies a link, or what else `what` calls it; where the browser refuses (plain HTTP), shows it for copying by hand. */
export function CopyLink({ link, what = 'link' }: { link: string; what?: string }) {
  const [said, setSaid] = useState<'copied' | 'refused' | null>(null)
  useEffect(() => {
    if (said !== 'copied') return
    const timer = setTimeout(() => setSaid(null), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [said])

  const copy = () => {
    // Absent on plain HTTP, whatever its type says.
    const clipboard: Clipboard | undefined = navigator.clipboard
    if (clipboard === undefined) return setSaid('refused')
    clipboard.writeText(link).then(
      () => setSaid('copied'),
      () => setSaid('refused'),
    )
  }

  return (
    <>
      <button type="button" className="quiet" onClick={copy} data-testid="copy">
        {said === 'copied' ? 'Copied' : `Copy ${what}`}
      </button>
      <span className="hidden" role="status">
        {said === 'copied' ? `The ${what} is copied` : ''}
      </span>
      {said === 'refused' && (
        <p className="byhand">
          Copy this {what}: <code>{link}</code>
        </p>
      )}
    </>
  )
}
