import { chromium, test as base, type Browser, type BrowserContext, type Page } from '@playwright/test'
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startWebHost } from '../../../src-main/web'
import { FakeEngine } from '../fake/fake-engine'
import { findBrowser, LAUNCH_FLAGS } from './browser'
import { expectClean } from './axe'
import { IsoldeWindow } from './window'

/** A test of the window alone: the engine behind it is a stand-in that can be told what to say. */
export const test = base.extend<
  { engine: FakeEngine; home: string; context: BrowserContext; page: Page; app: IsoldeWindow },
  { theBrowser: Browser }
>({
  theBrowser: [
    async ({}, use) => {
      const browser = await chromium.launch({ executablePath: findBrowser(), args: LAUNCH_FLAGS })
      await use(browser)
      await browser.close()
    },
    { scope: 'worker' },
  ],
  home: async ({}, use) => {
    const home = await mkdtemp(join(tmpdir(), 'isolde-home-'))
    await fill(home)
    await use(home)
    await rm(home, { recursive: true, force: true })
  },
  engine: async ({ home }, use) => {
    await use(new FakeEngine(home))
  },
  context: async ({ theBrowser, contextOptions, colorScheme, viewport }, use, testInfo) => {
    testInfo.annotations.push({ type: 'host', description: 'web' })
    const context = await theBrowser.newContext({
      ...contextOptions,
      locale: 'en-GB',
      timezoneId: 'UTC',
      colorScheme: colorScheme ?? 'light',
      viewport: viewport ?? { width: 1280, height: 800 },
    })
    await use(context)
    await context.close()
  },
  page: async ({ context }, use) => {
    await use(await context.newPage())
  },
  app: async ({ page, engine }, use, testInfo) => {
    const distFolder = join(import.meta.dirname, '../../../dist/renderer')
    const host = await startWebHost({ port: 0, distFolder, engine })
    let isRunning = true
    const stop = async (): Promise<void> => {
      if (isRunning) await host.close()
      isRunning = false
    }
    const app = new IsoldeWindow(page, stop)
    await page.goto(host.address)
    await app.isReady()
    await use(app)
    await expectClean(page, testInfo)
    await stop()
  },
})

export { expect } from '@playwright/test'

const FILES: [string, number][] = [
  ['debian-12.1.0-amd64-netinst.iso', 658_505],
  ['openSUSE-Leap-15.6-DVD-x86_64.iso', 4_480_000],
  ['Encarta 97.bin', 702_000],
  ['Encarta 97.cue', 84],
  ['invoice-2026-03.pdf', 84_221],
  ['notes.txt', 2_140],
  ['holiday.jpg', 3_812_940],
]

async function fill(home: string): Promise<void> {
  for (const folder of ['Old discs', 'Extracted', 'Photos']) await mkdir(join(home, folder))
  for (const [index, [name, byteLength]] of FILES.entries()) {
    await writeFile(join(home, name), Buffer.alloc(byteLength))
    const time = new Date(Date.now() - index * index * 90_000_000)
    await utimes(join(home, name), time, time)
  }
}
