import { describe, expect, test } from 'bun:test'
import { found, type Import, importsOf, type Source, sourceOf, textOf, trackedFiles } from './kit/sources.ts'

const files = trackedFiles()
const sources = files.filter((path) => /\.tsx?$/.test(path)).map(sourceOf)
/** Runs on Bun and makes what the package offers; it stands beside what it builds. */
const BUILD = 'client/build.ts'
const isIn = (path: string, ...folders: string[]) => folders.some((folder) => path.startsWith(`${folder}/`))

/** Imports that break a rule, as `from -> to`. */
const breaking = (rule: (source: Source, imported: Import) => boolean) =>
  sources.flatMap((source) =>
    importsOf(source)
      .filter((imported) => rule(source, imported))
      .map(({ target }) => `${source.path} -> ${target}`),
  )
const everywhere = (pattern: RegExp, but: (path: string) => boolean = () => false) =>
  sources.filter(({ path }) => !but(path)).flatMap((source) => found(source, pattern))

describe('the layout', () => {
  test('has at its top what the user fixed, and nothing else', () => {
    const fixed = ['package.json', 'tsconfig.json', 'bunfig.toml', 'server', 'worker', 'client', 'shared', 'test']
    const also = ['README.md', 'bun.lock', '.gitignore', '.ci', 'LICENSE']
    const top = new Set(files.map((path) => path.split('/')[0] ?? ''))
    expect([...top].filter((name) => ![...fixed, ...also].includes(name))).toEqual([])
    expect(fixed.filter((name) => !top.has(name))).toEqual([])
  })

  test('has no file over 300 lines, and half of all below 100', () => {
    expect(sources.filter(({ lines }) => lines > 300).map(({ path, lines }) => `${path}: ${lines}`)).toEqual([])
    const sorted = sources.map(({ lines }) => lines).sort((a, b) => a - b)
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(100)
  })
})

describe('imports', () => {
  test('name the file with its extension', () => {
    expect(breaking((_, { target, local }) => local && !/\.\w+$/.test(target))).toEqual([])
  })

  test('shared/ takes zod and itself', () => {
    const wrong = breaking(
      ({ path }, { target, local }) => isIn(path, 'shared') && (local ? !isIn(target, 'shared') : target !== 'zod'),
    )
    expect(wrong).toEqual([])
  })

  test('client/ takes shared/, itself, and types of server/app.ts; nothing of Node or Bun', () => {
    const wrong = breaking(({ path }, { target, local, typeOnly }) => {
      if (!isIn(path, 'client') || path === BUILD) return false
      if (!local) return /^(node:|bun|mongodb|elysia|pino|prom-client)/.test(target)
      return !isIn(target, 'shared', 'client') && !(typeOnly && target === 'server/app.ts')
    })
    expect(wrong).toEqual([])
  })

  test('server/ and worker/ take neither client/ nor test/, and server/ not worker/', () => {
    const wrong = breaking(
      ({ path }, { target, local }) =>
        local &&
        ((isIn(path, 'server', 'worker') && isIn(target, 'client', 'test')) ||
          (isIn(path, 'server') && isIn(target, 'worker'))),
    )
    expect(wrong).toEqual([])
  })

  test('mongodb is for server/store/ (and for what starts and tests it)', () => {
    const wrong = breaking(
      ({ path }, { target }) => /^mongodb/.test(target) && !isIn(path, 'server/store', 'server/dev', 'test'),
    )
    expect(wrong).toEqual([])
  })

  test('server/ and worker/ run without server/dev/ and without development packages', () => {
    const { devDependencies } = JSON.parse(textOf('package.json'))
    const wrong = breaking(
      ({ path }, { target, local }) =>
        isIn(path, 'server', 'worker') &&
        !isIn(path, 'server/dev') &&
        (isIn(target, 'server/dev') || (!local && Object.hasOwn(devDependencies, target))),
    )
    expect(wrong).toEqual([])
  })
})

describe('the code', () => {
  test('sees `process` in the mains, the environment`s file and development only', () => {
    const may = (path: string) =>
      isIn(path, 'server/dev', 'test') || ['server/main.ts', 'worker/main.ts', 'server/env.ts', BUILD].includes(path)
    expect(everywhere(/(?<![\w$.-])process\s*[.[,)]|'node:process'/, may)).toEqual([])
  })

  test('has no `any`', () => {
    expect(everywhere(/(?<![\w$.'-])any(?![\w$:'-])/, (path) => path.endsWith('.tsx'))).toEqual([])
    expect(everywhere(/(?:[:<|&(,]|\bas)\s*any\b(?!\s*[a-z])/)).toEqual([])
  })

  test('has no non-null assertion', () => {
    expect(everywhere(/[\w$)\]]!(?![=\w])/, (path) => path.endsWith('.tsx'))).toEqual([])
  })

  test('casts at an edge only, and says why on the line above', () => {
    const casts =
      /(?<=[\w$)\]}'>]\s+)as\s+(?:[A-Z_$({['][\w$]*|unknown|any|string|number|boolean|object|never|readonly|keyof|typeof)(?!\w|\s*\}\s*from)/
    const unexplained = sources.flatMap((source) => {
      const lines = source.text.split('\n')
      return found(source, casts).filter((place) => {
        const at = Number(place.split(':')[1])
        const isRename = /^\s*(?:import|export)\b|^\s*(?:type )?\w+ as \w+,$/.test(lines[at - 1] ?? '')
        return !isRename && !lines.slice(Math.max(0, at - 5), at).some((line) => line.includes('// edge:'))
      })
    })
    expect(unexplained).toEqual([])
  })

  test('prints nothing past the log', () => {
    const may = (path: string) => isIn(path, 'server/dev', 'test/bench', 'test/kit') || path === 'test/run.ts'
    expect(everywhere(/\bconsole\s*\./, may)).toEqual([])
  })

  test('leaves no test out', () => {
    // The kit leaves out what this machine cannot run, with the reason; test/run.ts counts that.
    const may = (path: string) => isIn(path, 'test/kit')
    expect(everywhere(/\b(?:test|it|describe)\.(?:skip|only|todo)\b/, may)).toEqual([])
  })
})

describe('the package', () => {
  test('pins every dependency to one version', () => {
    const { dependencies, devDependencies } = JSON.parse(textOf('package.json'))
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)),
    )
    expect(loose).toEqual([])
  })

  test('names no path of somebody`s machine and no package host', () => {
    const paths = /(?<![\w.])\/(?:work|root|home|Users)\/\w/
    const hosts = /https?:\/\/[^\s'"]*(?:registry|artifactory|nexus|verdaccio|pythonhosted|pypi)/i
    const wrong = files
      .filter((path) => path !== 'test/tree.test.ts')
      .flatMap((path) =>
        textOf(path)
          .split('\n')
          .flatMap((line, i) => (paths.test(line) || hosts.test(line) ? `${path}:${i + 1}` : [])),
      )
    expect(wrong).toEqual([])
  })
})
