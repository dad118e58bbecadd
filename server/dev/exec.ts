import { spawn } from 'node:child_process'

/** A progress line for the human who waits. */
export type Log = (line: string) => void

/** How a command ended: `code` is -1 when it could not start or was stopped at its time limit. */
export type Ran = { code: number; output: string }

/** Runs a command to its end, stdout and stderr gathered in `output`. Never rejects: a command that cannot start has code -1. */
export const exec = (command: readonly string[], options: { timeoutMs: number; cwd?: string }): Promise<Ran> => {
  const [file = '', ...args] = command
  const { promise, resolve } = Promise.withResolvers<Ran>()
  const child = spawn(file, args, {
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.timeoutMs,
    killSignal: 'SIGKILL',
  })
  let output = ''
  const gather = (chunk: Buffer) => {
    output += chunk.toString()
  }
  child.stdout.on('data', gather)
  child.stderr.on('data', gather)
  child.on('error', (error) => resolve({ code: -1, output: error.message }))
  child.on('close', (code, signal) => {
    if (signal) output += `\nstopped by ${signal}`
    resolve({ code: code ?? -1, output })
  })
  return promise
}

/** What a human wants to see of a failed command: the line that names the error, else the last one. */
export const reasonIn = (output: string): string => {
  const lines = output.trim().split('\n')
  return (lines.find((line) => /error|fail/i.test(line)) ?? lines.at(-1) ?? '').trim()
}
