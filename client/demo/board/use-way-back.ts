import { useCallback, useEffect } from 'react'
import type { BoardRoom } from './edits.ts'

const isText = (target: EventTarget | null) => target instanceof HTMLInputElement && target.type !== 'radio'

/** Undo and redo of one's own, also by Ctrl+Z and Ctrl+Shift+Z (or Ctrl+Y); in a text field those are the field's. */
export function useWayBack(room: BoardRoom, say: (words: string) => void) {
  const undo = useCallback(async () => {
    if (!(await room.undo())) say('This cannot be taken back: others have changed it since.')
  }, [room, say])
  const redo = useCallback(async () => {
    if (!(await room.redo())) say('This cannot be done again: others have changed it since.')
  }, [room, say])
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || isText(event.target)) return
      const key = event.key.toLowerCase()
      const isRedo = key === 'y' || (key === 'z' && event.shiftKey)
      if (key !== 'z' && !isRedo) return
      event.preventDefault()
      if (isRedo && room.canRedo) void redo()
      if (!isRedo && room.canUndo) void undo()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [room, undo, redo])
  return { undo, redo }
}
