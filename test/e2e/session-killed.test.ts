import { expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RTCDataChannel } from 'werift'
import { hostSession } from '../../client/host.ts'
import { talk } from '../kit/channel.ts'
import { Deaf } from '../kit/deaf.ts'
import { joiningAs, memoryStore, peerOf } from '../kit/hosted.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { until } from '../kit/until.ts'

const { url: mongo } = useDatabase(import.meta.path)
const { url } = await spawnServer({ url: mongo })

/** Joins as Bob in a process of its own, which can be killed; what it kept is left behind. */
async function spawnBob(name: string) {
  const folder = mkdtempSync(join(tmpdir(), 'foyer-'))
  const file = join(folder, 'store.json')
  const script = join(import.meta.dir, '../kit/guest-child.ts')
  const child = Bun.spawn([process.execPath, script, url, name, file], { stdout: 'pipe', stderr: 'inherit' })
  const kill = async () => {
    child.kill('SIGKILL')
    await child.exited
    const [key, secret]: string[] = JSON.parse(readFileSync(file, 'utf8'))
    rmSync(folder, { recursive: true })
    return { key: key ?? '', secret: secret ?? '' }
  }
  return { kill }
}

test('a killed client: the host hears that it is lost, and it comes back to its seat with what it kept', async () => {
  const times = { silenceMs: 20, attemptMs: 1_000 }
  const hosted = await hostSession<Deaf, RTCDataChannel>({
    url,
    RTCPeerConnection: Deaf,
    iceServers: [],
    hostName: 'Alice',
    maxClients: 1,
    ...times,
  })
  const health: string[] = []
  hosted.on('health', (each) => void health.push(each.health))
  const child = await spawnBob(hosted.name)
  const first = await until(() => hosted.peers.get('Bob'), { what: 'Bob is connected', deadlineMs: 15_000 })

  const { key, secret } = await child.kill()
  first.peer.fallSilent()
  await until(() => health.at(-1) === 'lost', { what: 'Bob is lost', deadlineMs: 10_000 })
  expect(health).toEqual(['restarting', 'lost'])

  const store = memoryStore()
  store.setItem(key, secret)
  const bob = await joiningAs(url, { name: hosted.name, store })
  const again = await until(() => hosted.peers.get('Bob') !== first && hosted.peers.get('Bob'), { what: 'Bob is back' })
  await talk(bob.channel, again.channel)
  await bob.leave()
  await hosted.close()
}, 30_000)

test('a killed client without a secret: the host drops it, and its name is free', async () => {
  const hosted = await hostSession<Deaf, RTCDataChannel>({
    url,
    RTCPeerConnection: Deaf,
    iceServers: [],
    hostName: 'Alice',
  })
  const child = await spawnBob(hosted.name)
  await until(() => hosted.peers.get('Bob'), { what: 'Bob is connected', deadlineMs: 15_000 })
  await child.kill()
  await expect(joiningAs(url, { name: hosted.name })).rejects.toMatchObject({ rule: 'client-name-taken' })
  await hosted.drop('Bob')
  expect(hosted.peers.size).toBe(0)
  const bob = await joiningAs(url, { name: hosted.name })
  await talk(bob.channel, (await peerOf(hosted)).channel)
  await bob.leave()
  await hosted.close()
}, 30_000)
