import type { Answer } from '../../shared/deck/answers.ts'
import type { Json } from '../../shared/json.ts'
import { FoyerError, toFoyerError } from '../errors.ts'
import type { Attempt, QuizCalls } from './calls.ts'
import type { Core } from './core.ts'
import { errorOf } from './end.ts'
import type { QuizAnswered, QuizCommands } from './types.ts'

/** What the application asks for. */
export function commandsOf(core: Core, calls: QuizCalls, user: string): QuizCommands {
  const { command, arrived, shown } = core
  let last: Promise<unknown> = Promise.resolve()
  const answers = new Map<string, Promise<QuizAnswered>>()

  const inOrder = <T>(run: () => Promise<T>): Promise<T> => {
    const done = last.then(run)
    last = done.catch(() => {})
    return done
  }
  const send = (attempt: Attempt) => inOrder(() => command(attempt, 'view'))

  const leave = async (): Promise<void> => {
    if (shown.snapshot.end !== null) return
    core.leaving(true)
    try {
      await send(calls.leave)
    } catch (thrown) {
      // The stream may bring the end before the reply comes.
      if (shown.snapshot.end === null || toFoyerError(thrown).rule !== 'aborted') throw thrown
    } finally {
      core.leaving(false)
    }
    if (shown.snapshot.view.owner !== user) core.end({ why: 'left' })
  }

  /** Who follows is in the new room, and this one closed, perhaps before the reply comes. */
  const spawnedAnyway = (thrown: unknown): string => {
    const { end, move } = shown.snapshot
    if (end?.why === 'closed' && move?.to === 'room' && move.from !== null) return move.room
    throw thrown
  }

  const giveAnswer = async (answer: { round: number; question: number; value: Answer }): Promise<QuizAnswered> => {
    const said = await command(calls.answer(answer), 'events')
    const told = answeredIn(said.result)
    // One that did not count changes nothing that would be heard of.
    if (told.counted) await arrived(said)
    return told
  }

  return {
    join: async () => void (await send(calls.join)),
    leave,
    invite: async (other) => void (await send(calls.invite(other))),
    message: (text, { proposal = null } = {}) =>
      inOrder(async () => arrived(await command(calls.message(text, proposal), 'events'))),
    start: async (payload) => void (await send(calls.start(payload))),
    terminate: async () => void (await send(calls.terminate)),
    spawn: (payload) => send(calls.spawn(payload)).then(({ result }) => childIn(result), spawnedAnyway),
    control: async (control) => void (await send(calls.control(control))),
    answer: async (value, to) => {
      const { game } = shown.snapshot.view
      const asked = to ?? game
      if (asked === null)
        throw shown.snapshot.end === null ? new FoyerError('no-conductor') : errorOf(shown.snapshot.end)
      const { round, question } = asked
      const key = `${round} ${question}`
      const known = answers.get(key)
      if (known !== undefined) return known
      const first = giveAnswer({ round, question, value })
      answers.set(key, first)
      first.catch(() => answers.delete(key))
      return first
    },
  }
}

const field = (value: Json, key: string): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined

const answeredIn = (result: Json): QuizAnswered => ({
  counted: field(result, 'counted') === true,
  late: field(result, 'late') === true,
})

function childIn(result: Json): string {
  const child = field(result, 'child')
  if (typeof child !== 'string') throw new FoyerError('internal', { message: 'The reply names no room' })
  return child
}
