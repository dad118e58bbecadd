// A page in a process of its own, to be killed: server, token, room and store file are its arguments. It edits as its input says.
import { createInterface } from 'node:readline'
import { openRoom } from '../../client/room.ts'
import type { Json } from '../../shared/json.ts'
import { fileStore } from './file-store.ts'

const [url = '', token = '', room = '', file = ''] = process.argv.slice(2)
const open = await openRoom({ url, token, room, store: fileStore(file) })
open.on('state', ({ state }) => console.log(`state ${state}`))
console.log('open')
for await (const line of createInterface({ input: process.stdin })) {
  const value: Json = JSON.parse(line)
  open.edit([
    { op: 'append', path: '/list', values: [value] },
    { op: 'increment', path: '/n', by: 1 },
  ])
  await Promise.resolve()
  console.log(`pending ${open.pending} ${JSON.stringify(open.data)}`)
}
