/** What came to nothing, where it was asked for. */
export function Trouble({ words }: { words: string | null }) {
  if (words === null) return null
  return (
    <p className="notice wrong" role="alert" data-testid="trouble">
      {words}
    </p>
  )
}
