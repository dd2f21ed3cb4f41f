import { chromium, type Browser, type Page } from '@playwright/test'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const ROOT = join(import.meta.dirname, '../../..')

/** Nothing of a system's own, as a browser of the tests has it; the sandbox cannot be had by root. */
const FLAGS = ['--lang=en-GB', '--disable-gpu', ...(process.platform === 'linux' ? ['--no-sandbox'] : [])]
const STARTS_WITHIN_MS = 60_000
const ENDS_WITHIN_MS = 15_000

/**
 * The command that starts Electron: `ISOLDE_ELECTRON`, a program or a command with words of its own, which is given what
 * Electron is; else the runtime of Electron's npm package; null where there is none.
 */
export function findElectron(): string[] | null {
  const named = process.env.ISOLDE_ELECTRON ?? ''
  if (named !== '') return existsSync(named) ? [named] : named.split(/\s+/)
  const folder = join(ROOT, 'node_modules/electron/dist')
  const found = ['electron', 'electron.exe', 'Electron.app/Contents/MacOS/Electron']
    .map((name) => join(folder, name))
    .find((path) => existsSync(path))
  return found === undefined ? null : [found]
}

/** Why specs of the desktop are skipped. */
export const NO_ELECTRON = 'no Electron: ISOLDE_ELECTRON names none, and its package has fetched none'

/** Starts the program without being able to look into it, as a file manager does. */
export function spawnElectron(args: readonly string[], environment: Record<string, string>): ChildProcess {
  const [program = '', ...words] = findElectron() ?? []
  return spawn(program, [...words, ROOT, ...FLAGS, ...args], { env: environment, stdio: 'ignore' })
}

/** The program in Electron, seen over the DevTools protocol: nothing of it has to be built for that. */
export class RunningElectron {
  /** Its exit status. */
  readonly ended: Promise<number | null>

  private constructor(
    readonly child: ChildProcess,
    private readonly browser: Browser,
  ) {
    this.ended = endOf(child)
  }

  /** @throws when it ends, or is not there in a minute */
  static async start(args: readonly string[], environment: Record<string, string>): Promise<RunningElectron> {
    const port = await freePort()
    const child = spawnElectron([`--remote-debugging-port=${port}`, ...args], environment)
    const address = `http://127.0.0.1:${port}`
    const deadline = Date.now() + STARTS_WITHIN_MS
    while (!(await fetch(`${address}/json/version`).catch(() => null))) {
      if (child.exitCode !== null) throw new Error(`Electron has ended with status ${child.exitCode}.`)
      if (Date.now() > deadline) {
        child.kill('SIGKILL')
        throw new Error('Electron does not answer.')
      }
      await wait(100)
    }
    return new RunningElectron(child, await chromium.connectOverCDP(address))
  }

  /** Every page of the program. */
  get pages(): Page[] {
    return this.browser.contexts().flatMap((context) => context.pages())
  }

  /** The first page of a host: `isolde` for the window, `verbs` for the small one. */
  async page(host = 'isolde'): Promise<Page> {
    const deadline = Date.now() + STARTS_WITHIN_MS
    while (Date.now() < deadline) {
      const found = this.pages.find((page) => page.url().startsWith(`app://${host}/`))
      if (found) return found
      await wait(50)
    }
    throw new Error(`There is no page of ${host}.`)
  }

  /** As its menu does. */
  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const session = await this.browser.newBrowserCDPSession().catch(() => null)
    await session?.send('Browser.close').catch(() => undefined)
    const isOver = await Promise.race([this.ended.then(() => true), wait(ENDS_WITHIN_MS, false)])
    if (!isOver) {
      this.child.kill('SIGKILL')
      throw new Error('Electron does not end.')
    }
  }
}

/** Presses the small window's one button. Its page may be gone before Playwright hears of it. */
export async function closeSmall(page: Page): Promise<void> {
  await page
    .getByRole('button')
    .click()
    .catch((error: unknown) => {
      if (!page.isClosed()) throw error
    })
}

function endOf(child: ChildProcess): Promise<number | null> {
  return once(child, 'exit').then(([code]) => code as number | null)
}

/**
 * Kills the engine's process of the program that has this profile, as a hostile image might.
 * @throws where the system has no list of processes that can be read (only Linux has)
 */
export async function killEngineOf(profile: string): Promise<void> {
  // Every process of Electron's is told where the profile is; the folder's parent has a name that nothing else has.
  const own = basename(join(profile, '..'))
  let killed = 0
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const words = await readFile(`/proc/${name}/cmdline`, 'latin1').catch(() => '')
    if (!words.includes('node.mojom.NodeService') || !words.includes(own)) continue
    process.kill(Number(name), 'SIGKILL')
    killed++
  }
  if (killed === 0) throw new Error('No engine was found to kill.')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
