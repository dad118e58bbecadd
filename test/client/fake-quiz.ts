import { createReturnedOf, followUps, insteadOfParent, returnId, takeBackOf } from '../../shared/quiz/follow.ts'
import type { QuizCommand } from '../../shared/quiz/commands.ts'
import type { QuizEvent } from '../../shared/quiz/events.ts'
import type { Json } from '../../shared/json.ts'
import type { ReturnTo } from '../../shared/quiz/state.ts'
import { mayRead, type QuizView, viewOf } from '../../shared/quiz/view.ts'
import type { QuizSeen } from '../../shared/quiz/wire.ts'
import type { QuizReply } from '../../shared/quiz/wire.ts'
import { isTimely } from '../../shared/log/logged.ts'
import { RuleError } from '../../shared/rules.ts'
import { MemoryQuiz, user as actorOf, WORKER } from '../quiz/memory.ts'

const RETENTION_MS = 86_400_000
type Done = Omit<QuizReply, 'now'>

/** Quiz rooms on a server in this process, by the very rules of the real ones. All are friends. Everything that follows is done at once. */
export class FakeQuizzes {
  readonly rooms = new Map<string, MemoryQuiz>()
  /** All calls that came, repeats included. */
  readonly calls: { path: string; input: Record<string, unknown>; user: string }[] = []
  /** The server's clock is ahead of ours by this, ms. */
  skewMs = 0
  /** What keeps a command from being decided. */
  refusal: (user: string, command: QuizCommand) => RuleError | null = () => null
  /** Where occupants go stays unknown while this is so. */
  isReturnHeld = false
  readonly #followed = new Map<MemoryQuiz, number>()
  readonly #done = new Map<string, { hash: string; reply: Done }>()
  readonly #readers = new Set<(room: string) => void>()

  constructor(...rooms: readonly MemoryQuiz[]) {
    for (const room of rooms) this.put(room)
  }

  put(room: MemoryQuiz): MemoryQuiz {
    this.rooms.set(room.it.room, room)
    this.#followed.set(room, room.log.length)
    return room
  }

  now = () => Date.now() + this.skewMs

  /** The room, if the user may see it. Errors: room-gone, not-occupant. */
  read(room: string, user: string): MemoryQuiz {
    const found = this.rooms.get(room)
    if (found === undefined) throw new RuleError('room-gone')
    const rule = mayRead(found.it, user)
    if (rule !== null) throw new RuleError(rule)
    return found
  }
  view = (room: string, user: string): QuizView => viewOf(this.read(room, user).it, user)
  /** The same as the service sends it. */
  seen = (room: string, user: string): QuizSeen => ({ ...this.view(room, user), now: this.now() })

  /** What happens in a room without a client of the test: its conductor, others. */
  inRoom<T>(id: string, run: (room: MemoryQuiz) => T): T {
    const room = this.rooms.get(id)
    if (room === undefined) throw new Error(`there is no ${id}`)
    room.now = Math.max(room.it.at, this.now())
    const done = run(room)
    this.follow()
    return done
  }

  /** Does a command as the server does: once for each id. */
  run(user: string, { room: id, command }: { room: string; command: QuizCommand }, own: string): Done {
    const { facts: _, ...meant } = { facts: null, ...command }
    const hash = JSON.stringify([id, meant.type === 'spawn' ? { ...meant, child: null } : meant])
    const known = this.#done.get(own)
    if (known !== undefined) {
      if (known.hash !== hash) throw new RuleError('idempotency-mismatch')
      return { ...known.reply, replayed: true }
    }
    if (!isTimely(own, { now: this.now(), retentionMs: RETENTION_MS }))
      throw new RuleError('stale-command', { now: this.now() })
    const refused = this.refusal(user, command)
    if (refused !== null) throw refused
    if (!this.rooms.has(id)) throw new RuleError('room-gone')
    const reply = this.inRoom(id, (room): Done => {
      const outcome = room.send(command, actorOf(user))
      if ('rule' in outcome) throw new RuleError(outcome.rule)
      const result: Json = command.type === 'spawn' ? { child: command.child } : outcome.result
      return { room: id, version: room.log.length, replayed: false, result }
    })
    this.#done.set(own, { hash, reply })
    return reply
  }

  /** Calls back when something happened in a room; returns what stops it. */
  attach(wake: (room: string) => void): () => void {
    this.#readers.add(wake)
    return () => void this.#readers.delete(wake)
  }
  /** How many streams are open. */
  get readers(): number {
    return this.#readers.size
  }

  /** Does what follows from what has happened, and tells of it. */
  follow(): void {
    for (const room of [...this.rooms.values()]) {
      for (let at = this.#followed.get(room) ?? 0; at < room.log.length; at++) this.#after(room, room.events[at])
      this.#followed.set(room, room.log.length)
      for (const wake of [...this.#readers]) wake(room.it.room)
    }
  }

  #after(room: MemoryQuiz, event: QuizEvent | undefined): void {
    if (event === undefined) return
    for (const next of followUps(event, room.it)) {
      if (next.type === 'spawn') this.#make(room, next.command).startConductor()
      if (next.type === 'return' && !this.isReturnHeld) this.return(room.it.room, next.returnTo)
    }
  }

  #make(like: MemoryQuiz, command: QuizCommand & { room: string }): MemoryQuiz {
    const made = new MemoryQuiz(like.cards)
    made.now = this.now()
    made.does(command, WORKER)
    return this.put(made)
  }

  /** Brings an ended room's occupants back. */
  return(id: string, wanted?: ReturnTo): void {
    const child = this.rooms.get(id)
    const to = wanted ?? child?.it.ended?.returnTo
    if (child === undefined || to === null || to === undefined || to.to === 'deck') return
    const parent = to.to === 'parent' ? this.rooms.get(to.room) : undefined
    if (to.to === 'parent' && (parent === undefined || parent.it.ended !== null))
      return this.return(id, insteadOfParent(child.it))
    const made = createReturnedOf(child.it, returnId(id))
    const taken = takeBackOf(child.it, 'parent')
    if (made === null || taken === null) return
    if (parent === undefined) this.#make(child, made)
    else parent.does(taken, WORKER)
    child.does({ type: 'returned', to: parent?.it.room ?? made.room }, WORKER)
  }
}
