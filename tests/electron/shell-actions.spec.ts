import { once } from 'node:events'
import { createHash } from 'node:crypto'
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { closeSmall, findElectron, NO_ELECTRON, RunningElectron, spawnElectron } from '../e2e/support/electron'
import { digestsOf } from '../e2e/support/samples'
import { environment, expect, test, type Folders } from '../e2e/support/test'
import { IsoldeWindow } from '../e2e/support/window'
import { buildIso } from '../images/iso-builder'

test.skip(findElectron() === null, NO_ELECTRON)

/** What the file manager does: starts the program with an action, and waits for its end. */
async function runShellAction(folders: Folders, args: string[]): Promise<number | null> {
  const [status] = (await once(spawnElectron(args, environment(folders)), 'exit')) as [number | null]
  return status
}

function launch(folders: Folders, args: string[]): Promise<RunningElectron> {
  return RunningElectron.start(args, environment(folders))
}

/** What is on the discs: no links, which not every system lets everybody make. */
const FILES = { 'READ.ME': Buffer.from('Read me.\n'), 'DOCS/LONG.BIN': Buffer.alloc(3_000_000, 'long ') }
const DIGESTS = Object.fromEntries(
  Object.entries(FILES).map(([name, bytes]) => [join(name), createHash('sha256').update(bytes).digest('hex')]),
)

async function discs(folders: Folders, ...names: string[]): Promise<string[]> {
  const here = join(folders.home, 'Here')
  await mkdir(here)
  const { bytes } = buildIso([
    { name: 'DOCS', children: [{ name: 'LONG.BIN;1', data: FILES['DOCS/LONG.BIN'] }] },
    { name: 'READ.ME;1', data: FILES['READ.ME'] },
  ])
  for (const name of names) await writeFile(join(here, name), bytes)
  return names.map((name) => join(here, name))
}

test('Extract Here writes what is on the disc beside the image, and the program ends', async ({ folders }) => {
  const [image = ''] = await discs(folders, 'disc.iso')
  expect(await runShellAction(folders, ['--extract-here', image])).toBe(0)
  expect(await digestsOf(join(folders.home, 'Here', 'disc'))).toEqual(DIGESTS)
  expect((await readdir(join(folders.home, 'Here'))).sort()).toEqual(['disc', 'disc.iso'])
})

test('actions for several images at once become one queue', async ({ folders }) => {
  const images = await discs(folders, 'a.iso', 'b.iso', 'c.iso')
  const ends = await Promise.all(images.map((image) => runShellAction(folders, ['--extract-here', image])))
  expect(ends).toEqual([0, 0, 0])
  // The first start does the work of all; it ends when all of them are there.
  for (const name of ['a', 'b', 'c']) expect((await stat(join(folders.home, 'Here', name))).isDirectory()).toBe(true)
})

test('an action that fails ends with a status that says so, once it was read', async ({ folders }) => {
  const broken = join(folders.home, 'broken.iso')
  await writeFile(broken, 'no disc')
  const app = await launch(folders, ['--extract-here', broken])
  const page = await app.page('verbs')
  await expect(page.getByRole('status')).toContainText('broken.iso')
  await closeSmall(page)
  expect(await app.ended).toBe(1)
})

test('a check stays to be read, and closes when it was', async ({ folders }) => {
  const [image = ''] = await discs(folders, 'disc.iso')
  const app = await launch(folders, ['--verify', image])
  const page = await app.page('verbs')
  await expect(page.getByRole('status')).toContainText('has no checksums')
  await closeSmall(page)
  expect(await app.ended).toBe(0)
})

test('a second start hands its image to the first and ends', async ({ folders }) => {
  const [image = ''] = await discs(folders, 'disc.iso')
  const app = await launch(folders, [])
  const window = new IsoldeWindow(await app.page())
  await window.isReady()
  expect(await runShellAction(folders, [image])).toBe(0)
  await expect(window.active.getByRole('tab', { name: 'disc.iso' })).toBeVisible()
  expect(app.pages).toHaveLength(1)
  await app.close()
})

test('an action given while the window is open is done there', async ({ folders }) => {
  const [image = ''] = await discs(folders, 'disc.iso')
  const app = await launch(folders, [])
  const window = new IsoldeWindow(await app.page())
  await window.isReady()
  expect(await runShellAction(folders, ['--extract-here', image])).toBe(0)
  await expect(window.toasts).toContainText('Extracted 2 files')
  expect((await stat(join(folders.home, 'Here', 'disc'))).isDirectory()).toBe(true)
  await app.close()
})

test('the page has no way out of its sandbox', async ({ folders }) => {
  const app = await launch(folders, [])
  const page = await app.page()
  await new IsoldeWindow(page).isReady()
  expect(
    await page.evaluate(() => [typeof Reflect.get(globalThis, 'require'), typeof Reflect.get(globalThis, 'process')]),
  ).toEqual(['undefined', 'undefined'])
  await page.evaluate(() => window.open('https://example.org'))
  await page.evaluate(() => {
    location.href = 'https://example.org'
  })
  // Asked of the page itself: for Playwright the navigation that was refused is one that never ends.
  expect(await page.evaluate(() => location.href)).toBe('app://isolde/index.html')
  expect(await page.evaluate(() => document.querySelector('[data-pane=left]') !== null)).toBe(true)
  expect(app.pages).toHaveLength(1)
  await app.close()
})
