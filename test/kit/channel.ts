import type { RTCDataChannel } from 'werift'
import { until } from './until.ts'

/** What came over a channel so far, as text. Attach it in the turn that gives the channel, and nothing is missed. */
export function received(channel: RTCDataChannel): string[] {
  const messages: string[] = []
  channel.addEventListener('message', (event: { data: string | Buffer }) => messages.push(event.data.toString()))
  return messages
}

/** Sends a word each way, and waits until both have arrived: whatever the signaling said, this is what counts. */
export async function talk(one: RTCDataChannel, other: RTCDataChannel): Promise<void> {
  const word = crypto.randomUUID()
  const heard = [received(one), received(other)]
  one.send(`${word} from one`)
  other.send(`${word} from other`)
  await until(() => heard[1]?.includes(`${word} from one`) && heard[0]?.includes(`${word} from other`), {
    what: 'data flows in both directions',
  })
}
