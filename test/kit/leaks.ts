import { readdir, readFile } from 'node:fs/promises'
import { exec } from '../../server/dev/exec.ts'
import { until } from './until.ts'

/** The environment variable that every process of a run inherits. */
export const RUN_MARK = 'FOYER_TEST_RUN'

/** A process that outlived its run. */
export type Leak = { pid: number; command: string }

const GRACE_MS = 5_000

/**
 * The processes of the run `id` that still live after `graceMs`, killed by the time this resolves. A process holds
 * every port and file of its own, so that nothing is left of a run whose processes are gone.
 */
export const findLeaks = async (id: string, graceMs = GRACE_MS): Promise<Leak[]> => {
  const none = async () => (await processesOf(id)).length === 0
  const gone = await until(none, { what: 'the end of all processes', deadlineMs: graceMs }).catch(() => false)
  const leaks = gone ? [] : await processesOf(id)
  for (const { pid } of leaks) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended in between.
    }
  }
  return leaks
}

/** The processes that live now and carry the mark of this run, without the one that asks. */
export const processesOf = async (id: string): Promise<Leak[]> => {
  const all = process.platform === 'linux' ? await fromProc(id) : await fromPs(id)
  return all.filter(({ pid }) => pid !== process.pid)
}

const fromProc = async (id: string): Promise<Leak[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
      if (!(await read('environ')).includes(`${RUN_MARK}=${id}\0`)) return []
      return [{ pid: Number(pid), command: (await read('cmdline')).replaceAll('\0', ' ').trim() }]
    }),
  )
  return found.flat()
}

const fromPs = async (id: string): Promise<Leak[]> => {
  const { output } = await exec(['ps', '-A', '-E', '-o', 'pid=,command='], { timeoutMs: GRACE_MS })
  const lines = output.split('\n').filter((line) => line.includes(`${RUN_MARK}=${id}`))
  return lines.map((line) => ({ pid: Number.parseInt(line), command: line.trim().slice(0, 200) }))
}
