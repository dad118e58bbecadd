import { readFile } from 'node:fs/promises'
import { type Child, startServer } from './children.ts'
import { httpClient } from './http.ts'
import { restCalls } from './mailbox-calls.ts'
import { type BenchMongo, benchMongo } from './mongo.ts'
import { machine, markdown, median } from './stats.ts'

export interface IdleOptions {
  hosts: number
  /** How long they wait once all are there, s. */
  seconds: number
  /** Of a minute, for the two medians that are compared, s. */
  windowSeconds: number
  /** Each keep's long-poll, ms. */
  waitMs: number
}

interface Sample {
  rssMb: number
  cpuSeconds: number
}
const TICKS_PER_SECOND = 100

/** Linux: resident memory and processor time of a process. */
async function sample(pid: number): Promise<Sample> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const stat = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ')
  const rssMb = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024
  return { rssMb, cpuSeconds: (Number(stat[11]) + Number(stat[12])) / TICKS_PER_SECOND }
}

/** Hosts that nobody joins, each in its chain of keeps on one server process; fails if any of them loses its room. */
export async function benchIdle(mongo: BenchMongo, options: IdleOptions) {
  await using server = await startServer(mongo.database().url)
  using client = httpClient(server)
  const bare = await sample(server.pid)
  const calls = restCalls(client)
  const end = Promise.withResolvers<void>()
  let ended = false
  let keeps = 0
  let started = 0
  const host = async (i: number) => {
    const room = `idle-${i}`
    const { key } = await calls.put(room, 'v=0', 'key')
    started++
    while (!ended) {
      if ((await calls.keep(room, key, options.waitMs)) !== null) throw new Error('an answer that nobody gave')
      keeps++
    }
  }
  const hosts = Array.from({ length: options.hosts }, async (_, i) => {
    // They came one after the other, not in one instant.
    await Bun.sleep((i / options.hosts) * options.waitMs)
    await host(i)
  })
  const broken = Promise.all(hosts)
  broken.catch((error) => end.reject(error))
  while (started < options.hosts) await Promise.race([Bun.sleep(100), end.promise])
  keeps = 0
  const samples = await watch(server, options, end.promise)
  const perSecond = keeps / options.seconds
  ended = true
  await broken
  return { bare, samples, perSecond }
}

async function watch({ pid }: Child, { seconds }: IdleOptions, broken: Promise<void>): Promise<Sample[]> {
  const samples: Sample[] = []
  for (let i = 0; i < seconds; i++) {
    samples.push(await sample(pid))
    await Promise.race([Bun.sleep(1_000), broken])
  }
  return samples
}

/** Medians of the first and of the last window of the resident memory: growth shows between them. */
export function growthOf(samples: Sample[], windowSeconds: number) {
  const rss = samples.map(({ rssMb }) => rssMb)
  const first = median(rss.slice(0, windowSeconds))
  const last = median(rss.slice(-windowSeconds))
  return { first, last, ratio: last / first }
}

/** The median of each window: a curve that flattens is warm-up, one that goes on is a leak. */
const curveOf = (samples: Sample[], windowSeconds: number) =>
  Array.from({ length: Math.floor(samples.length / windowSeconds) }, (_, i) =>
    median(samples.slice(i * windowSeconds, (i + 1) * windowSeconds).map(({ rssMb }) => rssMb)).toFixed(0),
  )

if (import.meta.main) {
  const minutes = Number(process.env.BENCH_MINUTES ?? 1)
  const options = { hosts: 10_000, seconds: minutes * 60, windowSeconds: minutes >= 3 ? 60 : 15, waitMs: 8_000 }
  await using mongo = await benchMongo()
  const { bare, samples, perSecond } = await benchIdle(mongo, options)
  const { first, last, ratio } = growthOf(samples, options.windowSeconds)
  const cpu = ((samples.at(-1)?.cpuSeconds ?? 0) - (samples[0]?.cpuSeconds ?? 0)) / (options.seconds - 1)
  const perHost = ((first - bare.rssMb) * 1_024) / options.hosts
  console.log(machine())
  console.log(
    markdown([
      ['idle hosts', 'minutes', 'keeps/s', 'CPU of one core', 'RSS first', 'RSS last', 'last / first', 'KB a host'],
      [
        String(options.hosts),
        String(minutes),
        perSecond.toFixed(0),
        `${(cpu * 100).toFixed(0)} %`,
        `${first.toFixed(0)} MB`,
        `${last.toFixed(0)} MB`,
        ratio.toFixed(3),
        perHost.toFixed(1),
      ],
    ]),
  )
  console.log(`RSS by window of ${options.windowSeconds} s, MB: ${curveOf(samples, options.windowSeconds).join(' ')}`)
}
