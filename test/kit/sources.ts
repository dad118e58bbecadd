import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { ROOT } from './test-mongo.ts'

export interface Source {
  /** Path from the checkout's root. */
  path: string
  text: string
  /** The text with comments blanked, and strings, templates and regular expressions emptied; lines stay where they are. */
  code: string
  lines: number
}

export interface Import {
  /** A package's name, or a path from the root. */
  target: string
  local: boolean
  typeOnly: boolean
}

/** What git tracks, and what it would: files of the work tree that are not ignored. */
export const trackedFiles = (): string[] => {
  const git = Bun.spawnSync(['git', 'ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT })
  if (git.exitCode !== 0) throw new Error(`git ls-files failed: ${git.stderr.toString()}`)
  const listed = git.stdout
    .toString()
    .split('\n')
    .filter((path) => path !== '')
  return [...new Set(listed)].filter((path) => readText(path) !== null)
}

const readText = (path: string): string | null => {
  try {
    return readFileSync(join(ROOT, path), 'utf8')
  } catch {
    // Tracked, but deleted in the work tree.
    return null
  }
}

export const textOf = (path: string): string => readText(path) ?? ''

const TOKENS = new RegExp(
  [
    String.raw`\/\/[^\n]*|\/\*[\s\S]*?\*\/`,
    String.raw`'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"`,
    '`(?:\\\\.|[^`\\\\])*`',
    // A slash after an operator or an opening bracket begins a regular expression.
    String.raw`(?<=[=(,:[!&|?{};\n]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*`,
  ].join('|'),
  'g',
)

const blank = (token: string) => {
  const newlines = token.replaceAll(/[^\n]/g, '')
  return token.startsWith('/') ? newlines || ' ' : `''${newlines}`
}

export const sourceOf = (path: string): Source => {
  const text = textOf(path)
  return { path, text, code: text.replaceAll(TOKENS, blank), lines: text.split('\n').length - 1 }
}

const IMPORTS = /^\s*(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm

/** What a module imports or exports again. `import { type A }` counts as a value: it is, until every name is a type. */
export const importsOf = ({ path, text }: Source): Import[] =>
  [...text.matchAll(IMPORTS)].map(([, type, from, dynamic]) => {
    const named = from ?? dynamic ?? ''
    const local = named.startsWith('.')
    return { target: local ? normalize(join(dirname(path), named)) : named, local, typeOnly: type !== undefined }
  })

/** Where a pattern matches the code of a source, as `path:line`. */
export const found = ({ path, code }: Source, pattern: RegExp): string[] =>
  [...code.matchAll(new RegExp(pattern, 'g'))].map(({ index }) => `${path}:${code.slice(0, index).split('\n').length}`)
