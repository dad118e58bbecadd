/** One gap of an Anki cloze note: `{{c1::text}}` or `{{c1::text::hint}}`. Gaps inside of gaps are not read. */
const GAP = /\{\{c(\d{1,3})::([^{}]{1,2000})\}\}/g

/** Whether a text has gaps to fill. */
export const isCloze = (text: string) => new RegExp(GAP.source).test(text)

export interface Cloze {
  /** The text with `[…]`, or the hint in brackets, for the gaps of this number; the others are filled. */
  prompt: string
  /** What was in them. */
  answer: string
}

const partsOf = (inside: string): { text: string; hint: string } => {
  const [text = '', hint = '…'] = inside.split('::')
  return { text, hint }
}

/** One card for each number of gaps, by number, as Anki makes them. */
export function clozesOf(text: string): Cloze[] {
  const numbers = new Set([...text.matchAll(GAP)].map(([, number]) => Number(number)))
  return [...numbers]
    .sort((a, b) => a - b)
    .map((wanted) => {
      const answers: string[] = []
      const prompt = text.replaceAll(GAP, (_, number: string, inside: string) => {
        const gap = partsOf(inside)
        if (Number(number) !== wanted) return gap.text
        answers.push(gap.text)
        return `[${gap.hint}]`
      })
      return { prompt, answer: answers.join(', ') }
    })
}
