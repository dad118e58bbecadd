import { benchMongo } from '../mongo.ts'
import { benchAgenda } from './agenda.ts'
import { benchTakeover } from './takeover.ts'
import { benchLoad } from './load.ts'
await using mongo = await benchMongo()
const [,, what] = process.argv
try { 
if (what === 't') console.log('takeover', await benchTakeover(mongo, { samples: 10, lost: 'child' })) 
if (what === 'h') console.log('takeover', await benchTakeover(mongo, { samples: 10, lost: 'host' })) 
if (what === 'a') console.log('agenda', await benchAgenda(mongo, { samples: 5, lockMs: 3000, everyMs: 500 }))
if (what === 'l') { const r = await benchLoad(mongo, 'playing', { rooms: 50, ms: 10000 }); console.log('load', {...r, lateMs: r.lateMs.length, max: Math.max(...r.lateMs), spin: Math.max(...r.spinUpMs)}) }
} catch (e) { console.log(e) }
process.exit(0)
