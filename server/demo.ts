import { problem } from './errors.ts'
import type { Log } from './log.ts'

interface DemoFile {
  type: string
  body: Uint8Array<ArrayBuffer>
  /** The name holds a hash of the content, so whoever has it has the newest. */
  hashed: boolean
}

/** The demo site's files by path, built once at the start. */
export type DemoFiles = ReadonlyMap<string, DemoFile>

export interface DemoOptions {
  /** Where build errors go; without it they are thrown. */
  log?: Pick<Log, 'error'>
  /** The page to bundle; its scripts and styles follow from it. */
  entry?: string
}

const ENTRY = new URL('../client/demo/index.html', import.meta.url).pathname
const INDEX = '/index.html'
/** The site may load its own files, talk to its own origin and nothing else. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * Bundles client/demo into memory; nothing is written and nothing else is served. A mistake in the site is logged and
 * gives null, since the service does not depend on it.
 */
export async function buildDemo({ log, entry = ENTRY }: DemoOptions = {}): Promise<DemoFiles | null> {
  const built = await Bun.build({
    entrypoints: [entry],
    target: 'browser',
    publicPath: '/',
    minify: true,
    sourcemap: 'none',
    // React's own checks are for its development; in a page they are three times the bytes.
    define: { 'process.env.NODE_ENV': '"production"' },
    throw: false,
  })
  if (!built.success) {
    const errors = built.logs.map(inPlace)
    if (log === undefined) throw new Error(errors.join('\n'))
    log.error({ errors }, 'the demo site could not be built; the service runs without it')
    return null
  }
  const files = new Map<string, DemoFile>()
  for (const output of built.outputs) {
    const path = output.path.replace(/^\.?\/?/, '/')
    files.set(path, {
      type: output.type,
      body: new Uint8Array(await output.arrayBuffer()),
      hashed: output.hash !== null && path.includes(output.hash),
    })
  }
  return files
}

function inPlace({ message, position }: BuildMessage | ResolveMessage): string {
  return position === null ? message : `${position.file}:${position.line}:${position.column}: ${message}`
}

/** A file of the demo site; every path without an extension is the page itself, whose script reads the path. */
export function demoResponse(files: DemoFiles | null, path: string): Response {
  const file = files?.get(path) ?? (/\.[^/]*$/.test(path) ? undefined : files?.get(INDEX))
  if (file === undefined) return problem({ rule: 'not-found', details: {} })
  return new Response(file.body, {
    headers: {
      'content-type': file.type,
      'cache-control': file.hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      'content-security-policy': CSP,
    },
  })
}
