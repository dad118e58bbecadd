// Preloaded into a process (BUN_OPTIONS) whose clocks are to be wrong. SKEW_MS: how far the clock of the day is off. SKEW_RATE: how fast
// all of its clocks go, timers included; 1 is right.

const { SKEW_MS = '0', SKEW_RATE = '1' } = process.env
const offsetMs = Number(SKEW_MS)
const rate = Number(SKEW_RATE)

const wall = Date.now
const mono = performance.now.bind(performance)
const from = { wall: wall(), mono: mono() }
const skewed = () => Math.round(from.wall + offsetMs + (wall() - from.wall) * rate)

globalThis.Date = new Proxy(Date, {
  construct: (target, args, type) => Reflect.construct(target, args.length === 0 ? [skewed()] : args, type),
  get: (target, name, receiver) => (name === 'now' ? skewed : Reflect.get(target, name, receiver)),
})
performance.now = () => from.mono + (mono() - from.mono) * rate

/** What counts by these clocks fires by them. */
function paced<F extends (...args: never[]) => unknown>(timer: F): F {
  return new Proxy(timer, {
    apply: (target, self, [run, ms, ...rest]) => Reflect.apply(target, self, [run, Number(ms ?? 0) / rate, ...rest]),
  })
}
globalThis.setTimeout = paced(globalThis.setTimeout)
globalThis.setInterval = paced(globalThis.setInterval)

process.stderr.write(`clocks are off by ${offsetMs} ms and go at a rate of ${rate}\n`)
