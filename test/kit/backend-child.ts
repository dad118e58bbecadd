import { connectRooms } from '../../client/rooms.ts'
import { tokenOf } from './tokens.ts'

// A backend of its own process: `backend-child.ts <url> <versions>`. Says each event's place on its stdout, until it is killed.
const [url = '', versions = '{}'] = process.argv.slice(2)
const token = await tokenOf('backend', { role: 'service' })
const rooms = connectRooms({ url, token, rooms: JSON.parse(versions) })
rooms.on('events', ({ room, events }) => {
  process.stdout.write(`${JSON.stringify({ room, versions: events.map(({ version }) => version) })}\n`)
})
