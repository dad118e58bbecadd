/** What came between, in words. */
export const Trouble = ({ words }: { words: string | null }) =>
  words === null ? null : (
    <p className="notice wrong" role="alert" data-testid="trouble">
      {words}
    </p>
  )
