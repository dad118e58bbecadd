import type { RoomFrame } from '../../shared/room/schema.ts'
import type { FoyerClient } from '../connect.ts'
import { follow, type FollowOptions } from '../follow.ts'

export type RoomStreamOptions = Pick<FollowOptions<unknown>, 'onReach' | 'onEnd' | 'signal' | 'spellMs' | 'pollMs'> & {
  client: FoyerClient
  room: string
  as: string | undefined
  presence: boolean
  /** The version to go on after; null: all of the room first. */
  after: () => number | null
  onFrame: (frame: RoomFrame) => void
}

/** The frames of one room, for ever: when the server is away it is asked again, from the version that it had come to. */
export function followRoom({ client, room, as, presence, after, onFrame, ...options }: RoomStreamOptions) {
  return follow<RoomFrame | { id: string; data: RoomFrame }>({
    ...options,
    subscribe: (handlers) =>
      client.room.events.subscribe({ room, as, presence, after: after() ?? undefined }, handlers),
    poll: async (signal) => {
      const news = await client.room.get.query({ room, as }, { signal })
      const { version } = news
      return [{ kind: 'snapshot', room, version, why: 'resync', view: JSON.stringify(news) }]
    },
    onNews: (item) => onFrame('data' in item ? item.data : item),
  })
}
