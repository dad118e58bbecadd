// A page in a process of its own, to be killed. Its arguments: server, token, room, store file. A line of its input is one edit.
import { createInterface } from 'node:readline'
import { openRoom } from '../../client/room.ts'
import { fileStore } from './file-store.ts'

const [url = '', token = '', room = '', file = ''] = process.argv.slice(2)
const open = await openRoom({ url, token, room, store: fileStore(file) })
open.on('rejected', ({ error }) => console.log(`rejected ${error.rule}`))
console.log('open')
for await (const line of createInterface({ input: process.stdin })) {
  void open.edit([
    { op: 'insert', path: '/list', at: { index: 0 }, value: line },
    { op: 'increment', path: '/n', by: 1 },
  ])
  // What is kept is kept once a turn.
  await Promise.resolve()
  console.log(`${open.pending} wait`)
}
