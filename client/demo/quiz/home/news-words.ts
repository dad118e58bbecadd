import type { NotificationKind } from '../../../../shared/notification/schema.ts'

/** What a notification says, of whoever did it. */
export function newsWords(kind: NotificationKind, who: string): string {
  switch (kind) {
    case 'friend.requested':
      return `${who} would like to be your friend.`
    case 'friend.accepted':
      return `${who} is your friend now.`
    case 'room.invited':
      return `${who} invites you to a quiz room.`
    case 'room.added':
      return `${who} has brought you into a group room.`
  }
}
