import { readFileSync, writeFileSync } from 'node:fs'
import type { SecretStore } from '../../client/session.ts'

/** What a browser's storage is to a page, in a file: what is written is there for the next, however this process ends. */
export function fileStore(file: string): SecretStore & { keys: () => string[] } {
  const read = (): Record<string, string> => {
    try {
      return JSON.parse(readFileSync(file, 'utf8'))
    } catch {
      return {}
    }
  }
  const write = (all: Record<string, string>) => writeFileSync(file, JSON.stringify(all))
  return {
    getItem: (key) => read()[key] ?? null,
    setItem: (key, value) => write({ ...read(), [key]: value }),
    removeItem: (key) => {
      const { [key]: _gone, ...rest } = read()
      write(rest)
    },
    keys: () => Object.keys(read()),
  }
}
