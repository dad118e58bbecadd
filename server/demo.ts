import { problem } from './errors.ts'

/** The demo site's files by path, built once at the start. */
export type DemoFiles = ReadonlyMap<string, { type: string; body: Uint8Array<ArrayBuffer> }>

const ENTRY = new URL('../client/demo/index.html', import.meta.url).pathname
/** The site may load its own files, talk to its own origin and nothing else. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Bundles client/demo into memory; nothing is written and nothing else is served. */
export async function buildDemo(): Promise<DemoFiles> {
  const built = await Bun.build({ entrypoints: [ENTRY], minify: true, target: 'browser', publicPath: '/' })
  const files = new Map<string, { type: string; body: Uint8Array<ArrayBuffer> }>()
  for (const output of built.outputs) {
    const path = output.path.replace(/^\.?\/?/, '/')
    files.set(path, { type: output.type, body: new Uint8Array(await output.arrayBuffer()) })
  }
  return files
}

/** A file of the demo site; every path without an extension is the page itself, whose script reads the path. */
export function demoResponse(files: DemoFiles | null, path: string): Response {
  const file = files?.get(path) ?? (path.includes('.') ? undefined : files?.get('/index.html'))
  if (file === undefined) return problem({ rule: 'not-found', details: {} })
  return new Response(file.body, { headers: { 'content-type': file.type, 'content-security-policy': CSP } })
}
