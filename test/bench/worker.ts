import { type BenchMongo, benchMongo } from './mongo.ts'
import { machine, markdown, ms, quantile, rate } from './stats.ts'
import { type AgendaOptions, benchAgenda } from './worker/agenda.ts'
import { type AnswersOptions, benchAnswers } from './worker/answers.ts'
import { benchLoad, type LoadOptions } from './worker/load.ts'
import { benchTakeover, type TakeoverOptions } from './worker/takeover.ts'

const PARTS = ['takeover', 'answers', 'playing', 'idle'] as const
type Part = (typeof PARTS)[number]

export interface WorkerBenchOptions {
  takeover: { samples: number; host: TakeoverOptions['env']; agenda: Omit<AgendaOptions, 'samples'>[] }
  answers: AnswersOptions
  /** How many conductors one child runs, one figure each. */
  playing: { rooms: readonly number[]; ms: number }
  idle: LoadOptions
}

export const DEFAULTS: WorkerBenchOptions = {
  // Agenda's own defaults are 10 minutes and 5 seconds: nobody waits for that here.
  takeover: {
    samples: 50,
    host: {},
    agenda: [
      { lockMs: 15_000, everyMs: 5_000 },
      { lockMs: 15_000, everyMs: 1_000 },
    ],
  },
  answers: { players: 1_000, questions: 20 },
  playing: { rooms: [100, 500, 1_000, 2_000], ms: 20_000 },
  idle: { rooms: 5_000, settleMs: 45_000, ms: 60_000 },
}

const seconds = (value: number) => (value / 1_000).toFixed(2)
const spread = (samples: readonly number[]) => [seconds(quantile(samples, 0.5)), seconds(Math.max(...samples))]

async function takeover(mongo: BenchMongo, { takeover: { samples, host, agenda } }: WorkerBenchOptions) {
  const child = await benchTakeover(mongo, { samples, lost: 'child' })
  const whole = await benchTakeover(mongo, { samples, lost: 'host', ...(host === undefined ? {} : { env: host }) })
  const rows = [
    ['Foyer, killed child (its supervisor lives)', ...spread(child)],
    ['Foyer, lost host (lease of 15 s)', ...spread(whole)],
  ]
  for (const { lockMs, everyMs } of agenda) {
    const again = await benchAgenda(mongo, { samples, lockMs, everyMs })
    rows.push([`Agenda 6.2.6, lock of ${lockMs / 1_000} s, looks each ${everyMs / 1_000} s`, ...spread(again)])
  }
  rows.push(['Agenda 6.2.6, its defaults: lock of 10 min, looks each 5 s', 'not waited for', '605 by its settings'])
  return markdown([[`until ${samples} run again, after kill -9`, 'p50, s', 'max, s'], ...rows])
}

async function answers(mongo: BenchMongo, options: WorkerBenchOptions) {
  const { perSecond, questionMs, stored, answers: sent } = await benchAnswers(mongo, options.answers)
  if (stored !== sent) throw new Error(`${sent} answers were acknowledged, ${stored} stand in the log`)
  const { players } = options.answers
  return `${rate(perSecond)} answers/s in one room of ${players} players through one process; a question's ${players}: p50 ${ms(quantile(questionMs, 0.5))} ms, max ${ms(Math.max(...questionMs))} ms`
}

const percent = (part: number) => `${(part * 100).toFixed(1)} %`

async function playing(mongo: BenchMongo, { playing: { rooms, ms: forMs } }: WorkerBenchOptions) {
  const rows: string[][] = []
  for (const count of rooms) {
    const { childCpu, mongodCpu, childMb, lateMs, spinUpMs } = await benchLoad(mongo, 'playing', {
      rooms: count,
      settleMs: 3_000,
      ms: forMs,
    })
    const late = [ms(quantile(lateMs, 0.5)), ms(quantile(lateMs, 0.99))]
    rows.push([
      String(count),
      percent(childCpu),
      percent(mongodCpu),
      childMb.toFixed(0),
      ...late,
      ms(quantile(spinUpMs, 0.95)),
    ])
  }
  const head = [
    'conductors, a question each 10 s',
    'worker, of a core',
    'mongod',
    'memory, MB',
    'late p50, ms',
    'p99',
    'spin-up p95, ms',
  ]
  return markdown([head, ...rows])
}

async function idle(mongo: BenchMongo, { idle: options }: WorkerBenchOptions) {
  const { childCpu, mongodCpu, childMb } = await benchLoad(mongo, 'idle', options)
  return `${options.rooms} idle leases: mongod ${percent(mongodCpu)} of a core, the worker ${percent(childCpu)}, ${childMb.toFixed(0)} MB`
}

const BENCHES: Record<Part, (mongo: BenchMongo, options: WorkerBenchOptions) => Promise<string>> = {
  takeover,
  answers,
  playing,
  idle,
}

if (import.meta.main) {
  const wanted = (process.env.ONLY ?? PARTS.join(',')).split(',')
  await using mongo = await benchMongo()
  console.log(machine())
  for (const part of PARTS.filter((name) => wanted.includes(name))) {
    // A part that ends before its time does not take the others with it.
    const text = await BENCHES[part](mongo, DEFAULTS).catch((error: unknown) => {
      process.exitCode = 1
      return String(error)
    })
    console.log(`\n## ${part}\n\n${text}`)
  }
}
