// A process that runs Agenda jobs, as Agenda's documents say: each job runs for as long as this process lives, and touches its lock.
import { Agenda } from 'agenda'
import { MongoBackend } from '@agendajs/mongo-backend'
import { MongoClient } from 'mongodb'

const { MONGODB_URL = '', LOCK_MS = '15000', EVERY_MS = '1000' } = process.env
const client = await MongoClient.connect(MONGODB_URL)
const lockMs = Number(LOCK_MS)
const agenda = new Agenda({
  backend: new MongoBackend({ mongo: client.db() }),
  defaultLockLifetime: lockMs,
  processEvery: Number(EVERY_MS),
  defaultConcurrency: 1_000,
  maxConcurrency: 1_000,
  defaultLockLimit: 1_000,
})
agenda.define('conduct', async (job) => {
  // edge: what the bench puts into each job
  const { n } = job.attrs.data as { n: number }
  await client.db().collection('runs').insertOne({ n, pid: process.pid, at: new Date() })
  for (;;) {
    await new Promise((go) => setTimeout(go, lockMs / 3))
    await job.touch()
  }
})
await agenda.start()
process.stdout.write(
  `${JSON.stringify({ level: 30, time: Date.now(), msg: 'listening', url: 'http://127.0.0.1:1' })}\n`,
)
