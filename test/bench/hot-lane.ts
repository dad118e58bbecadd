import type { Outcome } from '../../server/commit.ts'

/** What a hot lane needs of a table: documents that are formed when their batch departs. */
export interface LaneTable<D> {
  append: (form: () => D, lane: string) => Promise<Outcome>
}

/** One caller after another: what a naive writer of one room has to do, since each document builds on the one before. */
export function oneAfterAnother() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(act: () => Promise<T>): Promise<T> => {
    const mine = last.then(act)
    last = mine.catch(() => {})
    return mine
  }
}

/**
 * The commands of one room as the room log writes them (room-log.md 5): whoever comes while a document is on its way is
 * in the next one. Resolves when the document that holds the command is stored.
 */
export function gatheredLane<D>(table: LaneTable<D>, docOf: (commands: number) => D) {
  let waiting: PromiseWithResolvers<void>[] = []
  const depart = async (riding: { commands: PromiseWithResolvers<void>[] }) => {
    const form = () => {
      riding.commands = waiting
      waiting = []
      return docOf(riding.commands.length)
    }
    const outcome = await table.append(form, 'hot')
    for (const command of riding.commands) {
      if (outcome.stored) command.resolve()
      else command.reject(new Error(`a document of the hot lane was refused by ${outcome.lost}`))
    }
  }
  return (): Promise<void> => {
    const command = Promise.withResolvers<void>()
    waiting.push(command)
    if (waiting.length === 1) depart({ commands: [] }).catch(command.reject)
    return command.promise
  }
}
