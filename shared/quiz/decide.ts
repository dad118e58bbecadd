import { RuleError } from '../rules.ts'
import type { QuizCommand } from './commands.ts'
import { answer } from './decide-answer.ts'
import { conduct } from './decide-conduct.ts'
import { conductorReleased, conductorStarted, startConductor, terminate } from './decide-conductor.ts'
import { control } from './decide-control.ts'
import { create, isCreation } from './decide-create.ts'
import { invite, join, leave } from './decide-members.ts'
import { message, request } from './decide-messages.ts'
import { expire, reap, returned, spawn, takeBack } from './decide-return.ts'
import { type Answer, conflict, type Scene } from './decision.ts'
import type { QuizState } from './state.ts'

/**
 * What a command does to a quiz room, by seed 4's rules. Errors, returned and not thrown: room-gone (there never was such a room, or
 * it has ended), version-conflict for the creation of a room that there is, and those of each command. A refused command changes
 * nothing and may be sent again.
 */
export function decide(state: QuizState | null, command: QuizCommand, scene: Scene): Answer {
  if (isCreation(command)) return state === null ? create(command, scene) : conflict(state)
  if (state === null) return new RuleError('room-gone')
  if (command.type === 'returned') return returned(state, command, scene)
  return state.ended === null ? decideLive(state, command, scene) : new RuleError('room-gone')
}

type LiveCommand = Exclude<QuizCommand, { type: 'returned' | `create${string}` }>

function decideLive(state: QuizState, command: LiveCommand, scene: Scene): Answer {
  switch (command.type) {
    case 'answer':
      return answer(state, command, scene)
    case 'join':
      return join(state, command, scene)
    case 'leave':
      return leave(state, scene)
    case 'invite':
      return invite(state, command, scene)
    case 'message':
      return message(state, command, scene)
    case 'request':
      return request(state, command, scene)
    case 'control':
      return control(state, command, scene)
    case 'startConductor':
      return startConductor(state, command, scene)
    case 'terminate':
      return terminate(state, scene)
    case 'spawn':
      return spawn(state, command, scene)
    default:
      return scene.actor.service ? decideService(state, command, scene) : new RuleError('forbidden')
  }
}

type OfService = Extract<
  LiveCommand,
  { type: 'conduct' | 'conductorStarted' | 'conductorReleased' | 'reap' | 'expire' | 'takeBack' }
>

function decideService(state: QuizState, command: OfService, scene: Scene): Answer {
  switch (command.type) {
    case 'conduct':
      return conduct(state, command, scene)
    case 'conductorStarted':
      return conductorStarted(state, command, scene)
    case 'conductorReleased':
      return conductorReleased(state, command, scene)
    case 'reap':
      return reap(state, command, scene)
    case 'expire':
      return expire(state, command, scene)
    case 'takeBack':
      return takeBack(state, command, scene)
  }
}
