import { changed } from '../../shared/quiz/view-frame.ts'
import { type QuizView, viewOf } from '../../shared/quiz/view.ts'
import type { QuizFrame } from '../../shared/quiz/wire.ts'
import type { Line } from './quiz-checker.ts'

/** Without what is counted apart: frames of answers go to nobody but who gave them. And without the time at which it was told. */
const shown = (view: QuizView | null) =>
  JSON.stringify(view, (key, value: unknown) => {
    if (key === 'now') return undefined
    return ['answered', 'of', 'tally'].includes(key) ? null : value
  })

/**
 * I4: versions of a client's frames never fall, and after each of its changes the client sees what the log says it sees at that version.
 * `lines`: the room's whole log.
 */
export function frameFaults(lines: readonly Line[], user: string, frames: readonly QuizFrame[]): string[] {
  let view: QuizView | null = null
  let version = 0
  const told = (now: QuizView): string[] => {
    const state = lines[now.version - 1]?.state
    if (state === undefined) return [`${user} saw version ${now.version}, which is not in the log`]
    return shown(now) === shown(viewOf(state, user)) ? [] : [`${user} saw another room at ${now.version}`]
  }
  return frames.flatMap((frame) => {
    const faults = frame.version < version ? [`${user} was told of ${frame.version} after ${version}`] : []
    version = frame.version
    if (frame.kind === 'counts') return faults
    if (frame.kind === 'snapshot') return [...faults, ...told((view = frame.view))]
    for (const change of frame.changes) {
      if (view === null) return [...faults, `${user} was told of a change before anything else`]
      view = changed(view, change)
      faults.push(...told(view))
    }
    return faults
  })
}
