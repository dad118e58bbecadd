import { rm } from 'node:fs/promises'
import { join } from 'node:path'

const ROOT = join(import.meta.dir, '..')
const OUT = join(import.meta.dir, 'dist')

/** What the package offers, by the names of package.json's `exports`. The test kit runs on Bun from its source. */
const HOOKS = ['client/react.ts', 'client/react-query.ts']
const CLIENT = ['client/index.ts', ...HOOKS]
const TYPED = [...CLIENT, 'test/kit/index.ts']

/** Builds `client/dist`: JavaScript for bundlers, dependencies left to them, and declarations that end at Foyer's own types. */
export async function buildPackage(): Promise<void> {
  await rm(OUT, { recursive: true, force: true })
  const entrypoints = CLIENT.map((path) => join(ROOT, path))
  // What two entries use is a chunk of its own: the package holds one `openRoom`, and one FoyerError for `instanceof`.
  await Bun.build({
    entrypoints,
    root: import.meta.dir,
    outdir: OUT,
    target: 'browser',
    format: 'esm',
    packages: 'external',
    splitting: true,
  })
  for (const path of HOOKS) await markForBrowsers(join(OUT, path.replace(/^client\/(.*)\.ts$/, '$1.js')))
  await emitTypes()
}

/** Frameworks that render on a server (React Server Components) want to be told of hooks; Bun's bundler drops the directive. */
async function markForBrowsers(path: string): Promise<void> {
  await Bun.write(path, `'use client'\n${await Bun.file(path).text()}`)
}

async function emitTypes(): Promise<void> {
  const config = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      outDir: join(OUT, 'types'),
      rootDir: ROOT,
    },
    include: [],
    files: TYPED.map((path) => join(ROOT, path)),
  }
  const path = join(ROOT, '.foyer', 'types.tsconfig.json')
  await Bun.write(path, JSON.stringify(config))
  // One checker: of several at once, one now and then finds no name for a type that another has named.
  const tsc = Bun.spawn([process.execPath, 'x', '--bun', 'tsc', '-p', path, '--singleThreaded'], {
    cwd: ROOT,
    stdout: 'inherit',
    stderr: 'inherit',
  })
  if ((await tsc.exited) !== 0) throw new Error('the declarations did not compile')
  for await (const name of new Bun.Glob('**/*.d.ts').scan(join(OUT, 'types')))
    await pointAtScripts(join(OUT, 'types', name))
}

/** A consumer's compiler resolves './x.js' to x.d.ts under every setting, './x.ts' only under some. */
async function pointAtScripts(path: string): Promise<void> {
  const text = await Bun.file(path).text()
  await Bun.write(path, text.replaceAll(/(["'])(\.{1,2}\/[^"']+)\.tsx?\1/g, '$1$2.js$1'))
}

if (import.meta.main) await buildPackage()
