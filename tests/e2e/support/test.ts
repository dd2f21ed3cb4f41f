import { chromium, expect, test as base, type Browser, type Page } from '@playwright/test'
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { findBrowser, LAUNCH_FLAGS } from './browser'
import { expectClean } from './axe'
import { findElectron, killEngineOf, NO_ELECTRON, RunningElectron } from './electron'
import { IsoldeWindow } from './window'

export const ROOT = join(import.meta.dirname, '../../..')

export interface Folders {
  /** The person's home folder. */
  home: string
  downloads: string
  /** Settings and catalog. */
  profile: string
  /** What the program takes for the system's temporary folder. */
  temporary: string
}

interface StartOptions {
  images?: string[]
}

/** Starts the program in a profile; again after it was ended, to see what it remembers. */
export type Start = (options?: StartOptions) => Promise<IsoldeWindow>

interface Fixtures {
  folders: Folders
  start: Start
  /** The program, started without anything to open. */
  app: IsoldeWindow
  /** Kills the engine under the window, as a hostile image might. */
  killEngine: () => Promise<void>
  /** Ends what `start` started, as a person would. */
  end: () => Promise<void>
}

interface Running {
  page: Page
  pid: number | undefined
  close(): Promise<void>
}

/**
 * Drives the real program: its own profile folder each time, the window in a browser or on the desktop. Nothing sleeps
 * and nothing leaves this computer.
 */
export const test = base.extend<Fixtures & { running: Running[] }, { theBrowser: Browser }>({
  theBrowser: [
    async ({}, use, workerInfo) => {
      // Electron has its own.
      if (workerInfo.project.name === 'desktop') return use(undefined as never)
      const browser = await chromium.launch({ executablePath: findBrowser(), args: LAUNCH_FLAGS })
      await use(browser)
      await browser.close()
    },
    { scope: 'worker' },
  ],
  folders: async ({}, use) => {
    const root = await mkdtemp(join(tmpdir(), 'isolde-e2e-'))
    const folders = {
      home: join(root, 'home'),
      downloads: join(root, 'home', 'Downloads'),
      profile: join(root, 'profile'),
      temporary: join(root, 'temporary'),
    }
    for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true })
    await use(folders)
    await rm(root, { recursive: true, force: true })
  },
  running: async ({}, use) => {
    const running: Running[] = []
    await use(running)
    for (const one of running) await one.close()
  },
  start: async ({ folders, running, theBrowser, contextOptions, colorScheme, viewport }, use, testInfo) => {
    const isDesktop = testInfo.project.name === 'desktop'
    testInfo.skip(isDesktop && findElectron() === null, NO_ELECTRON)
    testInfo.annotations.push({ type: 'host', description: isDesktop ? 'desktop' : 'web' })
    await use(async ({ images = [] } = {}) => {
      const started = isDesktop
        ? await startDesktop(folders, images)
        : await startWeb(folders, images, () =>
            theBrowser.newContext({
              ...contextOptions,
              locale: 'en-GB',
              timezoneId: 'UTC',
              colorScheme: colorScheme ?? 'light',
              viewport: viewport ?? { width: 1280, height: 800 },
              acceptDownloads: true,
            }),
          )
      running.push(started)
      const app = new IsoldeWindow(started.page, undefined, isDesktop)
      await app.isReady()
      return app
    })
    for (const { page } of running) await expectClean(page, testInfo)
  },
  app: async ({ start }, use) => {
    await use(await start())
  },
  killEngine: async ({ folders, running }, use, testInfo) => {
    await use(async () => {
      if (testInfo.project.name === 'desktop') return killEngineOf(folders.profile)
      const pid = running.at(-1)?.pid
      const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
      for (const child of children.split(' ').filter(Boolean)) process.kill(Number(child), 'SIGKILL')
    })
  },
  end: async ({ running }, use) => {
    await use(async () => {
      for (const one of running.splice(0)) await one.close()
    })
  },
})

export { expect }

/** The list of files that stand for drives, one path a line. */
export function drivesFile(folders: Folders): string {
  return join(folders.profile, 'drives-for-tests.txt')
}

/** Waits until a tab of an image and the names in it would be there at another start: one of them is `name`. */
export async function waitForMemoryOf(folders: Folders, image: string, name: string): Promise<void> {
  const settings = join(folders.profile, 'settings.json')
  const find = [join(ROOT, 'bin/isolde.mjs'), 'search', name, '--image', image]
  const isFound = (): Promise<boolean> =>
    promisify(execFile)(process.execPath, find, { env: environment(folders) }).then(
      ({ stdout }) => stdout.includes(name),
      () => false,
    )
  await expect.poll(() => readFile(settings, 'utf8').catch(() => '')).toContain(JSON.stringify(image))
  await expect.poll(isFound).toBe(true)
}

/** What the program is started with: nothing of the person's own. */
export function environment(folders: Folders): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (pair): pair is [string, string] => pair[0] !== 'ELECTRON_RUN_AS_NODE' && pair[1] !== undefined,
  )
  return {
    ...Object.fromEntries(inherited),
    HOME: folders.home,
    USERPROFILE: folders.home,
    ISOLDE_HOME: folders.profile,
    ISOLDE_DRIVES: drivesFile(folders),
    TMPDIR: folders.temporary,
    TEMP: folders.temporary,
    TMP: folders.temporary,
    XDG_CONFIG_HOME: join(folders.home, '.config'),
    XDG_DATA_HOME: join(folders.home, '.local', 'share'),
    TZ: 'UTC',
  }
}

async function startWeb(
  folders: Folders,
  images: string[],
  newContext: () => ReturnType<Browser['newContext']>,
): Promise<Running> {
  const program = join(ROOT, 'bin/isolde.mjs')
  const child = spawn(process.execPath, [program, 'serve', '--no-open', '--port', '0', ...images], {
    env: environment(folders),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const address = await firstLine(child)
  const context = await newContext()
  const page = await context.newPage()
  await page.goto(address)
  return {
    page,
    pid: child.pid,
    async close() {
      // As a person leaves: the page is told, and says what is to be remembered. A context that is closed tells it nothing.
      await page.goto('about:blank').catch(() => undefined)
      await context.close()
      child.kill('SIGTERM')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The program has no output.')
  for await (const line of createInterface({ input: child.stdout })) return line
  throw new Error('The program ended without printing an address.')
}

async function startDesktop(folders: Folders, images: string[]): Promise<Running> {
  const app = await RunningElectron.start(images, environment(folders))
  return { page: await app.page(), pid: app.child.pid, close: () => app.close() }
}
