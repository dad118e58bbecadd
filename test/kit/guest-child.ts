// A client in a process of its own, to be killed: url, session and store file are its arguments.
import { writeFileSync } from 'node:fs'
import { joiningAs } from './hosted.ts'

const [url = '', name = '', file = ''] = process.argv.slice(2)
const store = {
  getItem: () => null,
  setItem: (key: string, value: string) => writeFileSync(file, JSON.stringify([key, value])),
  removeItem: () => {},
}
await joiningAs(url, { name, store })
console.log('open')
