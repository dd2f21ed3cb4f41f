import { fork } from 'node:child_process'
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Supervisor, type ChildMessage } from '../../../src-main/engine'
import { createEngineClient } from '../../../src-main/host/engine-client'
import { startWebHost } from '../../../src-main/web'
import type { Settings } from '../../../src-shared/contract'
import { crossBridge } from '../fake/context-bridge'
import { SAMPLE, writeSampleFiles } from '../support/samples'
import { environment, expect, ROOT, test as base } from '../support/test'
import { IsoldeWindow } from '../support/window'

/** What the page asked of the desktop, in order. */
type Asked = [service: string, ...details: unknown[]][]

/** The window as on a desktop, in a browser: its services are noted instead of done; the engine is the real one. */
const test = base.extend<{
  asked: Asked
  desktop: IsoldeWindow
  change: (changes: Partial<Settings>) => Promise<void>
  /** Names of images that another start asks for while the window loads. */
  asksEarly: string[]
  /** Whether the engine can use the trash: it can on Linux. */
  hasTrash: boolean
}>({
  asksEarly: [[], { option: true }],
  hasTrash: [true, { option: true }],
  asked: async ({}, use) => {
    await use([])
  },
  context: async ({ theBrowser, contextOptions }, use, testInfo) => {
    testInfo.annotations.push({ type: 'host', description: 'web' })
    const context = await theBrowser.newContext({ ...contextOptions, locale: 'en-GB' })
    await use(context)
    await context.close()
  },
  desktop: async ({ page, folders, asked, change }, use) => {
    // The page is there once its way to change settings is.
    expect(change).toBeDefined()
    await page.exposeFunction('askDesktop', (...call: Asked[number]) => {
      asked.push(call)
      return call[0] === 'changeFileManagerActions' ? [join(folders.home, 'scripts', 'Extract Here')] : null
    })
    const app = new IsoldeWindow(page)
    await app.isReady()
    await use(app)
  },
  change: async ({ page, folders, asksEarly, hasTrash }, use) => {
    const supervisor = new Supervisor({
      engine: { home: folders.profile, host: 'desktop', version: '0', openAtStart: [SAMPLE] },
      spawn: () => {
        const child = fork(join(ROOT, 'dist/main/engine.js'), [], {
          serialization: 'advanced',
          execArgv: [],
          env: environment(folders),
        })
        return {
          post: (message) => {
            if (child.connected) child.send(message)
          },
          onMessage: (listener) => void child.on('message', (message) => listener(message as ChildMessage)),
          onExit: (listener) => void child.once('exit', (code) => listener(`exit ${code ?? 0}`)),
          kill: () => void child.kill('SIGKILL'),
        }
      },
    })
    await supervisor.start()
    const host = await startWebHost({ port: 0, distFolder: join(ROOT, 'dist/renderer'), engine: supervisor })
    // The page's line, as the preload script gives it.
    const waiting: unknown[] = []
    const client = supervisor.openClient((message) => waiting.push(message))
    await page.exposeFunction('postToEngine', (message: unknown) => {
      supervisor.post(client, message)
    })
    await page.exposeFunction('takeFromEngine', () => waiting.splice(0))
    // A page hands over what the real bridge takes, or hears the same error.
    await page.addInitScript({ content: `window.crossBridge = ${crossBridge.toString()}` })
    await page.addInitScript((hasTrash) => {
      const outside = window as unknown as Record<string, (...values: unknown[]) => Promise<unknown>>
      const { crossBridge } = window as unknown as { crossBridge: <Value>(value: Value) => Value }
      const ask =
        (service: string) =>
        (...details: unknown[]) =>
          outside.askDesktop!(service, ...crossBridge(details))
      const services = ['startDrag', 'changeFileManagerActions', 'setProgress', 'notify', 'setTitle', 'reveal']
      services.push('moveToTrash')
      const asIfElsewhere = (message: unknown): unknown => {
        const { value } = (message as { result?: { value?: unknown } }).result ?? {}
        if (!hasTrash && typeof value === 'object' && value !== null && 'hasTrash' in value) value.hasTrash = false
        return message
      }
      Object.defineProperty(window, 'isolde', {
        value: {
          host: 'desktop',
          post: (message: unknown) => outside.postToEngine!(crossBridge(message)),
          listen: (listener: (message: unknown) => void) => {
            const take = async (): Promise<void> => {
              for (const message of (await outside.takeFromEngine!()) as unknown[]) listener(asIfElsewhere(message))
              setTimeout(() => void take(), 20)
            }
            void take()
          },
          desktop: {
            ...Object.fromEntries(services.map((service) => [service, ask(service)])),
            pathForFile: () => '',
          },
        },
      })
    }, hasTrash)
    for (const name of asksEarly) {
      await copyFile(SAMPLE, join(folders.home, name))
      supervisor.requestOpen([join(folders.home, name)])
    }
    await page.goto(host.address)
    const own = createEngineClient(supervisor)
    await use(async (changes) => {
      await own.call('settings.set', { changes })
    })
    await host.close()
    await supervisor.close()
  },
})

const drags = (asked: Asked): string[][] =>
  asked.filter(([service]) => service === 'startDrag').map(([, paths]) => paths as string[])

/** Holds a row's name down, as a drag begins. */
async function hold(app: IsoldeWindow, name: string): Promise<void> {
  const label = app.right.row(name).locator('.label')
  await label.hover()
  await app.page.mouse.down()
}

