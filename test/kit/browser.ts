import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'
import { exec, reasonIn } from '../../server/dev/exec.ts'
import { ROOT } from './test-mongo.ts'

/** An executable to run, or why there is none: `test.skipIf('reason' in found)`. */
export type FoundBrowser = { path: string } | { reason: string }

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const PLACES = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']
const INSTALL_MS = 120_000

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // The fake names of mDNS candidates resolve on a desktop, not on a server or in a container.
  '--disable-features=WebRtcHideLocalIpsWithMdns',
]

/** Finds Chrome or Chromium: `CHROME`, then PATH, then what playwright-core can install. */
export const findBrowser = async (env: Record<string, string | undefined> = process.env): Promise<FoundBrowser> => {
  if (env.CHROME)
    return existsSync(env.CHROME) ? { path: env.CHROME } : { reason: `CHROME=${env.CHROME} does not exist` }
  const named = NAMES.map((name) => Bun.which(name, { PATH: env.PATH ?? '' })).find((path) => path !== null)
  const path = named ?? [...PLACES, chromium.executablePath()].find((place) => existsSync(place))
  return path === undefined ? install() : { path }
}

const install = async (): Promise<FoundBrowser> => {
  const cli = join(ROOT, 'node_modules/playwright-core/cli.js')
  const ran = await exec([process.execPath, '--bun', cli, 'install', 'chromium'], { timeoutMs: INSTALL_MS })
  const path = chromium.executablePath()
  if (ran.code === 0 && existsSync(path)) return { path }
  return { reason: `no Chrome or Chromium (set CHROME), and none could be installed: ${reasonIn(ran.output)}` }
}

/** Starts a headless browser that uses the network for nothing but the pages it is sent to. The caller closes it. */
export const launchBrowser = (path: string): Promise<Browser> => chromium.launch({ executablePath: path, args: ARGS })
