import { readFile } from 'node:fs/promises'
import { arch, platform } from 'node:os'
import { DryMongoBinary, MongoBinary } from 'mongodb-memory-server-core'
import { MongoBinaryDownloadUrl } from 'mongodb-memory-server-core/lib/util/MongoBinaryDownloadUrl.js'
import { ResolveConfigVariables, setDefaultValue } from 'mongodb-memory-server-core/lib/util/resolveConfig.js'
import { cacheMongod, withTempDir } from './cache.ts'
import type { Search } from './mongod.ts'

const REACHABLE_MS = 5_000

/** MongoDB's own download, as mongodb-memory-server does it for this platform. */
export const download = async ({ cacheDir, log }: Search): Promise<string> => {
  const options = await DryMongoBinary.generateOptions({ arch: arch(), platform: platform() })
  const url = await new MongoBinaryDownloadUrl(options).getDownloadUrl()
  await reachable(url)
  log(`downloading MongoDB ${options.version} from ${new URL(url).host}`)
  return withTempDir(cacheDir, async (downloadDir) => {
    // One attempt: the library counts attempts, and 0 would be none.
    setDefaultValue(ResolveConfigVariables.MAX_RETRIES, '1')
    // Otherwise the library accepts any certificate.
    process.env.npm_config_strict_ssl ??= 'true'
    const path = await MongoBinary.getPath({ version: options.version, downloadDir })
    return cacheMongod(cacheDir, options.version, await readFile(path))
  })
}

/** The library waits and retries for minutes where a firewall swallows packets: one short question comes first. */
const reachable = async (url: string): Promise<void> => {
  const { host } = new URL(url)
  const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(REACHABLE_MS) }).catch(
    (error: Error) => {
      throw new Error(`${host} is out of reach (${error.message})`)
    },
  )
  if (!answer.ok) throw new Error(`${host} has no build for this platform (status ${answer.status})`)
}