async function drag(app: IsoldeWindow, name: string): Promise<void> {
  const dataTransfer = await app.page.evaluateHandle(() => new DataTransfer())
  await app.right.row(name).locator('.label').dispatchEvent('dragstart', { dataTransfer })
}

async function letGoOutside(app: IsoldeWindow, name: string): Promise<void> {
  const dataTransfer = await app.page.evaluateHandle(() => new DataTransfer())
  const outside = { dataTransfer, clientX: -20, clientY: 40 }
  await app.right.row(name).locator('.label').dispatchEvent('dragend', outside)
  await app.page.mouse.up()
}

test('what is held down is copied first, and then dragged out by the system', async ({
  desktop: app,
  asked,
  folders,
}) => {
  await writeSampleFiles(join(folders.home, 'Source'))
  await hold(app, 'Welcome.txt')
  await expect
    .poll(async () => {
      await drag(app, 'Welcome.txt')
      return drags(asked).length
    })
    .toBeGreaterThan(0)
  await app.page.mouse.up()
  const [file = ''] = drags(asked)[0] ?? []
  expect(basename(file)).toBe('Welcome.txt')
  expect(await readFile(file)).toEqual(await readFile(join(folders.home, 'Source', 'Welcome.txt')))
})

test('what is too large to drag out is said, with the limit of the settings', async ({
  desktop: app,
  asked,
  change,
}) => {
  await change({ stageDragByteLimit: 10 })
  await hold(app, 'Welcome.txt')
  await drag(app, 'Welcome.txt')
  await expect(async () => {
    await letGoOutside(app, 'Welcome.txt')
    await expect(app.toasts.last()).toContainText('Too large to drag out: the limit is 10 B.', { timeout: 500 })
  }).toPass()
  expect(drags(asked)).toEqual([])
})

test('the settings have the limit, and put the file manager’s actions there', async ({ desktop: app, asked }) => {
  await app.press('Control+,')
  await app.dialog.getByLabel('Largest selection to drag out').selectOption({ index: 0 })
  await app.dialog.getByRole('button', { name: 'Install' }).click()
  await expect(app.dialog.getByRole('status').filter({ hasText: 'Installed in' })).toContainText('scripts')
  await app.dialog.getByRole('button', { name: 'Remove' }).click()
  await expect(app.dialog.getByRole('status').filter({ hasText: 'Removed.' })).toBeVisible()
  expect(asked.filter(([service]) => service === 'changeFileManagerActions')).toEqual([
    ['changeFileManagerActions', 'install'],
    ['changeFileManagerActions', 'remove'],
  ])
})

test('what is moved to the trash comes back by “Undo”', async ({ desktop: app, folders }) => {
  test.skip(process.platform !== 'linux', 'Elsewhere the system’s own trash says nothing of where things are.')
  const folder = join(folders.home, 'Letters')
  await mkdir(folder)
  for (const name of ['one.txt', 'two.txt']) await writeFile(join(folder, name), name)
  await app.left.typePath(folder)
  await app.left.row('one.txt').click()
  await app.press('Control+a')
  await app.press('Delete')
  await app.dialog.getByRole('button', { name: 'Move to trash' }).click()
  await expect(app.toasts).toContainText('2 items moved to the trash')
  await expect(app.left.row('one.txt')).toHaveCount(0)
  expect(await readdir(folder)).toEqual([])
  expect((await readdir(join(folders.home, '.local/share/Trash/files'))).sort()).toEqual(['one.txt', 'two.txt'])
  // Something has one of the names by now.
  await writeFile(join(folder, 'two.txt'), 'newer')
  await app.toasts.getByRole('button', { name: 'Undo' }).click()
  await expect(app.toasts.last()).toContainText('2 items restored')
  await expect(app.toasts.last()).toContainText('two (2).txt')
  await expect(app.left.row('one.txt')).toBeVisible()
  expect(await readFile(join(folder, 'one.txt'), 'utf8')).toBe('one.txt')
  expect(await readFile(join(folder, 'two.txt'), 'utf8')).toBe('newer')
  expect(await readFile(join(folder, 'two (2).txt'), 'utf8')).toBe('two.txt')
})

test.describe('where the system’s own trash is used', () => {
  test.use({ hasTrash: false })

  test('what it took is said to come back from there only', async ({ desktop: app, asked, folders }) => {
    const file = join(folders.home, 'letter.txt')
    await writeFile(file, 'x')
    await app.left.typePath(folders.home)
    await app.left.row('letter.txt').click()
    await app.press('Delete')
    await app.dialog.getByRole('button', { name: 'Move to trash' }).click()
    await expect(app.toasts).toContainText('restore from the system’s trash')
    await expect(app.toasts.getByRole('button', { name: 'Undo' })).toHaveCount(0)
    expect(asked.filter(([service]) => service === 'moveToTrash')).toEqual([['moveToTrash', file]])
  })
})

test.describe('another start, while the window loads', () => {
  test.use({ asksEarly: ['second.iso'] })

  test('has its image open once the window is as it was', async ({ desktop: app }) => {
    await expect(app.page.getByRole('tab', { name: 'sample.iso' })).toBeVisible()
    await expect(app.page.getByRole('tab', { name: 'second.iso' })).toBeVisible()
  })
})
